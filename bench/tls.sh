#!/usr/bin/env bash
# TLS of Turnout, with BoringSSL and with the engine of the Java virtual machine, beside nginx and HAProxy: CPU time per
# request and per handshake, cold and warm, and memory of idle clients. Prints Markdown tables of ratios.
set -eu

rounds=5
seconds=3
handshakes=3000
idle=5000
warmup=60
cells="get:1024:32 get:65536:32"
usage() {
    cat <<EOF
usage: bench/tls.sh [--rounds N] [--seconds N] [--handshakes N] [--idle N] [--warmup N]
  --rounds N      rounds, each of which measures every proxy in every cell ($rounds)
  --seconds N     how long requests are measured ($seconds)
  --handshakes N  how many handshakes are measured, and how many count as cold ($handshakes)
  --idle N        how many idle clients each proxy has ($idle)
  --warmup N      how many seconds of full handshakes each Turnout has before its warm ones are measured ($warmup)
Environment: TURNOUT_BINARY, else what the build has made in target/turnout
EOF
}
# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"
take_options "rounds seconds handshakes idle warmup" "$@"
[ ${#operands[@]} = 0 ] || { usage >&2; exit 2; }

need nginx nginx
need haproxy haproxy
need wrk wrk
need taskset util-linux
need openssl openssl
need cc gcc
PATH=$PATH:/usr/sbin
TURNOUT_BINARY=${TURNOUT_BINARY:-$root/target/turnout/turnout}
need_built "$TURNOUT_BINARY"
compile_clients

# Both kinds of certificate for one name; the client says which one it takes.
certificate ec ec ec_paramgen_curve:P-256
certificate rsa rsa:2048
ec=$work/certificates/ec.pem
rsa=$work/certificates/rsa.pem
nginx_tls=" ssl; ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:@NAME@:4m"
for file in "$ec" "$rsa"; do nginx_tls="$nginx_tls; ssl_certificate $file; ssl_certificate_key $file"; done

scheme=https
declare -A plain main

# start NAME: starts a proxy, which then has a port for TLS.
start() {
    local secure
    case $1 in
        boringssl | jdk)
            secure=$(free_port)
            start_turnout "$1" -Dturnout.access-log=off "-Dturnout.tls.engine=$1" "-Dturnout.tls.port=$secure" \
                "-Dturnout.tls.directory=$work/certificates"
            plain[$1]=${port[$1]}
            port[$1]=$secure ;;
        nginx) tls=${nginx_tls/@NAME@/$1} start_nginx "$1" nginx-tuned.conf off "" ;;
        large)
            tls=${nginx_tls/@NAME@/$1} start_nginx "$1" nginx-tuned.conf off \
                "proxy_buffers 8 64k; proxy_buffer_size 64k;" ;;
        haproxy) tls=" ssl crt $ec crt $rsa" start_haproxy "$1" "" "" ;;
    esac
    main[$1]=$last
}

# requests ROUND NAME CELL: measures requests over connections that stay.
requests() {
    local before ticks count failed
    before=$(cpu_ticks "${pid[$2]}")
    OPENSSL_CONF=$here/conf/client-openssl.cnf load "$2" "$3" "$seconds" >"$work/wrk.out"
    ticks=$(($(cpu_ticks "${pid[$2]}") - before))
    count=$(awk '/requests in/ { print $1 }' "$work/wrk.out")
    failed=$(awk '/Non-2xx/ { n += $NF } /Socket errors/ { gsub(",", ""); n += $4 + $6 + $8 + $10 } END { print n + 0 }' "$work/wrk.out")
    note "$1" "$2" "$3" "$ticks" "$count" "$failed"
}

# shakes ROUND NAME CELL full|resumed ec|rsa: measures handshakes, each with one request.
shakes() {
    local before ticks line
    before=$(cpu_ticks "${pid[$2]}")
    line=$(taskset -c "$load_cpu" "$work/clients" handshakes "${port[$2]}" "$handshakes" 4 "$4" "$5")
    ticks=$(($(cpu_ticks "${pid[$2]}") - before))
    read -r _ made _ resumed _ failed _ <<<"$line"
    # A full one that was resumed, or a resumed one that was full, is not what is measured: the first of each client.
    [ "$4" = full ] || [ "$resumed" -ge $((made - 4)) ] || failed=$((failed + made - resumed))
    note "$1" "$2" "$3" "$ticks" "$made" "$failed"
}

start_backend
proxies=(boringssl jdk nginx large haproxy)
shakers=(boringssl jdk nginx haproxy)

for round in $(seq "$rounds"); do
    echo "bench: round $round of $rounds, the first $handshakes handshakes after a start" >&2
    for offset in "${!shakers[@]}"; do
        name=${shakers[(round + offset) % ${#shakers[@]}]}
        start "$name"
        shakes "$round" "$name" cold-full-ec full ec
        stop "${main[$name]}"
    done
done

for name in "${proxies[@]}"; do start "$name"; done
echo "bench: warming up" >&2
for name in boringssl jdk; do
    timeout "$warmup" taskset -c "$load_cpu" "$work/clients" handshakes "${port[$name]}" 10000000 4 full ec || true
    timeout $((warmup / 3)) taskset -c "$load_cpu" "$work/clients" handshakes "${port[$name]}" 10000000 4 full rsa || true
    timeout $((warmup / 3)) taskset -c "$load_cpu" "$work/clients" handshakes "${port[$name]}" 10000000 4 resumed ec || true
    for _ in 1 2 3 4; do
        for cell in $cells; do OPENSSL_CONF=$here/conf/client-openssl.cnf load "$name" "$cell" 2 >/dev/null; done
    done
done
for round in $(seq "$rounds"); do
    echo "bench: round $round of $rounds, warm" >&2
    for cell in $cells full:ec full:rsa resumed:ec; do
        for offset in "${!proxies[@]}"; do
            name=${proxies[(round + offset) % ${#proxies[@]}]}
            case $cell in
                get:*) requests "$round" "$name" "$cell" ;;
                *) [ "$name" = large ] || shakes "$round" "$name" "$cell" "${cell%:*}" "${cell#*:}" ;;
            esac
        done
    done
done
for name in "${proxies[@]}"; do stop "${main[$name]}"; done

machine
echo "$(peers), $(openssl version | cut -d' ' -f1,2); $rounds rounds"
echo
awk -v cells="$cells cold-full-ec full:ec full:rsa resumed:ec" "$ratios"'
    END {
        n = split(cells, cell, " ")
        print "CPU time per request or handshake, Turnout / other: median (lowest-highest of the rounds)\n"
        print "| cell | BoringSSL vs better nginx | vs HAProxy | JDK engine vs better nginx | vs HAProxy | BoringSSL, µs | JDK engine, µs |"
        print "| --- | --- | --- | --- | --- | --- | --- |"
        for (c = 1; c <= n; c++) {
            large = median("large", cell[c])
            best = large && large < median("nginx", cell[c]) ? "large" : "nginx"
            printf "| %s |", cell[c]
            for (e = 1; e <= 2; e++) {
                name = e == 1 ? "boringssl" : "jdk"
                printf " %s | %s |", ratio(name, best, cell[c]), ratio(name, "haproxy", cell[c])
            }
            printf " %.1f | %.1f |\n", median("boringssl", cell[c]), median("jdk", cell[c])
        }
        print "\nFailed:"
        for (name in failed) print name, failed[name]
    }
' "$work/results"
echo
idle_heading "$idle"
for name in boringssl jdk nginx haproxy; do
    start "$name"
    idle_row "$name" tls "${port[$name]}" "$idle"
    stop "${main[$name]}"
done
start boringssl
idle_row boringssl plain "${plain[boringssl]}" "$idle"
stop "${main[boringssl]}"

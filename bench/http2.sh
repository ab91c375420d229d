#!/usr/bin/env bash
# HTTP/2 of Turnout beside nginx and HAProxy, with HTTP/1.1 to the application: CPU time per request by TLS and plain, in
# interleaved rounds on one core, and memory of idle clients. Prints Markdown tables of ratios.
set -eu

rounds=5
seconds=3
idle=1000
warm=200000
cells="h2:1024:1:32 h2:1024:32:10 h2:65536:1:32 h2c:1024:1:32 h2c:1024:32:10 h2c:65536:1:32"
others="nginx large haproxy"
usage() {
    cat <<EOT
usage: bench/http2.sh [--rounds N] [--seconds N] [--warm N] [--idle N] [--cells "h2|h2c:BYTES:CONNECTIONS:STREAMS ..."] [--others "NAME ..."]
  --rounds N     rounds, each of which measures every proxy in every cell ($rounds)
  --seconds N    how long each measurement takes ($seconds)
  --warm N       how many requests Turnout answers in every cell before anything is measured, until it is compiled ($warm)
  --idle N       how many idle clients each proxy has ($idle)
  --cells ...    what is measured: by TLS or with prior knowledge, bytes of an answer, connections, streams of each ($cells)
  --others ...   beside whom ($others); nothing: Turnout alone
Environment: TURNOUT_BINARY, else what the build has made in target/turnout
EOT
}
# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"
take_options "rounds seconds warm idle cells others" "$@"
[ ${#operands[@]} = 0 ] || { usage >&2; exit 2; }

need nginx nginx
need haproxy haproxy
need h2load nghttp2-client
need taskset util-linux
need openssl openssl
need cc gcc
PATH=$PATH:/usr/sbin
TURNOUT_BINARY=${TURNOUT_BINARY:-$root/target/turnout/turnout}
need_built "$TURNOUT_BINARY"
compile_clients
certificate ec ec ec_paramgen_curve:P-256
pem=$work/certificates/ec.pem

declare -A main

# start NAME: starts a proxy, which then has a port for TLS and one for plain connections.
start() {
    secure[$1]=$(free_port)
    local more="listen 127.0.0.1:${secure[$1]} backlog=4096 ssl http2; ssl_protocols TLSv1.3"
    more=" http2; $more; ssl_certificate $pem; ssl_certificate_key $pem"
    case $1 in
        turnout)
            start_turnout "$1" -Dturnout.access-log=off "-Dturnout.tls.port=${secure[$1]}" \
                "-Dturnout.tls.directory=$work/certificates" ;;
        nginx) tls=$more start_nginx "$1" nginx-tuned.conf off "" ;;
        large) tls=$more start_nginx "$1" nginx-tuned.conf off "proxy_buffers 8 64k; proxy_buffer_size 64k;" ;;
        haproxy) tls="\\n    bind 127.0.0.1:${secure[$1]} ssl crt $pem alpn h2,http/1.1" start_haproxy "$1" "" "" ;;
    esac
    main[$1]=$last
    await_port "${secure[$1]}"
}

# measure ROUND NAME CELL
measure() {
    local before micros loops=0
    [ "$2" != turnout ] || loops=$(loops_micros "${pid[$2]}")
    before=$(cpu_ticks "${pid[$2]}")
    streams "$2" "$3" "$seconds" -D "$seconds" >"$work/h2load.out" || true
    micros=$((($(cpu_ticks "${pid[$2]}") - before) * 10000))
    [ "$2" != turnout ] || loops=$(($(loops_micros "${pid[$2]}") - loops))
    read -r count failed < <(answered)
    # A round that h2load has not ended is left out.
    [ "$count" -gt 0 ] || { echo "bench: no figures of $2 in $3, round $1" >&2; cat "$work/h2load.out" >&2; return 0; }
    per_request "$1" "$2" "$3" "$micros" "$count" "$failed"
    # Without the threads that compile and collect garbage: what they use is per second, not per request.
    [ "$2" != turnout ] || per_request "$1" loops "$3" "$loops" "$count" 0
}

# per_request ROUND NAME CELL MICROS COUNT FAILED: appends "round name cell cpu-microseconds failed" to the results.
per_request() {
    echo "$1 $2 $3 $(awk -v micros="$4" -v count="$5" 'BEGIN { printf "%.3f", micros / count }') $6" >>"$work/results"
}

start_backend
# shellcheck disable=SC2206
proxies=(turnout $others)
for name in "${proxies[@]}"; do start "$name"; done
echo "bench: warming up" >&2
for cell in $cells; do streams turnout "$cell" 120 -n "$warm" >/dev/null || true; done
for round in $(seq "$rounds"); do
    echo "bench: round $round of $rounds" >&2
    for cell in $cells; do
        for offset in "${!proxies[@]}"; do
            measure "$round" "${proxies[(round + offset) % ${#proxies[@]}]}" "$cell"
        done
    done
done
for name in "${proxies[@]}"; do stop "${main[$name]}"; done

machine
echo "$(peers), $(h2load --version); $rounds rounds of $seconds s"
echo
awk -v cells="$cells" "$ratios"'
    END {
        n = split(cells, cell, " ")
        print "CPU time per request, Turnout / other: median (lowest-highest of the rounds)\n"
        print "| cell | vs better nginx | vs HAProxy | its event loops vs better nginx | vs HAProxy | Turnout, its loops, better nginx, HAProxy: µs |"
        print "| --- | --- | --- | --- | --- | --- |"
        for (c = 1; c <= n; c++) {
            large = median("large", cell[c])
            best = large && large < median("nginx", cell[c]) ? "large" : "nginx"
            printf "| %s | %s | %s | %s | %s | %.1f, %.1f, %.1f, %.1f |\n", cell[c], ratio("turnout", best, cell[c]),
                ratio("turnout", "haproxy", cell[c]), ratio("loops", best, cell[c]), ratio("loops", "haproxy", cell[c]),
                median("turnout", cell[c]), median("loops", cell[c]), median(best, cell[c]), median("haproxy", cell[c])
        }
        print "\nFailed:"
        for (name in failed) print name, failed[name]
    }
' "$work/results"
echo
idle_heading "$idle"
for name in "${proxies[@]}"; do
    [ "$name" != large ] || continue
    for kind in h2 h2c tls; do
        start "$name"
        at=${secure[$name]}
        [ "$kind" != h2c ] || at=${port[$name]}
        idle_row "$name" "$kind" "$at" "$idle"
        stop "${main[$name]}"
    done
done

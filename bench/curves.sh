#!/usr/bin/env bash
# What a request costs Turnout and nginx, and how much memory they have, as connections, services and targets become more.
# Prints Markdown tables. `bench/curves.sh --help` says how to choose rounds and steps.
set -eu

rounds=3
seconds=2
warmups=8
connections="1 8 64 512 4096"
services="1 10 100 1000"
targets="1 4 16 64"
usage() {
    cat <<EOF
usage: bench/curves.sh [--rounds N] [--seconds N] [--warmups N] [--connections "N ..."] [--services "N ..."] [--targets "N ..."]
  --rounds N         rounds, each of which measures both proxies at every step ($rounds)
  --seconds N        how long each measurement takes ($seconds)
  --warmups N        how many seconds Turnout has at every step before anything is measured ($warmups)
  --connections ...  GET of 1 KB over so many connections ($connections)
  --services ...     hosts that are asked in turn, each a service of its own, over 32 connections ($services)
  --targets ...      targets of the active slot, over 32 connections ($targets)
Environment: TURNOUT_BINARY, TURNOUT_JVM, TURNOUT_JVM_OPTIONS
EOF
}
# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"
take_options "rounds seconds warmups connections services targets" "$@"
[ ${#operands[@]} = 0 ] || { usage >&2; exit 2; }

need nginx nginx
need wrk wrk
need taskset util-linux
PATH=$PATH:/usr/sbin
need_built "${TURNOUT_BINARY:-$root/target/quarkus-app/quarkus-run.jar}"

# asked NAME CONNECTIONS SECONDS: what wrk prints. With SERVICES, their hosts are asked in turn.
asked() {
    local script=()
    [ -z "${SERVICES:-}" ] || script=(-s "$here/conf/hosts.lua")
    taskset -c "$load_cpu" wrk -t1 "-c$2" "-d$3" --timeout 10s "${script[@]}" "http://127.0.0.1:${port[$1]}/1024"
}

# measure STEP CONNECTIONS: both proxies in turn, warm, in every round; appends to the results and to the memory.
measure() {
    local round name before
    for _ in $(seq "$warmups"); do asked turnout "$2" 1 >/dev/null; done
    for round in $(seq "$rounds"); do
        for name in turnout nginx; do
            before=$(cpu_ticks "${pid[$name]}")
            asked "$name" "$2" "$seconds" >"$work/wrk.out"
            read -r count failed < <(awk '
                /requests in/ { n = $1 } /Non-2xx/ { bad += $NF }
                /Socket errors/ { gsub(",", ""); bad += $4 + $6 + $8 + $10 } END { print n + 0, bad + 0 }' "$work/wrk.out")
            [ "$count" -gt 0 ] || { echo "bench: $name answered nothing at $1" >&2; continue; }
            note "$round" "$name" "$1" $(($(cpu_ticks "${pid[$name]}") - before)) "$count" "$failed"
            # Least of the rounds: what a proxy needs, not what has yet to be collected.
            echo "$1 $name $(rss_mib "${pid[$name]}")" >>"$work/memory"
        done
    done
}

# both STEP CONNECTIONS TURNOUT-OPTION...: starts both, measures one step, and ends both.
both() {
    local step=$1 count=$2
    shift 2
    echo "bench: $step" >&2
    start_turnout turnout -Dturnout.access-log=off "$@"
    local first=$last
    port[nginx]=$(free_port)
    sed "s/@AT@/${port[nginx]}/" "$work/nginx.conf" >"$work/at.conf"
    on_cpu "$proxy_cpu" nginx -p "$work" -c "$work/at.conf"
    await_port "${port[nginx]}"
    pid[nginx]=$(worker "$last")
    local second=$last
    measure "$step" "$count"
    stop "$first"
    stop "$second"
}

# For awk: the block of the server in nginx' configuration.
# shellcheck disable=SC2016
block='/^    server \{/ { inside = 1 } inside { text = text $0 "\n"; if (/^    \}/) { inside = 0; put(); text = "" } next } { print }'

start_backend
fill nginx @AT@ off "" nginx-tuned.conf
cp "$work/nginx.conf" "$work/one.conf"
for step in $connections; do both "connections:$step" "$step"; done

export SERVICES
for SERVICES in $services; do
    for one in $(seq "$SERVICES"); do
        printf 'turnout.services."s%d".%s\n' "$one" "hosts=s$one.example" "$one" "blue=127.0.0.1:$backend" \
            "$one" "green=127.0.0.1:$other"
    done >"$work/services.properties"
    awk -v most="$SERVICES" 'function put(  i, one) {
            for (i = 1; i <= most; i++) { one = text; sub(/backlog=4096/, "", one); sub(/\n/, "\n        server_name s" i ".example;\n", one); printf "%s", one }
        }
        /^    upstream/ { print "    server_names_hash_max_size 4096;" }'"$block" "$work/one.conf" >"$work/nginx.conf"
    both "services:$SERVICES" 32 "-Dquarkus.config.locations=$work/services.properties"
done
SERVICES=

for step in $targets; do
    list='' lines=''
    for one in $(seq "$step"); do
        list="$list${list:+,}127.0.1.$one:$backend"
        lines="$lines        server 127.0.1.$one:$backend;\\n"
        listens="${listens:-}        listen 127.0.1.$one:$backend backlog=4096;\\n"
    done
    sed "s|^        server 127.*|$lines|" "$work/one.conf" >"$work/nginx.conf"
    sed "s|^        root files;|$listens&|" "$work/backend.conf" >"$work/many.conf"
    listens=
    sed -i -e 's/pid backend.pid/pid many.pid/' -e "/listen 127.0.0.1/d" "$work/many.conf"
    on_cpu "$load_cpu" nginx -p "$work" -c "$work/many.conf"
    behind=$last
    sleep 0.5
    both "targets:$step" 32 "-Dturnout.blue=$list" "-Dturnout.green=127.0.0.1:$other"
    stop "$behind"
done

machine
if [ -n "${TURNOUT_BINARY:-}" ]; then echo "Turnout native;"; else "$jvm" -version 2>&1 | sed -n '2s/$/;/p'; fi
echo "$(nginx -v 2>&1 | sed 's/.*: //'); $rounds rounds of $seconds s, GET of 1 KB"
echo
steps=
for step in $connections; do steps="$steps connections:$step"; done
for step in $services; do steps="$steps services:$step"; done
for step in $targets; do steps="$steps targets:$step"; done
awk -v steps="$steps" -v memory="$work/memory" "$ratios"'
    END {
        while ((getline line <memory) > 0) { split(line, f, " "); at = f[1] SUBSEP f[2]; if (!(at in rss) || f[3] < rss[at]) rss[at] = f[3] }
        print "| step | CPU time per request, Turnout / nginx | Turnout, nginx: µs | RSS of Turnout, of nginx: MiB |"
        print "| --- | --- | --- | --- |"
        n = split(steps, step, " ")
        for (i = 1; i <= n; i++) printf "| %s | %s | %.1f, %.1f | %d, %d |\n", step[i], ratio("turnout", "nginx", step[i]),
            median("turnout", step[i]), median("nginx", step[i]), rss[step[i], "turnout"], rss[step[i], "nginx"]
        print "\nFailed:"
        for (name in failed) print name, failed[name]
    }
' "$work/results"

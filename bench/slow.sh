#!/usr/bin/env bash
# What a normal client gets while thousands of connections send or read on purpose as slowly as they can: latencies
# before and during slowhttptest's slow headers, slow bodies and slow reads, of Turnout and nginx.
set -eu

count=${1:-2000}
seconds=6

# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"
need nginx nginx
need wrk wrk
need slowhttptest slowhttptest
need ss iproute2
PATH=$PATH:/usr/sbin

start_backend
start_nginx tuned nginx-tuned.conf off ""
start_turnout turnout

# connections NAME: how many clients a proxy has.
connections() {
    ss -Htn state established "sport = :${port[$1]}" | wc -l
}

# normal NAME ATTACK: prints the row of a client that behaves, four connections for some seconds.
normal() {
    local begin
    begin=$(connections "$1")
    taskset -c "$load_cpu" wrk -t1 -c4 -d"${seconds}s" --latency "http://127.0.0.1:${port[$1]}/1024" >"$work/wrk"
    awk -v row="$1 | $2 | $begin | $(connections "$1")" -v rss="$(rss_mib "${pid[$1]}")" '
        $1 == "50%" { p50 = $2 }
        $1 == "99%" { p99 = $2 }
        /requests in/ { requests = $1 }
        /Non-2xx/ { failed += $NF }
        /Socket errors/ { gsub(",", ""); failed += $4 + $6 + $8 + $10 }
        END { print "| " row " | " requests " | " p50 " | " p99 " | " failed + 0 " | " rss " |" }' "$work/wrk"
}

# attack NAME WORDS OPTION...: lets slowhttptest loose, and measures once all of its connections are there.
attack() {
    local name=$1 words=$2
    shift 2
    on_cpu "$load_cpu" slowhttptest -c "$count" -r 1000 -l 60 -p 60 "$@"
    for _ in $(seq 50); do
        [ "$(connections "$name")" -lt "$count" ] || break
        sleep 0.1
    done
    normal "$name" "$words"
    kill "$last" 2>/dev/null || true
    wait "$last" 2>/dev/null || true
    for _ in $(seq 200); do
        [ "$(connections "$name")" -gt 0 ] || break
        sleep 0.1
    done
}

echo "| proxy | attack | connections before | after | requests | p50 | p99 | failed | RSS, MiB |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
for name in turnout tuned; do
    url=http://127.0.0.1:${port[$name]}
    wrk -t1 -c4 -d8s "$url/1024" >/dev/null
    normal "$name" none
    attack "$name" "slow headers" -H -i 5 -x 24 -u "$url/1024"
    attack "$name" "slow bodies" -B -i 5 -x 10 -s 8192 -u "$url/upload"
    attack "$name" "slow reads" -X -w 512 -y 1024 -n 5 -z 32 -u "$url/1048576"
    normal "$name" "none again"
done

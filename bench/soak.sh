#!/usr/bin/env bash
# Millions of requests with a flip every few seconds, beside a service whose application misbehaves in every way. Ends
# with 1 unless everything is as at the start: no failure but of the misbehaving one's, nothing in flight, no socket and
# no buffer lost, memory flat. `bench/soak.sh [REQUESTS [MINUTES]]` stops at whichever comes first;
# TURNOUT_JVM_OPTIONS="... -Dio.netty.leakDetection.level=paranoid" lets Netty look closer.
set -eu

wanted=${1:-10000000}
minutes=${2:-60}
round=20
most_growth=24

# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"
need nginx nginx
need wrk wrk
PATH=$PATH:/usr/sbin

rude=$(free_port)
rude_too=$(free_port)
start_backend
start_turnout turnout -Dturnout.drain.timeout=5s \
    "-Dturnout.services.\"rude\".path=/rude" "-Dturnout.services.\"rude\".blue=127.0.0.1:$rude" \
    "-Dturnout.services.\"rude\".green=127.0.0.1:$rude_too" "-Dturnout.services.\"rude\".health.interval=10s"
log=$(ls "$work"/"$(basename "${TURNOUT_BINARY:-$jvm}")".*.log)
turnout=${pid[turnout]}
front=http://127.0.0.1:${port[turnout]}
on_cpu "$load_cpu" java "$here/RudeBackend.java" "$rude" "$rude_too"
await_port "$rude_too"

cat >"$work/mix.lua" <<'LUA'
local sizes = { 128, 65536, 1024 }
local turn = 0
request = function()
    turn = turn + 1
    if turn % 5 == 0 then return wrk.format("POST", "/upload", nil, string.rep("x", 20000)) end
    if turn % 7 == 0 then return wrk.format("HEAD", "/1024") end
    return wrk.format("GET", "/" .. sizes[turn % 3 + 1])
end
LUA

# sockets: how many Turnout has open.
sockets() {
    find "/proc/$turnout/fd" -lname 'socket:*' 2>/dev/null | wc -l
}

# in_flight: requests in flight at all targets of both services.
in_flight() {
    for service in default rude; do
        curl -s "http://127.0.0.1:$admin/admin/status?service=$service"
    done | grep -oE '"inFlight":[0-9]+' | awk -F: '{ sum += $2 } END { print sum + 0 }'
}

# flip: switches both services now and then, and counts.
flip() {
    local service
    trap 'exit 0' TERM
    while :; do
        for service in default rude; do
            curl -s -o "$work/receipt" -w '%{http_code}\n' -X POST \
                "http://127.0.0.1:$admin/admin/switch?service=$service&force=true" >>"$work/flips"
        done
        sleep 3
    done
}

# load SECONDS: everything at once; adds up the counts in $good, $failed, $rude_requests and $rude_failed.
load() {
    taskset -c "$load_cpu" wrk --timeout 30s -t1 -c32 -d"$1s" "$front/1024" >"$work/wrk.plain" &
    local plain=$!
    taskset -c "$load_cpu" wrk --timeout 30s -t1 -c4 -d"$1s" -s "$work/mix.lua" "$front" >"$work/wrk.mix" &
    local mix=$!
    taskset -c "$load_cpu" wrk --timeout 30s -t1 -c4 -d"$1s" "$front/rude" >"$work/wrk.rude" &
    wait "$plain" "$mix" $!
    # shellcheck disable=SC2046
    set -- $(count "$work/wrk.plain") $(count "$work/wrk.mix") $(count "$work/wrk.rude")
    good=$((good + $1 + $3))
    failed=$((failed + $2 + $4))
    rude_requests=$((rude_requests + $5))
    rude_failed=$((rude_failed + $6))
}

# count FILE: requests and failures that wrk tells of.
count() {
    awk '/requests in/ { requests = $1 }
        /Non-2xx/ { failed += $NF }
        /Socket errors/ { gsub(",", ""); failed += $4 + $6 + $8 + $10 }
        END { print requests + 0, failed + 0 }' "$1"
}

# await_rest: waits until nothing is in flight and no more sockets are open than $1; 30 seconds at the most.
await_rest() {
    for _ in $(seq 300); do
        [ "$(in_flight)" -gt 0 ] || [ "$(sockets)" -gt "$1" ] || return 0
        sleep 0.1
    done
    echo "bench: $(in_flight) requests in flight, $(sockets) sockets instead of $1" >&2
    return 1
}

good=0 failed=0 rude_requests=0 rude_failed=0
load 10
await_rest 20
sleep 1
at_rest=$(sockets)
good=0 failed=0 rude_requests=0 rude_failed=0
flip &
flipper=$!
started+=("$flipper")
echo "| minutes | requests | failed | rude requests | rude failed | flips | sockets | RSS, MiB |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- |"
begin=$SECONDS
: >"$work/rss"
while [ "$good" -lt "$wanted" ] && [ $((SECONDS - begin)) -lt $((minutes * 60)) ]; do
    load "$round"
    rss_mib "$turnout" >>"$work/rss"
    echo >>"$work/rss"
    awk -v s=$((SECONDS - begin)) 'BEGIN { printf "| %.1f ", s / 60 }'
    echo "| $good | $failed | $rude_requests | $rude_failed | $(grep -c 200 "$work/flips") | $(sockets) | $(rss_mib "$turnout") |"
done
kill "$flipper"
wait "$flipper" 2>/dev/null || true

verdict=0
fail() {
    echo "NOT as at the start: $*"
    verdict=1
}
await_rest "$at_rest" || fail "requests in flight or sockets"
rest="$(in_flight) in flight, $(sockets) sockets (at first $at_rest)"
jcmd "$turnout" GC.run >/dev/null 2>&1 || true
load 2
[ "$failed" -eq 0 ] || fail "$failed failures of the application that behaves"
other=$(grep -vc 200 "$work/flips" || true)
[ "$other" -eq 0 ] || fail "$other switches were refused"
! grep -E "LEAK|fault of Turnout's own" "$log" || fail "the log"
# The first third is for the heap and the pools to find their size.
growth=$(awk '{ rss[NR] = $1 } END { print rss[NR] - rss[int((NR + 2) / 3)] }' "$work/rss")
[ "$growth" -le "$most_growth" ] || fail "RSS has grown by $growth MiB"
echo "At rest: $rest; RSS grew by $growth MiB in the last two thirds"
exit "$verdict"

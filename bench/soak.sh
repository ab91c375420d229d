#!/usr/bin/env bash
# Millions of requests with a flip every few seconds, beside a service whose application misbehaves in every way, and
# beside clients that do (RudeClients.java). Ends with 1 unless everything is as at the start: no failure but of the
# misbehaving ones, no answer to another's request, no failure of a client counted for the application, nothing in
# flight, no socket and no buffer lost, memory flat. `bench/soak.sh [REQUESTS [MINUTES]]` stops at whichever comes first;
# TURNOUT_JVM_OPTIONS="... -Dio.netty.leakDetection.level=paranoid" lets Netty look closer.
set -eu

wanted=${1:-10000000}
minutes=${2:-60}
round=20
most_growth=24
most_heap_growth=8

# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"
# So that the growth of the heap to its size is no growth of the process.
jvm_options+=" -XX:+AlwaysPreTouch"
need nginx nginx
need wrk wrk
PATH=$PATH:/usr/sbin

rude=$(free_port)
rude_too=$(free_port)
start_backend
# Short enough for the clocks of misbehaving clients to run out now and then.
start_turnout turnout -Dturnout.drain.timeout=3s -Dturnout.preview=true \
    -Dturnout.client.head=5s -Dturnout.client.body=8s -Dturnout.client.idle=30s -Dturnout.upstream.body=8s \
    "-Dturnout.services.\"rude\".path=/rude" "-Dturnout.services.\"rude\".blue=127.0.0.1:$rude" \
    "-Dturnout.services.\"rude\".green=127.0.0.1:$rude_too" "-Dturnout.services.\"rude\".health.interval=10s"
log=$(ls "$work"/"$(basename "${TURNOUT_BINARY:-$jvm}")".*.log)
turnout=${pid[turnout]}
front=http://127.0.0.1:${port[turnout]}
on_cpu "$load_cpu" java "$here/RudeBackend.java" "$rude" "$rude_too"
await_port "$rude_too"

# sockets: how many Turnout has open.
sockets() {
    find "/proc/$turnout/fd" -lname 'socket:*' 2>/dev/null | wc -l
}

# total FIELD SERVICE...: the sum over all targets of these services in the status.
total() {
    local field=$1
    shift
    for service; do
        curl -s "http://127.0.0.1:$admin/admin/status?service=$service"
    done | grep -oE "\"$field\":[0-9]+" | awk -F: '{ sum += $2 } END { print sum + 0 }'
}

# in_flight: requests in flight at all targets of both services, and those that an answer is awaited to.
in_flight() {
    echo $(($(total inFlight default rude) + $(total awaited default rude)))
}

# heap_mib: what the heap holds after a full collection; 0 without a JVM.
heap_mib() {
    jcmd "$turnout" GC.run >"$work/jcmd" 2>&1 || true
    jcmd "$turnout" GC.heap_info 2>&1 | grep -oE 'total [0-9]+K, used [0-9]+K' |
        awk '{ sub("K", "", $4); sum += $4 } END { printf "%.0f", sum / 1024 }'
}

# flip: switches both services now and then, and counts.
flip() {
    local service
    trap 'exit 0' TERM
    while :; do
        for service in default rude; do
            curl -s -H 'Accept: application/json' -o "$work/receipt" -w '%{http_code}\n' -X POST \
                "http://127.0.0.1:$admin/admin/switch?service=$service&force=true" >>"$work/flips"
        done
        sleep 3
    done
}

# load SECONDS: everything at once; adds up the counts in $good, $failed, $wrong, $rude_requests and $rude_failed.
load() {
    taskset -c "$load_cpu" wrk --timeout 30s -t1 -c32 -d"$1s" "$front/1024" >"$work/wrk.plain" &
    local plain=$!
    taskset -c "$load_cpu" wrk --timeout 30s -t4 -c4 -d"$1s" -s "$here/conf/marked.lua" "$front" >"$work/wrk.marked" &
    local marked=$!
    taskset -c "$load_cpu" wrk --timeout 30s -t4 -c4 -d"$1s" -s "$here/conf/marked.lua" "$front" rude >"$work/wrk.rude" &
    wait "$plain" "$marked" $!
    # shellcheck disable=SC2046
    set -- $(count "$work/wrk.plain") $(count "$work/wrk.marked") $(count "$work/wrk.rude")
    good=$((good + $1 + $4))
    failed=$((failed + $2 + $5))
    wrong=$((wrong + $3 + $6 + $9))
    rude_requests=$((rude_requests + $7))
    rude_failed=$((rude_failed + $8))
}

# count FILE: requests and failures that wrk tells of, and answers to another's request or to none.
count() {
    awk '/requests in/ { requests = $1 }
        /Non-2xx/ { failed += $NF }
        /Socket errors/ { gsub(",", ""); failed += $4 + $6 + $8 + $10 }
        /Wrong answers|Stalled/ { wrong += $NF }
        END { print requests + 0, failed + 0, wrong + 0 }' "$1"
}

# counted_against_default: failures that passive health counts for the application that behaves.
counted_against_default() {
    echo $(($(total failures default) + $(total connectFailures default)))
}

# await_rest: waits until nothing is in flight and no more sockets are open than $1; 30 seconds at the most.
await_rest() {
    for _ in $(seq 300); do
        [ "$(in_flight)" -gt 0 ] || [ "$(sockets)" -gt "$1" ] || return 0
        sleep 0.1
    done
    echo "bench: $(in_flight) requests in flight, $(sockets) sockets instead of $1" >&2
    ss -anp 2>/dev/null | grep "pid=$turnout," | head -n 40 >&2 || true
    return 1
}

# new_counts: from 0 again.
new_counts() {
    good=0 failed=0 wrong=0 rude_requests=0 rude_failed=0
}

new_counts
load 10
await_rest 20
sleep 1
before=$(counted_against_default)
# jcmd opens a socket in the JVM that stays.
heap_before=$(heap_mib)
at_rest=$(sockets)
new_counts
flip &
flipper=$!
started+=("$flipper")
# Ends by itself, should this script not be there to end it.
taskset -c "$load_cpu" java -Xmx64m -XX:+UseSerialGC "$here/RudeClients.java" "${port[turnout]}" "$admin" \
    "$((minutes * 60 + 30))" >"$work/rude.clients" 2>&1 &
rude_clients=$!
started+=("$rude_clients")
echo "| minutes | requests | failed | wrong | rude requests | rude failed | flips | sockets | RSS, MiB |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
begin=$SECONDS
: >"$work/rss"
while [ "$good" -lt "$wanted" ] && [ $((SECONDS - begin)) -lt $((minutes * 60)) ]; do
    load "$round"
    rss_mib "$turnout" >>"$work/rss"
    echo >>"$work/rss"
    awk -v s=$((SECONDS - begin)) 'BEGIN { printf "| %.1f ", s / 60 }'
    echo -n "| $good | $failed | $wrong | $rude_requests | $rude_failed "
    echo "| $(grep -c 200 "$work/flips") | $(sockets) | $(rss_mib "$turnout") |"
done
verdict=0
fail() {
    echo "NOT as at the start: $*"
    verdict=1
}

kill "$flipper"
wait "$flipper" 2>/dev/null || true
if kill "$rude_clients" 2>/dev/null; then
    wait "$rude_clients" || [ $? -eq 143 ] || fail "the misbehaving clients broke down"
else
    fail "the misbehaving clients have ended before their time"
fi
echo "What the misbehaving clients got:"
cat "$work/rude.clients"
await_rest "$at_rest" || fail "requests in flight or sockets"
rest="$(in_flight) in flight, $(sockets) sockets (at first $at_rest)"
heap_growth=$(($(heap_mib) - heap_before))
# Lets Netty find what was collected and not released.
load 2
[ "$failed" -eq 0 ] || fail "$failed failures of the application that behaves"
[ "$wrong" -eq 0 ] || fail "$wrong answers that were another's, or did not come"
! grep -q WRONG "$work/rude.clients" || fail "a misbehaving client got another's answer"
against=$(($(counted_against_default) - before))
[ "$against" -eq 0 ] || fail "$against failures of clients counted for the application that behaves"
other=$(grep -vc 200 "$work/flips" || true)
[ "$other" -eq 0 ] || fail "$other switches were refused"
! grep -E "LEAK|fault of Turnout's own" "$log" || fail "the log"
# The first third is for the heap and the pools to find their size.
growth=$(awk '{ rss[NR] = $1 } END { print rss[NR] - rss[int((NR + 2) / 3)] }' "$work/rss")
[ "$growth" -le "$most_growth" ] || fail "RSS has grown by $growth MiB"
[ "$heap_growth" -le "$most_heap_growth" ] || fail "the heap holds $heap_growth MiB more"
echo "At rest: $rest; RSS grew by $growth MiB in the last two thirds; the heap holds $heap_growth MiB more"
exit "$verdict"

#!/usr/bin/env bash
# What flips add to the latency of requests, up to the slowest one: rounds with and without flips, interleaved. All share all
# cores, as on a server: on a single one the flip's own threads would take it from the requests.
set -eu

# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"
need nginx nginx
PATH=$PATH:/usr/sbin

proxy_cpu=0-$(($(nproc) - 1))
load_cpu=$proxy_cpu
start_backend
start_turnout turnout -Dturnout.health.interval=20ms -Dturnout.health.path=/1024
# shellcheck disable=SC2154
taskset -c "$load_cpu" java "$here/FlipLatency.java" "${port[turnout]}" "http://127.0.0.1:$admin"

#!/usr/bin/env bash
# What flips add to the latency of requests, up to the slowest one: rounds with and without flips, interleaved.
set -eu

# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"
need nginx nginx
PATH=$PATH:/usr/sbin

start_backend
start_turnout turnout
# shellcheck disable=SC2154
taskset -c "$load_cpu" java "$here/FlipLatency.java" "${port[turnout]}" "http://127.0.0.1:$admin"

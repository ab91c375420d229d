#!/usr/bin/env bash
# Memory of Turnout, as its start script starts it, and of nginx with many idle keep-alive clients: RSS before and with
# them, and a little later.
set -eu

count=${1:-10000}

# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"
need nginx nginx
PATH=$PATH:/usr/sbin

start_backend
start_nginx tuned nginx-tuned.conf off ""
TURNOUT_BINARY=${TURNOUT_BINARY:-$root/target/turnout/turnout}
start_turnout turnout

echo "| proxy | RSS before, MiB | with $count idle clients, MiB | after 10 seconds |"
echo "| --- | --- | --- | --- |"
for name in turnout tuned; do
    before=$(rss_mib "${pid[$name]}")
    coproc CLIENTS { exec java "$here/IdleClients.java" "${port[$name]}" "$count"; }
    # shellcheck disable=SC2153
    started+=("$CLIENTS_PID")
    read -r answer <&"${CLIENTS[0]}" || { echo "bench: $name did not take $count clients" >&2; exit 1; }
    [ "$answer" = "open $count" ] || { echo "bench: $answer" >&2; exit 1; }
    with=$(rss_mib "${pid[$name]}")
    sleep 10
    echo "| $name | $before | $with | $(rss_mib "${pid[$name]}") |"
    input=${CLIENTS[1]}
    exec {input}>&-
    wait "$CLIENTS_PID" 2>/dev/null || true
done

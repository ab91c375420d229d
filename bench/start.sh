#!/usr/bin/env bash
# How long a start takes, from the launch to the first proxied answer, and how much memory is resident then and after
# 10,000 requests; see usage() below and README.md beside this file.
set -euo pipefail

usage() {
    cat <<'USAGE'
Usage: start.sh [--rounds N] COMMAND...

Each COMMAND is a folder made by deploy/package/assemble.sh, or a native executable. Its settings are given to it as -D
options. JAVA_HOME says which JVM. Prints the median of N rounds (5).
USAGE
}

rounds=5
case ${1:-} in
    --rounds) rounds=$2; shift 2 ;;
    --help) usage; exit 0 ;;
esac
[ $# -gt 0 ] || { usage >&2; exit 2; }

# shellcheck source=bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need nginx nginx
need wrk wrk
start_backend

median() {
    sort -n | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}

# Nothing ever comes from there: to wait without a process, which would take the time from the start that is measured.
mkfifo "$work/silence"
exec 4<>"$work/silence"

# answers PORT: whether a request is answered well. No process is started for it either.
answers() {
    local line=
    { exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || return 1
    printf 'GET /1024 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3
    read -r line <&3 || true
    exec 3>&-
    [[ $line == 'HTTP/1.1 200 '* ]]
}

# round COMMAND: appends to the files millis, rss, loaded.
round() {
    local front admin began
    front=$(free_port)
    admin=$(free_port)
    began=$(date +%s%N)
    (cd "$work" && exec "$1" -Dturnout.listen.host=127.0.0.1 "-Dturnout.listen.port=$front" \
        "-Dturnout.admin.port=$admin" "-Dturnout.blue=127.0.0.1:$backend" "-Dturnout.green=127.0.0.1:$other" \
        "-Dturnout.state.directory=$work/state-$front") >"$work/turnout.log" 2>&1 &
    last=$!
    started+=("$last")
    until answers "$front"; do
        kill -0 "$last" 2>/dev/null || { cat "$work/turnout.log" >&2; exit 1; }
        read -rt 0.01 <&4 || true
    done
    echo $((($(date +%s%N) - began) / 1000000)) >>"$work/millis"
    rss_mib "$last" >>"$work/rss"
    echo >>"$work/rss"
    # wrk knows seconds only: as many as 10,000 requests take at the least.
    local sent=0
    while [ "$sent" -lt 10000 ]; do
        sent=$((sent + $(wrk -t1 -c8 -d1s "http://127.0.0.1:$front/1024" | awk '/requests in/ { print $1 }')))
    done
    rss_mib "$last" >>"$work/loaded"
    echo >>"$work/loaded"
    kill "$last"
    wait "$last" || true
}

for command in "$@"; do
    program=$(readlink -f "$command")
    [ ! -d "$program" ] || program=$program/turnout
    rm -f "$work/millis" "$work/rss" "$work/loaded"
    for _ in $(seq "$rounds"); do
        round "$program"
    done
    printf '%s: first answer after %s ms (%s to %s), %s MiB then, %s MiB after 10,000 requests or more\n' "$command" \
        "$(median <"$work/millis")" "$(sort -n "$work/millis" | head -n 1)" "$(sort -n "$work/millis" | tail -n 1)" \
        "$(grep . "$work/rss" | median)" "$(grep . "$work/loaded" | median)"
done

#!/usr/bin/env bash
# What a flip to a Spring Boot application that has just started costs its first requests, without and with warm-up: the
# latency at 300 requests a second of the two seconds before and after the flip, in turns.
set -eu

rounds=5
while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=$2; shift 2 ;;
        *) echo "usage: bench/warmup.sh [--rounds N]" >&2; exit 2 ;;
    esac
done

# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"
need wrk wrk
jar=$root/deploy/sample-app/target/sample-app.jar
for file in "$jar" "$root/target/quarkus-app/quarkus-run.jar"; do
    [ -f "$file" ] || { echo "bench: $file is missing: build first (./mvnw -DskipTests verify)" >&2; exit 1; }
done

# start_application PORT: a fresh JVM; sets $application.
start_application() {
    (cd "$work" && exec java -jar "$jar" "--server.port=$1") >"$work/application.$1.log" 2>&1 &
    application=$!
    started+=("$application")
    for _ in $(seq 300); do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
        sleep 0.1
    done
    echo "bench: the application did not start" >&2
    exit 1
}

# compare NAME [OPTION...]: a Turnout of its own, and flips to and fro.
compare() {
    local name=$1 old
    shift
    backend=$(free_port)
    other=$(free_port)
    start_turnout "$name" -Dturnout.health.path=/ "$@"
    start_application "$backend"
    old=$application
    # The version that serves is warm.
    wrk -t1 -c8 -d5 "http://127.0.0.1:${port[$name]}/" >/dev/null
    start_application "$other"
    java "$here/FirstSeconds.java" "${port[$name]}" "http://127.0.0.1:$admin" "$name"
    kill "$old" "$application" "${pid[$name]}"
    wait "$old" "$application" "${pid[$name]}" 2>/dev/null || true
}

echo "| | before: p50 ms | p99 | p100 | after: p50 ms | p99 | p100 | failed |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- |"
for _ in $(seq "$rounds"); do
    compare without
    compare with -Dturnout.warmup.paths=/ -Dturnout.warmup.count=300
done

#!/usr/bin/env bash
# Shows a deployment that nobody notices; see usage() below and README.md beside this file.
set -euo pipefail

usage() {
    cat <<'USAGE'
Usage: demo.sh [--once]

Builds what is missing, starts Turnout and version 1 of the sample application, and replaces it by version 2 with
deploy.sh while clients send requests over keep-alive connections, small and slow ones, uploads and downloads.
Prints what came of it, and goes on serving until Ctrl-C; with --once it ends there.

Needs a JDK (17 or newer), Maven and curl. Uses ports 80, 9000, 8080 and 8082 of the loopback address, or the next ones
that are free. Everything it started is stopped when it ends.

Exit codes: 0 not one request failed; 1 some did, or a step failed; 2 wrong usage, or something needed is missing.
USAGE
}

once=false
case ${1:-} in
    --once) once=true ;;
    --help)
        usage
        exit 0
        ;;
    '') ;;
    *)
        usage >&2
        exit 2
        ;;
esac

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
turnout_program=$root/target/turnout/turnout
sample_jar=$here/sample-app/target/sample-app.jar

say() {
    printf '\n== %s\n' "$*"
}

fail() {
    printf '\ndemo.sh: %s\n' "$*" >&2
    exit 1
}

# --- What is needed ---------------------------------------------------------------------------------------------------

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
missing=()
command -v "${java}c" >/dev/null || missing+=(default-jdk)
command -v mvn >/dev/null || [ -n "${MVNW_REPOURL:-}" ] || missing+=(maven)
command -v curl >/dev/null || missing+=(curl)
if [ ${#missing[@]} -gt 0 ]; then
    echo "demo.sh: install first what is missing. Debian, Ubuntu: apt-get install ${missing[*]}" >&2
    exit 2
fi

# is_stale FILE SOURCE...: whether the file is missing or older than something it is built from.
is_stale() {
    local file=$1
    shift
    [ ! -e "$file" ] || [ -n "$(find "$@" -newer "$file" -print -quit)" ]
}

if is_stale "$turnout_program" "$root/pom.xml" "$root/src/main"; then
    say "building Turnout (the first time takes a few minutes)"
    "$root/mvnw" -q -B -f "$root/pom.xml" -DskipTests package
fi
if is_stale "$sample_jar" "$here/sample-app/pom.xml" "$here/sample-app/src"; then
    say "building the sample application"
    "$root/mvnw" -q -B -f "$here/sample-app/pom.xml" package
fi

# --- What is started, and stopped again -------------------------------------------------------------------------------

work=$(mktemp -d)
export TURNOUT_RUN=$work/run
mkdir "$TURNOUT_RUN"
turnout=
load=

# lives PID: an ended process that nobody has waited for has no command line left.
lives() {
    [ -n "$(tr -d '\0' <"/proc/$1/cmdline" 2>/dev/null)" ]
} 2>/dev/null

# stop PID: SIGTERM, and SIGKILL if it is still there 40 seconds later.
stop() {
    local deadline=$((SECONDS + 40))
    kill -TERM "$1" 2>/dev/null || return 0
    while lives "$1" && [ "$SECONDS" -lt "$deadline" ]; do
        sleep 0.1
    done
    ! lives "$1" || kill -KILL "$1"
}

# stop_application PID: unless the number has become another process's.
stop_application() {
    ! tr '\0' '\n' 2>/dev/null <"/proc/$1/cmdline" | grep -qF -e "$TURNOUT_RUN/" || stop "$1"
}

clean_up() {
    local code=$? pid_file
    trap '' INT TERM HUP
    set +e
    [ -z "$load" ] || stop "$load"
    [ -z "$turnout" ] || stop "$turnout"
    for pid_file in "$TURNOUT_RUN"/*.pid; do
        [ ! -e "$pid_file" ] || stop_application "$(cat "$pid_file")"
    done
    rm -rf "$work"
    exit "$code"
}

trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# --- Ports ------------------------------------------------------------------------------------------------------------

# is_free PORT: nobody listens there, by the kernel's own table, and this user may.
is_free() {
    local unprivileged
    unprivileged=$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start 2>/dev/null || echo 1024)
    if [ "$1" -lt "$unprivileged" ] && [ "$(id -u)" -ne 0 ]; then
        return 1
    fi
    ! cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
        awk -v port="$(printf '%04X' "$1")" '$4 == "0A" && $2 ~ (":" port "$") { found = 1 } END { exit !found }'
}

# free_port WANTED NEXT...: sets $port to the wanted port or the next free one, other than those chosen before.
chosen=' '
free_port() {
    local wanted=$1
    port=$1
    if ! is_free "$port" || [[ $chosen == *" $port "* ]]; then
        port=${2:-$((port + 1))}
        while ! is_free "$port" || [[ $chosen == *" $port "* ]]; do
            port=$((port + 1))
        done
        echo "port $wanted is taken or not permitted: using $port"
    fi
    chosen+="$port "
}

free_port 80 8088
front=$port
free_port 9000
admin=$port
free_port 8080
blue=$port
free_port 8082
green=$port

# --- The demonstration ------------------------------------------------------------------------------------------------

say "starting Turnout"
: >"$work/turnout.log"
setsid "$turnout_program" -Dturnout.listen.host=127.0.0.1 "-Dturnout.listen.port=$front" "-Dturnout.admin.port=$admin" \
    "-Dturnout.blue=127.0.0.1:$blue" "-Dturnout.green=127.0.0.1:$green" "-Dturnout.state.directory=$work/state" \
    >"$work/turnout.log" 2>&1 </dev/null &
turnout=$!
deadline=$((SECONDS + 60))
until grep -E "Turnout [^ ]+ ready" "$work/turnout.log"; do
    if ! lives "$turnout" || [ "$SECONDS" -ge "$deadline" ]; then
        tail -n 20 "$work/turnout.log" >&2
        fail "Turnout did not start"
    fi
    sleep 0.1
done

deploy() {
    "$here/deploy.sh" --admin "http://127.0.0.1:$admin" --start-timeout 180 --java-opts "-Xmx256m -Dapp.version=$1" "$sample_jar" ||
        fail "the deployment of version $1 failed"
}

say "deploying version 1: nothing serves yet"
deploy 1

say "version $(curl -fsS --noproxy '*' "http://127.0.0.1:$front/version") serves; sending requests from now on"
setsid "$java" -Xmx256m "$here/demo/Load.java" "http://127.0.0.1:$front" >"$work/load.log" 2>&1 </dev/null &
load=$!
sleep 5
lives "$load" || { cat "$work/load.log" >&2; fail "the load generator did not start"; }

say "deploying version 2 under load"
deploy 2

say "version $(curl -fsS --noproxy '*' "http://127.0.0.1:$front/version") serves; five more seconds of requests"
sleep 5
kill -TERM "$load"
failed=0
wait "$load" || failed=$?
load=

# receipt NAME: an instant of the last receipt, in milliseconds.
receipt() {
    date -d "$(tr -d '\n' <"$TURNOUT_RUN/receipt.json" | sed -E "s/.*\"$1\"[[:space:]]*:[[:space:]]*\"([^\"]*)\".*/\1/")" +%s%3N
}

say "result"
cat "$work/load.log"
printf 'switch           %d ms to prove the new version healthy and flip\n' $(($(receipt switchedAt) - $(receipt startedAt)))
printf 'drain            %d ms until nothing was left to do for the old version\n' $(($(receipt finishedAt) - $(receipt switchedAt)))

[ "$failed" -eq 0 ] || fail "requests have failed"

if ! $once; then
    say "still serving, until Ctrl-C"
    echo "front      http://127.0.0.1:$front/"
    echo "dashboard  http://127.0.0.1:$admin/admin"
    echo "next one   TURNOUT_RUN=$TURNOUT_RUN $here/deploy.sh --admin http://127.0.0.1:$admin $sample_jar"
    wait "$turnout" || true
    turnout=
    fail "Turnout has ended: $(tail -n 5 "$work/turnout.log")"
fi

#!/usr/bin/env bash
# Shows a deployment that nobody notices; see usage() below and README.md beside this file.
set -euo pipefail

usage() {
    cat <<'USAGE'
Usage: demo.sh [--once] [--no-install] [--front-port N] [--admin-port N] [--blue-port N] [--green-port N]

Builds what is missing, starts Turnout and version 1 of the sample application, and replaces it by version 2 while clients
send requests over keep-alive connections: small and slow requests, uploads and downloads. Prints how many failed, and
goes on serving until Ctrl-C. Everything that it started is stopped when it ends.

  --once           end after the result
  --no-install     install nothing: if something is missing, print what to type
  --front-port N   the port that clients use           (80, or the next free one from 8088 on)
  --admin-port N   the port of the admin API           (9000, or the next free one)
  --blue-port N    the port of the first version       (8080, or the next free one)
  --green-port N   the port of the second version      (8082, or the next free one)
  -h, --help       show this text

Needs a JDK (17 or newer), Maven and curl. On Debian and Ubuntu it installs what is missing with apt-get, as root or by
sudo, after one line that says so. Uses the loopback address only.

Exit codes: 0 not one request failed; 1 some did, or a step failed; 2 wrong usage, or something needed is missing.
USAGE
}

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

wrong() {
    printf 'demo.sh: %s (demo.sh --help lists what is understood)\n' "$*" >&2
    exit 2
}

once=false
declare -A asked=([front]='' [admin]='' [blue]='' [green]='')
while [ $# -gt 0 ]; do
    case $1 in
        --once) once=true ;;
        --no-install) export MVNW_NO_INSTALL=1 ;;
        --front-port | --admin-port | --blue-port | --green-port)
            if ! [[ ${2:-} =~ ^[1-9][0-9]{0,4}$ ]] || [ "$2" -gt 65535 ]; then
                wrong "$1 wants a port from 1 to 65535"
            fi
            name=${1#--}
            asked[${name%-port}]=$2
            shift
            ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) wrong "unknown option $1" ;;
    esac
    shift
done

# --- What is needed ---------------------------------------------------------------------------------------------------

# shellcheck source=.mvn/wrapper/machine.sh
. "$root/.mvn/wrapper/machine.sh"
machine_prepare curl
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

# is_stale FILE SOURCE...: whether the file is missing or older than something it is built from.
is_stale() {
    local file=$1
    shift
    [ ! -e "$file" ] || [ -n "$(find "$@" -newer "$file" -print -quit)" ]
}

# build POM: packages a project; one line for each step of Maven, and all that Maven said if it fails.
build() {
    local log begun=$SECONDS
    log=$(mktemp)
    if ! "$root/mvnw" -B -f "$1" -Dmaven.test.skip=true package </dev/null 2>&1 | tee "$log" | show_steps "$begun"; then
        sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -vE '^\[INFO\]|^ +at |^(Down|Progress)' | tail -n 40 >&2 || true
        fail "the build failed; all that Maven said is in $log"
    fi
    rm -f "$log"
}

# show_steps BEGUN: what a person wants to see of Maven's log.
show_steps() {
    local line downloads=0 told=$SECONDS
    # Even with colours off Maven resets them.
    sed -u 's/\x1b\[[0-9;]*m//g' | while IFS= read -r line; do
        case $line in
            '[INFO] --- '*)
                line=${line#'[INFO] --- '}
                printf '  [%3d s] %s\n' $((SECONDS - $1)) "${line%% @*}"
                told=$SECONDS
                ;;
            *'Downloaded from '*)
                downloads=$((downloads + 1))
                if [ $((SECONDS - told)) -ge 5 ]; then
                    printf '  [%3d s] %d files downloaded\n' $((SECONDS - $1)) "$downloads"
                    told=$SECONDS
                fi
                ;;
            mvnw:*) printf '  %s\n' "$line" ;;
        esac
    done
}

if is_stale "$turnout_program" "$root/pom.xml" "$root/src/main"; then
    say "building Turnout (the first time takes a few minutes)"
    build "$root/pom.xml"
fi
if is_stale "$sample_jar" "$here/sample-app/pom.xml" "$here/sample-app/src"; then
    say "building the sample application"
    build "$here/sample-app/pom.xml"
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
    ! tr '\0' '\n' 2>/dev/null <"/proc/$1/cmdline" | grep -F -e "$TURNOUT_RUN/" >/dev/null || stop "$1"
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

# choose NAME WANTED NEXT: sets $port to the port that an option asks for, or else to the wanted one or the next free one.
chosen=' '
choose() {
    port=${asked[$1]:-$2}
    if ! is_free "$port" || [[ $chosen == *" $port "* ]]; then
        [ -z "${asked[$1]}" ] || wrong "--$1-port $port: the port is taken, or not permitted for this user"
        port=$3
        while ! is_free "$port" || [[ $chosen == *" $port "* ]]; do
            port=$((port + 1))
        done
        echo "port $2 is taken or not permitted: using $port (--$1-port chooses another)"
    fi
    chosen+="$port "
}

choose front 80 8088
front=$port
choose admin 9000 9001
admin=$port
choose blue 8080 8081
blue=$port
choose green 8082 8083
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

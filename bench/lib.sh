# What the scripts of the benchmark share: private ports and folders, starting, stopping and measuring of servers.
# To be sourced.
# shellcheck shell=bash

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
work=$(mktemp -d)
chmod 755 "$work"
mkdir "$work/tmp" "$work/files"
chmod 777 "$work/tmp"
started=()

# The proxy has a core to itself; the load and the application share the next one.
proxy_cpu=0
load_cpu=1
[ "$(nproc)" -ge 2 ] || load_cpu=0

jvm=${TURNOUT_JVM:-java}
jvm_options=${TURNOUT_JVM_OPTIONS:--Xms64m -Xmx64m -XX:+UseSerialGC -XX:MaxDirectMemorySize=128m}

cleanup() {
    for pid in "${started[@]:-}"; do
        [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
    done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# need PROGRAM PACKAGE: ends the script with what to install where a program is missing.
need() {
    command -v "$1" >/dev/null 2>&1 || PATH=$PATH:/usr/sbin command -v "$1" >/dev/null 2>&1 || {
        echo "bench: $1 is missing (apt-get install $2)" >&2
        exit 1
    }
}

# free_port: a port that nobody listens on.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 10000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}

# await_port PORT: waits until somebody listens, 20 seconds at the most.
await_port() {
    for _ in $(seq 200); do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
        sleep 0.1
    done
    echo "bench: nothing listens on port $1" >&2
    tail -n 20 "$work"/*.log "$work"/*.err >&2 2>/dev/null
    exit 1
}

# on_cpu CPU COMMAND...: runs a command on one core, in the background; sets $last to its pid.
on_cpu() {
    local cpu=$1
    shift
    (cd "$work" && exec taskset -c "$cpu" "$@") >"$work/$(basename "$1").$RANDOM.log" 2>&1 &
    last=$!
    started+=("$last")
}

# What stands behind the address that nginx or HAProxy listens at, and how the load speaks to all proxies.
tls=
scheme=http

# fill NAME PORT LOG BUFFERS TEMPLATE: writes a configuration.
fill() {
    sed -e "s|@NAME@|$1|g" -e "s|@PORT@|$2|g" -e "s|@BACKEND@|$backend|g" -e "s|@OTHER@|$other|g" -e "s|@LOG@|$3|g" \
        -e "s|@BUFFERS@|$4|g" -e "s|@HTTPLOG@|$4|g" -e "s|@TLS@|$tls|g" "$here/conf/$5" >"$work/$1.conf"
}

# worker PID: the nginx process that does the work.
worker() {
    local child=
    for _ in $(seq 50); do
        child=$(tr -d ' ' <"/proc/$1/task/$1/children" 2>/dev/null)
        [ -z "$child" ] || break
        sleep 0.1
    done
    echo "$child"
}

start_backend() {
    backend=$(free_port)
    other=$(free_port)
    for size in 128 1024 65536 1048576; do
        head -c "$size" /dev/zero >"$work/files/$size"
    done
    chmod -R a+rX "$work"
    fill backend "$backend" off "" backend.conf
    on_cpu "$load_cpu" nginx -p "$work" -c "$work/backend.conf"
    await_port "$backend"
}

declare -A port pid

# start_nginx NAME TEMPLATE LOG BUFFERS
start_nginx() {
    port[$1]=$(free_port)
    fill "$1" "${port[$1]}" "$3" "$4" "$2"
    on_cpu "$proxy_cpu" nginx -p "$work" -c "$work/$1.conf"
    await_port "${port[$1]}"
    pid[$1]=$(worker "$last")
}

# start_haproxy NAME LOG HTTPLOG
start_haproxy() {
    port[$1]=$(free_port)
    fill "$1" "${port[$1]}" "$2" "$3" haproxy.cfg
    on_cpu "$proxy_cpu" haproxy -f "$work/$1.conf"
    await_port "${port[$1]}"
    pid[$1]=$last
}

# start_turnout NAME [OPTION...]: TURNOUT_BINARY, or the jar on TURNOUT_JVM with TURNOUT_JVM_OPTIONS.
start_turnout() {
    local name=$1 command
    shift
    port[$name]=$(free_port)
    admin=$(free_port)
    if [ -n "${TURNOUT_BINARY:-}" ]; then
        command=("$TURNOUT_BINARY")
    else
        # shellcheck disable=SC2206
        command=("$jvm" $jvm_options)
    fi
    command+=("-Dturnout.listen.host=127.0.0.1" "-Dturnout.listen.port=${port[$name]}" "-Dturnout.admin.port=$admin"
        "-Dturnout.blue=127.0.0.1:$backend" "-Dturnout.green=127.0.0.1:$other"
        "-Dturnout.state.directory=$work/$name-state" "$@")
    [ -n "${TURNOUT_BINARY:-}" ] || command+=(-jar "$root/target/quarkus-app/quarkus-run.jar")
    on_cpu "$proxy_cpu" "${command[@]}"
    # Behind the front port, as the last thing of a start.
    await_port "$admin"
    pid[$name]=$last
}

# load NAME CELL SECONDS: what wrk prints.
load() {
    local kind bytes connections path=/
    IFS=: read -r kind bytes connections <<<"$2"
    local script=()
    if [ "$kind" = post ]; then
        path=/upload
        script=(-s "$here/conf/upload.lua")
    else
        path=/$bytes
    fi
    taskset -c "$load_cpu" wrk -t1 -c"$connections" -d"$3" --latency "${script[@]}" "$scheme://127.0.0.1:${port[$1]}$path"
}

# cpu_ticks PID: the CPU time of a process so far, user and system, in clock ticks (10 ms).
cpu_ticks() {
    awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"
}

# rss_mib PID
rss_mib() {
    awk '/^VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$1/status"
}

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

# NGINX is another nginx than that of PATH.
if [ -n "${NGINX:-}" ]; then
    mkdir "$work/bin"
    ln -s "$(readlink -f "$NGINX")" "$work/bin/nginx"
    PATH=$work/bin:$PATH
fi

# Connections and pipes take file descriptors.
ulimit -n "$(ulimit -Hn)"

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

# take_options "NAME ..." ARGUMENT...: sets the variable of each option "--NAME VALUE", and $operands to what follows the options.
# --help prints what usage says; another option ends the script with it.
take_options() {
    local names=" $1 " option
    shift
    while [ $# -gt 0 ]; do
        option=${1#--}
        case $1 in
            --help) usage; exit 0 ;;
            --*) ;;
            -*) usage >&2; exit 2 ;;
            *) break ;;
        esac
        case $names in *" $option "*) ;; *) usage >&2; exit 2 ;; esac
        [ $# -ge 2 ] || { usage >&2; exit 2; }
        printf -v "$option" %s "$2"
        shift 2
    done
    # shellcheck disable=SC2034
    operands=("$@")
}

# need PROGRAM PACKAGE: ends the script with what to install where a program is missing.
need() {
    command -v "$1" >/dev/null 2>&1 || PATH=$PATH:/usr/sbin command -v "$1" >/dev/null 2>&1 || {
        echo "bench: $1 is missing (apt-get install $2)" >&2
        exit 1
    }
}

# need_built FILE: ends the script with how to build a Turnout that is missing.
need_built() {
    [ -f "$1" ] || {
        echo "bench: build Turnout first (./mvnw -DskipTests package)" >&2
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

# await_port PORT: waits until somebody listens, 60 seconds at the most.
await_port() {
    for _ in $(seq 600); do
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
    for size in 128 1024 65536 262144 1048576; do
        head -c "$size" /dev/zero >"$work/files/$size"
    done
    chmod -R a+rX "$work"
    fill backend "$backend" off "" backend.conf
    on_cpu "$load_cpu" nginx -p "$work" -c "$work/backend.conf"
    await_port "$backend"
}

declare -A port pid secure

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
        "-Dturnout.state.directory=$work/$name-state" "-Dturnout.health.timeout=10s" "$@")
    [ -n "${TURNOUT_BINARY:-}" ] || command+=(-jar "$root/target/quarkus-app/quarkus-run.jar")
    on_cpu "$proxy_cpu" "${command[@]}"
    # Either of them may be the first that listens.
    await_port "${port[$name]}"
    await_port "$admin"
    pid[$name]=$last
}

# enter_fleet ADMIN WORD: begins the fleet of a Turnout (init), or has it enter one (join). ADMIN is the port of its admin API.
enter_fleet() {
    local told
    for _ in $(seq 60); do
        told=$(curl -sS -m 20 -X POST "http://127.0.0.1:$1/admin/fleet/$2" 2>&1 | tr -d ' \n') || true
        case $told in *'"trouble":null'*) return ;; esac
        sleep 0.5
        told=$(curl -sS -m 20 "http://127.0.0.1:$1/admin/fleet" 2>&1 | tr -d ' \n') || true
        case $told in *'"fleet":"'*'"trouble":null'*) return ;; esac
    done
    echo "bench: no member of the fleet: $told" >&2
    exit 1
}

# load NAME CELL SECONDS: what wrk prints.
load() {
    local kind bytes connections path=/
    IFS=: read -r kind bytes connections <<<"$2"
    local script=()
    case $kind in
        post) path=/upload script=(-s "$here/conf/upload.lua") ;;
        chunks*) path=/$kind/$bytes ;;
        *) path=/$bytes ;;
    esac
    taskset -c "$load_cpu" wrk -t1 -c"$connections" -d"$3" --latency "${script[@]}" "$scheme://127.0.0.1:${port[$1]}$path"
}

# streams NAME CELL SECONDS OPTION...: what h2load prints, which gets three times the seconds and five more: it waits without
# an end for a connection that was not opened when its time is over.
streams() {
    local kind bytes connections each address seconds=$3
    IFS=: read -r kind bytes connections each <<<"$2"
    address=http://127.0.0.1:${port[$1]}
    [ "$kind" = h2c ] || address=https://127.0.0.1:${secure[$1]}
    shift 3
    timeout --kill-after=1 "$((3 * seconds + 5))" taskset -c "$load_cpu" h2load -t1 "-c$connections" "-m$each" "$@" \
        --tls13-ciphers=TLS_AES_128_GCM_SHA256 --groups=X25519 "$address/$bytes"
}

# answered: what h2load has printed, as requests answered by 200 and failed ones.
answered() {
    awk '
        /^requests:/ { gsub(",", ""); for (i = 1; i <= NF; i++) if ($i ~ /^(failed|errored|timeout)$/) bad += $(i - 1) }
        /^status codes:/ { gsub(",", ""); good = $3; bad += $5 + $7 + $9 }
        END { print good + 0, bad + 0 }
    ' "$work/h2load.out"
}

# cpu_ticks PID: the CPU time of a process so far, user and system, in clock ticks (10 ms).
cpu_ticks() {
    awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"
}

# loops_micros PID: the CPU time so far of the event loops of a Turnout, in microseconds. A JVM keeps the first 15 letters of
# a thread's name, an executable the last.
loops_micros() {
    local task name nanos sum=0
    for task in "/proc/$1/task"/*; do
        # A thread may end meanwhile.
        { read -r name <"$task/comm" && read -r nanos _ <"$task/schedstat"; } 2>/dev/null || continue
        case $name in *nout-loop-*) sum=$((sum + nanos / 1000)) ;; esac
    done
    echo "$sum"
}

# note ROUND NAME CELL TICKS COUNT FAILED: appends "round name cell cpu-microseconds failed" to the results.
note() {
    echo "$1 $2 $3 $(awk -v ticks="$4" -v count="$5" 'BEGIN { printf "%.3f", ticks * 10000 / count }') $6" >>"$work/results"
}

# For awk: sorts a list of n numbers.
# shellcheck disable=SC2034
sorted='
    function sorted(list, n,    i, j, t) {
        for (i = 2; i <= n; i++) for (j = i; j > 1 && list[j - 1] > list[j]; j--) {
            t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
        }
    }
'
# For awk: reads what note has written; medians, and ratios of two in one round.
# shellcheck disable=SC2016,SC2034
ratios=$sorted'
    function median(name, cell,    i, n, list) {
        for (i = 1; i <= rounds; i++) if ((i, name, cell) in value) list[++n] = value[i, name, cell]
        sorted(list, n)
        return n ? list[int((n + 1) / 2)] : 0
    }
    function ratio(name, other, cell,    i, n, list) {
        for (i = 1; i <= rounds; i++) if (value[i, name, cell] > 0 && value[i, other, cell] > 0) list[++n] = value[i, name, cell] / value[i, other, cell]
        sorted(list, n)
        return n ? sprintf("%.2f (%.2f-%.2f)", list[int((n + 1) / 2)], list[1], list[n]) : "-"
    }
    { rounds = $1 > rounds ? $1 : rounds; value[$1, $2, $3] = $4; failed[$2] += $5 }
'

# machine: the day, and what the figures were measured on.
machine() {
    echo "$(date -u +%F), $(uname -sr), $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), one core for each proxy;"
}

# peers: the versions of the other proxies.
peers() {
    echo "$(nginx -v 2>&1 | sed 's/.*: //'), $(haproxy -v | sed -n '1s/ - .*//p')"
}

# stop PID: ends a proxy, and waits for its end.
stop() {
    kill "$1"
    wait "$1" 2>/dev/null || true
}

# certificate NAME ALGORITHM [OPTION]: makes NAME.crt, NAME.key and certificates/NAME.pem, which has both.
certificate() {
    mkdir -p "$work/certificates"
    openssl req -x509 -nodes -days 30 -newkey "$2" ${3:+-pkeyopt "$3"} -subj /CN=bench.example \
        -addext subjectAltName=DNS:bench.example -keyout "$work/$1.key" -out "$work/$1.crt" 2>/dev/null
    cat "$work/$1.crt" "$work/$1.key" >"$work/certificates/$1.pem"
}

# compile_clients: makes the clients of handshakes.c.
compile_clients() {
    cc -O2 -o "$work/clients" "$here/handshakes.c" -lssl -lcrypto || {
        echo "bench: the clients for handshakes do not compile (apt-get install libssl-dev)" >&2
        exit 1
    }
}

# idle_heading COUNT, idle_row NAME KIND PORT COUNT: memory with so many idle clients; the kinds are those of handshakes.c.
idle_heading() {
    echo "| proxy | RSS before, MiB | with $1 idle clients, MiB | KiB each |"
    echo "| --- | --- | --- | --- |"
}
idle_row() {
    local before with answer input
    before=$(rss_mib "${pid[$1]}")
    coproc CLIENTS { exec "$work/clients" idle "$3" "$4" "$2"; }
    # shellcheck disable=SC2153
    started+=("$CLIENTS_PID")
    read -r answer <&"${CLIENTS[0]}" || { echo "bench: $1 did not take $4 clients" >&2; exit 1; }
    [ "$answer" = "open $4" ] || { echo "bench: $answer" >&2; exit 1; }
    with=$(rss_mib "${pid[$1]}")
    echo "| $1, $2 | $before | $with | $(awk -v grown=$((with - before)) -v count="$4" 'BEGIN { printf "%.1f", grown * 1024 / count }') |"
    input=${CLIENTS[1]}
    exec {input}>&-
    wait "$CLIENTS_PID" 2>/dev/null || true
}

# rss_mib PID
rss_mib() {
    awk '/^VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$1/status"
}

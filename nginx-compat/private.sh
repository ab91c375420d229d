# shellcheck shell=bash
# What try-out.sh and measure.sh share: a private nginx, the sample application on free ports, and Turnout in nginx mode.
# To be sourced. Nothing outside of a temporary folder is touched, no root is needed, all that was started is stopped.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
turnout_program=$root/target/turnout/turnout
sample_jar=$root/deploy/sample-app/target/sample-app.jar
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
PATH=$PATH:/usr/sbin:/sbin

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# need PROGRAM PACKAGE...: pairs of what must be installed.
need() {
    local missing=()
    while [ $# -gt 0 ]; do
        command -v "$1" >/dev/null || missing+=("$2")
        shift 2
    done
    [ ${#missing[@]} -eq 0 ] || fail "install first what is missing. Debian, Ubuntu: apt-get install ${missing[*]}"
}

build() {
    [ -e "$turnout_program" ] || "$root/mvnw" -q -B -f "$root/pom.xml" -DskipTests package
    [ -e "$sample_jar" ] || "$root/mvnw" -q -B -f "$root/deploy/sample-app/pom.xml" package
}

# --- What is started, and stopped again -------------------------------------------------------------------------------

work=$(mktemp -d)
started=()

clean_up() {
    local code=$? pid
    trap '' INT TERM HUP
    set +e
    for pid in "${started[@]}" $(cat "$work"/app-*.pid "$work/nginx.pid" 2>/dev/null); do
        kill -TERM "$pid" 2>/dev/null
    done
    wait
    rm -rf "$work"
    exit "$code"
}

trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# listens PORT: somebody does, by the kernel's own table.
listens() {
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
        awk -v port="$(printf '%04X' "$1")" '$4 == "0A" && $2 ~ (":" port "$") { found = 1 } END { exit !found }'
}

# free_port FROM: sets $port to the next port from there that nobody listens on.
free_port() {
    port=$1
    while listens "$port"; do
        port=$((port + 1))
    done
}

# await SECONDS COMMAND...: until the command succeeds.
await() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" 2>/dev/null; do
        [ "$SECONDS" -lt "$deadline" ] || fail "not within its time: $*"
        sleep 0.05
    done
}

# --- nginx ------------------------------------------------------------------------------------------------------------

nginx_() {
    nginx -p "$work/" -c "$work/nginx.conf" -e "$work/error.log" "$@"
}

# start_nginx PORT TARGET: with nginx-compat's site for style variable.
start_nginx() {
    mkdir -p "$work/conf.d" "$work/tmp"
    include=$work/conf.d/service-url.inc
    echo "set \$service_url http://$2;" >"$include"
    sed -e "s|listen 80;|listen 127.0.0.1:$1;|" -e '/listen \[::\]:80;/d' \
        -e "s|/etc/nginx/conf.d/service-url.inc|$include|" "$here/variable-site.conf" >"$work/site.conf"
    {
        [ "$(id -u)" -ne 0 ] || echo "user root;"
        cat <<CONF
worker_processes 2;
pid $work/nginx.pid;
error_log $work/error.log notice;
events { worker_connections 512; }
http {
    access_log off;
    keepalive_requests 1000000;
    client_body_temp_path $work/tmp/body;
    proxy_temp_path $work/tmp/proxy;
    fastcgi_temp_path $work/tmp/fastcgi;
    uwsgi_temp_path $work/tmp/uwsgi;
    scgi_temp_path $work/tmp/scgi;
    include $work/site.conf;
}
CONF
    } >"$work/nginx.conf"
    nginx_
    await 10 listens "$1"
}

# --- The application --------------------------------------------------------------------------------------------------

# start_app PORT: as the tutorial starts it; its process id is in $work/app-PORT.pid.
start_app() {
    "$java" -jar -Dserver.port="$1" "$sample_jar" >"$work/app-$1.log" 2>&1 </dev/null &
    echo $! >"$work/app-$1.pid"
}

# --- Turnout ----------------------------------------------------------------------------------------------------------

# start_turnout NGINX_PORT ADMIN_PORT BLUE GREEN
start_turnout() {
    admin=http://127.0.0.1:$2
    "$turnout_program" -Dturnout.mode=nginx -Dturnout.admin.port="$2" \
        -Dturnout.blue="$3" -Dturnout.green="$4" \
        -Dturnout.state.directory="$work/state" \
        -Dturnout.nginx.include="$include" -Dturnout.nginx.pid="$work/nginx.pid" \
        -Dturnout.nginx.test="nginx -p $work/ -c $work/nginx.conf -e $work/error.log -t" \
        -Dturnout.nginx.reload="nginx -p $work/ -c $work/nginx.conf -e $work/error.log -s reload" \
        -Dturnout.nginx.probe="http://127.0.0.1:$1/turnout-probe" \
        >"$work/turnout.log" 2>&1 </dev/null &
    turnout=$!
    started+=("$turnout")
    await 90 curl -fsS -o /dev/null "$admin/admin/status"
}

# switch SLOT: prints the receipt; fails with the problem if it is refused.
switch() {
    local answer=$work/answer.json status
    status=$(curl -sS -H 'Accept: application/json' -o "$answer" -w '%{http_code}' -X POST "$admin/admin/switch?to=$1")
    [ "$status" = 200 ] || fail "switch to $1: $status $(cat "$answer")"
    cat "$answer"
}

#!/usr/bin/env bash
# Deploys the sample application again and again, by turns as the tutorial's script does and through Turnout in nginx
# mode: the same nginx, the same load of 32 clients on kept connections and 4 that ask for something slow. Prints the
# table of README.md.
#
#     nginx-compat/measure.sh [ROUNDS]      (5)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=private.sh
. "$(dirname "${BASH_SOURCE[0]}")/private.sh"

rounds=${1:-5}
need nginx nginx curl curl netstat net-tools "$java" default-jdk-headless
build
free_port 8000 && front=$port
free_port 18080 && a=$port
free_port $((a + 2)) && b=$port
free_port 9000 && admin_port=$port

millis() {
    date +%s%3N
}

# --- The load ---------------------------------------------------------------------------------------------------------

begin_load() {
    coproc LOAD { exec "$java" "$root/src/test/java/dev/turnout/nginx/BrowserLoad.java" "http://127.0.0.1:$front" 32 4; }
    load_in=${LOAD[1]} load_out=${LOAD[0]}
    started+=("$LOAD_PID")
    sleep 3
}

# end_load: sets $answers, $failed and $again.
end_load() {
    sleep 2
    exec {load_in}>&-
    read -r _ answers _ failed _ again <&"$load_out"
    wait "$LOAD_PID" || true
}

# --- The tutorial's script, its logic to the letter; ports, paths and "service nginx reload" are the private ones -------

# shellcheck disable=SC2086,SC2143,SC2161
deploy_as_the_tutorial() {
    set +e +o pipefail
    serviceA=$(netstat -nltp 2>/dev/null | grep "$a" | awk '{print $7}' | awk -F '/' '{print $1}')
    serviceB=$(netstat -nltp 2>/dev/null | grep "$b" | awk '{print $7}' | awk -F '/' '{print $1}')

    if [ "$serviceA" = "" ]; then
        start_app "$a"
    else
        start_app "$b"
    fi

    while [ 1 ]
    do
        if [ -n "$(netstat -nltp 2>/dev/null | grep "$a")" ] && [ -n "$(netstat -nltp 2>/dev/null | grep "$b")" ]; then
            break
        fi
        sleep 1s
    done

    began=$(millis)
    if [ "$serviceA" = "" ]; then
        echo "set \$service_url http://127.0.0.1:$a;" | tee "$include" >/dev/null
    else
        echo "set \$service_url http://127.0.0.1:$b;" | tee "$include" >/dev/null
    fi

    nginx_ -s reload

    if [ "$serviceA" = "" ]; then
        kill -9 $serviceB
    else
        kill -9 $serviceA
    fi
    took=$(($(millis) - began))
    set -e -o pipefail
}

# --- Through Turnout --------------------------------------------------------------------------------------------------

deploy_through_turnout() {
    local new old slot
    if listens "$a"; then
        old=$a new=$b slot=green
    else
        old=$b new=$a slot=blue
    fi
    start_app "$new"
    await 180 listens "$new"
    began=$(millis)
    switch "$slot" >"$work/receipt.json"
    took=$(($(millis) - began))
    kill -TERM "$(cat "$work/app-$old.pid")"
    await 40 not_listening "$old"
}

not_listening() {
    ! listens "$1"
}

# --- The rounds -------------------------------------------------------------------------------------------------------

# round NAME COMMAND: one deployment under load; a line "NAME took answers failed again" goes to $work/results.
round() {
    begin_load
    "$2" 2>"$work/$1.err"
    end_load
    echo "$1 $took $answers $failed $again" | tee -a "$work/results" >&2
}

start_app "$a"
await 180 listens "$a"
start_nginx "$front" "127.0.0.1:$a"
for _ in $(seq "$rounds"); do
    round tutorial deploy_as_the_tutorial
    start_turnout "$front" "$admin_port" "127.0.0.1:$a" "127.0.0.1:$b"
    round turnout deploy_through_turnout
    kill -TERM "$turnout"
    wait "$turnout" || true
done

# row NAME LABEL: the median of the times, the sums of the rest.
row() {
    local n median
    n=$(grep -c "^$1 " "$work/results")
    median=$(awk -v name="$1" '$1 == name { print $2 }' "$work/results" | sort -n | sed -n "$(((n + 1) / 2))p")
    awk -v name="$1" -v label="$2" -v median="$median" '$1 == name { n++; answers += $3; failed += $4; again += $5 }
        END { printf "| %s | %d | %d ms | %d | %d | %d |\n", label, n, median, answers, failed, again }' "$work/results"
}

echo "| deployed | times | switch, median | answers | failed requests | GETs sent again |"
echo "| --- | --- | --- | --- | --- | --- |"
row tutorial "by the tutorial's script"
row turnout "through Turnout, nginx mode"

#!/usr/bin/env bash
# What a fleet costs: the times of its switches, the CPU time of a member that does nothing, and that of a request beside a
# Turnout that is alone. `bench/fleet.sh --help` says how.
set -eu

# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"
rounds=5
seconds=3
warmups=8
idle=60
switches=60
etcds="1 3"
members="3 5 10"
flips="strict fast"
parts="times idle requests"
usage() {
    cat <<EOT
usage: bench/fleet.sh [--parts "NAME ..."] [--switches N] [--etcds "N ..."] [--members "N ..."] [--flips "KIND ..."]
                      [--idle SECONDS] [--rounds N] [--seconds N] [--warmups N]
  --parts ...    which parts are measured ($parts)
  --switches N   how many switches each fleet makes, after a fifth as many to warm up ($switches)
  --etcds ...    how many nodes etcd has ($etcds)
  --members ...  how many members the fleet has ($members)
  --flips ...    whether members hold requests from the vote to the decision ($flips)
  --idle N       for how many seconds members that do nothing are looked at, after half as many to settle ($idle)
  --rounds N, --seconds N, --warmups N
                 of the CPU time per request, as those of compare.sh ($rounds, $seconds, $warmups)
Everything runs on this machine and shares its cores: the more members, the more the times tell of the cores.
Environment: ETCD, TURNOUT_BINARY, TURNOUT_JVM, TURNOUT_JVM_OPTIONS
EOT
}
take_options "parts switches etcds members flips idle rounds seconds warmups" "$@"
[ ${#operands[@]} = 0 ] || { usage >&2; exit 2; }

need nginx nginx
need curl curl
need java default-jre-headless
etcd=${ETCD:-etcd}
need "$etcd" etcd-server
PATH=$PATH:/usr/sbin
need_built "${TURNOUT_BINARY:-$root/target/quarkus-app/quarkus-run.jar}"
has() { case " $parts " in *" $1 "*) true ;; *) false ;; esac; }

# start_etcd NODES: sets $endpoints, and $etcd_pids.
start_etcd() {
    local node urls=() peers=() cluster=
    etcd_pids=()
    for node in $(seq "$1"); do
        urls[node]=http://127.0.0.1:$(free_port)
        peers[node]=http://127.0.0.1:$(free_port)
        cluster=$cluster,n$node=${peers[node]}
    done
    rm -rf "$work/etcd"
    mkdir "$work/etcd"
    for node in $(seq "$1"); do
        on_cpu "$proxy_cpu" "$etcd" --name "n$node" --data-dir "$work/etcd/n$node" --logger zap \
            --listen-client-urls "${urls[node]}" --advertise-client-urls "${urls[node]}" \
            --listen-peer-urls "${peers[node]}" --initial-advertise-peer-urls "${peers[node]}" --initial-cluster "${cluster#,}"
        etcd_pids+=("$last")
    done
    for node in $(seq "$1"); do
        for _ in $(seq 300); do
            curl -fsS -m 2 "${urls[node]}/health" 2>/dev/null | grep -q '"health":"true"' && break
            sleep 0.1
        done
    done
    endpoints=$(IFS=,; echo "${urls[*]}")
}

# start_member NAME [OPTION...]: a Turnout that is given etcd.
start_member() {
    local name=$1
    shift
    start_turnout "$name" -Dturnout.access-log=off -Dturnout.show-slot=true "-Dturnout.fleet.endpoints=$endpoints" \
        "-Dturnout.fleet.member=$name" "$@"
}

# times NODES MEMBERS FLIP: a row of the table.
times() {
    local i word="init" places=()
    start_etcd "$1"
    for i in $(seq "$2"); do
        start_member "m$i" "-Dturnout.fleet.flip=$3"
        places+=("${port[m$i]}:$admin")
    done
    for i in $(seq "$2"); do
        enter_fleet "${places[i - 1]#*:}" "$word"
        word="join"
    done
    sleep 3
    java "$here/FleetTimes.java" "$1 etcd, $2 members, $3" "$switches" $((switches / 5)) "${endpoints%%,*}" "${places[@]}"
    for i in $(seq "$2"); do
        stop "${pid[m$i]}"
        rm -rf "$work/m$i-state"
    done
    for i in "${etcd_pids[@]}"; do stop "$i"; done
}

# core PID SECONDS TICKS: how much of a core a process has used since its clock showed so many ticks.
core() {
    awk -v ticks=$(($(cpu_ticks "$1") - $3)) -v seconds="$2" 'BEGIN { printf "%.2f %%", ticks / seconds }'
}

if has times; then
    all_cores=0-$(($(nproc) - 1))
    proxy_cpu=$all_cores load_cpu=$all_cores start_backend
    proxy_cpu=$all_cores
    echo "Times in ms, p50 / p90 / p99"
    echo
    echo "| fleet | switches | hold of a member | requests held by a member | first to last flip | commit to last flip | whole answer | slowest request of a client | switches with an answer out of order |"
    echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for nodes in $etcds; do
        for count in $members; do
            for flip in $flips; do
                echo "bench: $nodes etcd, $count members, $flip" >&2
                times "$nodes" "$count" "$flip"
            done
        done
    done
    proxy_cpu=0
    echo
fi

if has idle; then
    [ -n "${backend:-}" ] || start_backend
    proxy_cpu=$load_cpu start_etcd 1
    start_turnout alone -Dturnout.access-log=off
    start_member m1
    enter_fleet "$admin" init
    echo "bench: idle members" >&2
    sleep $((idle / 2))
    declare -A before
    pid[etcd]=${etcd_pids[0]}
    for name in alone m1 etcd; do before[$name]=$(cpu_ticks "${pid[$name]}"); done
    sleep "$idle"
    echo "Idle for $idle s, share of a core: alone $(core "${pid[alone]}" "$idle" "${before[alone]}"), as the only member of a" \
        "fleet $(core "${pid[m1]}" "$idle" "${before[m1]}"), etcd $(core "${pid[etcd]}" "$idle" "${before[etcd]}")"
    echo
    for name in alone m1 etcd; do stop "${pid[$name]}"; done
fi

if has requests; then
    proxy_cpu=$load_cpu start_etcd 1
    place=${TURNOUT_BINARY:-$root}
    "$here/compare.sh" --rounds "$rounds" --seconds "$seconds" --warmups "$warmups" --member member \
        "alone=$place" "alone-again=$place" \
        "member=$place@-Dturnout.fleet.endpoints=$endpoints -Dturnout.fleet.member=m1"
    echo
fi
machine
if [ -n "${TURNOUT_BINARY:-}" ]; then echo "Turnout native;"; else "$jvm" -version 2>&1 | sed -n '2s/$/;/p'; fi
"$etcd" --version | sed -n 1p

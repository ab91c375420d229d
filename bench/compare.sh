#!/usr/bin/env bash
# CPU time per proxied request of several Turnouts beside each other, in interleaved rounds on one core: what a change,
# an option or a canary costs. `bench/compare.sh --help` says how.
set -eu

rounds=5
seconds=3
warmups=8
cells="get:1024:32"
canary=
member=
usage() {
    cat <<EOF
usage: bench/compare.sh [--rounds N] [--seconds N] [--warmups N] [--cells "KIND:BYTES:CONNECTIONS ..."]
                        [--canary "NAME=WEIGHT ..."] [--member NAME] NAME=PLACE[@JAVA OPTIONS] ...
Each NAME is a Turnout: PLACE is the folder that it was built in, or an executable. The ratios are to the first one.
A canary goes to the same application. The one of --member begins the fleet that its options tell of. Cells: get, post (wrk),
chunks (one chunk), chunks64k, chunks128k, chunks256k, chunks1m (wrk, a body in chunks of this size), and h2, h2c (h2load)
with streams of each connection as a fourth number: h2:1024:32:10.
EOF
}
# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"
take_options "rounds seconds warmups cells canary member" "$@"
[ ${#operands[@]} -gt 0 ] || { usage >&2; exit 2; }

need nginx nginx
need wrk wrk
need curl curl
need h2load nghttp2-client
need openssl openssl
PATH=$PATH:/usr/sbin

# measured NAME CELL SECONDS: loads one Turnout. Returns how many requests it has answered, and how many failed.
measured() {
    case $2 in
        h2*)
            streams "$1" "$2" "$3" -D "$3" >"$work/h2load.out" || true
            answered
            ;;
        *) load "$1" "$2" "$3" | awk '/requests in/ { n = $1 } /Non-2xx/ { bad += $NF } /Socket errors/ { gsub(",", ""); bad += $4 + $6 + $8 + $10 } END { print n + 0, bad + 0 }' ;;
    esac
}

start_backend
certificate ec ec ec_paramgen_curve:P-256
names=()
for variant in "${operands[@]}"; do
    name=${variant%%=*}
    root=${variant#*=}
    options=
    case $root in *@*) options=${root#*@} root=${root%%@*} ;; esac
    TURNOUT_BINARY=
    [ -d "$root" ] || TURNOUT_BINARY=$root
    secure[$name]=$(free_port)
    # shellcheck disable=SC2086
    start_turnout "$name" -Dturnout.access-log=off "-Dturnout.tls.port=${secure[$name]}" \
        "-Dturnout.tls.directory=$work/certificates" $options
    names+=("$name")
    [ "$member" != "$name" ] || enter_fleet "$admin" init
    for one in $canary; do
        # shellcheck disable=SC2154
        [ "${one%=*}" != "$name" ] ||
            curl -fsS -X POST "http://127.0.0.1:$admin/admin/canary?force=true&weight=${one#*=}" >/dev/null
    done
done

for _ in $(seq "$warmups"); do
    for cell in $cells; do
        for name in "${names[@]}"; do measured "$name" "$cell" 1 >/dev/null; done
    done
done
for round in $(seq "$rounds"); do
    for cell in $cells; do
        for offset in "${!names[@]}"; do
            name=${names[(round + offset) % ${#names[@]}]}
            before=$(cpu_ticks "${pid[$name]}")
            read -r count failed < <(measured "$name" "$cell" "$seconds")
            note "$round" "$name" "$cell" $(($(cpu_ticks "${pid[$name]}") - before)) "$count" "$failed"
        done
    done
done

echo "CPU time per request, to ${names[0]}: median (lowest-highest of $rounds rounds of $seconds s)"
echo
awk -v names="${names[*]}" -v cells="$cells" "$ratios"'
    END {
        n = split(names, name, " ")
        head = "| cell |"
        line = "| --- |"
        for (i = 2; i <= n; i++) { head = head " " name[i] " |"; line = line " --- |" }
        print head " " name[1] ": µs |"; print line " --- |"
        m = split(cells, cell, " ")
        for (c = 1; c <= m; c++) {
            row = "| " cell[c] " |"
            for (i = 2; i <= n; i++) row = row " " ratio(name[i], name[1], cell[c]) " |"
            printf "%s %.1f |\n", row, median(name[1], cell[c])
        }
        print "\nFailed:"
        for (one in failed) print one, failed[one]
    }' "$work/results"

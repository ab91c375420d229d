#!/usr/bin/env bash
# CPU time per proxied request of several Turnouts beside each other, in interleaved rounds on one core: what a change,
# an option or a canary costs. `bench/compare.sh --help` says how.
set -eu

rounds=5
seconds=3
warmups=8
cells="get:1024:32"
canaries=
usage() {
    cat <<EOF
usage: bench/compare.sh [--rounds N] [--seconds N] [--warmups N] [--cells "KIND:BYTES:CONNECTIONS ..."]
                        [--canary "NAME=WEIGHT ..."] NAME=FOLDER[@JAVA OPTIONS] ...
Each NAME is a Turnout that was built in FOLDER; the ratios are to the first one. A canary goes to the same application.
EOF
}
while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=$2; shift 2 ;;
        --seconds) seconds=$2; shift 2 ;;
        --warmups) warmups=$2; shift 2 ;;
        --cells) cells=$2; shift 2 ;;
        --canary) canaries=$2; shift 2 ;;
        --help) usage; exit 0 ;;
        -*) usage >&2; exit 2 ;;
        *) break ;;
    esac
done
[ $# -gt 0 ] || { usage >&2; exit 2; }

# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"
need nginx nginx
need wrk wrk
need curl curl
PATH=$PATH:/usr/sbin

start_backend
names=()
for variant in "$@"; do
    name=${variant%%=*}
    root=${variant#*=}
    options=
    case $root in *@*) options=${root#*@} root=${root%%@*} ;; esac
    # shellcheck disable=SC2086
    start_turnout "$name" $options
    names+=("$name")
    for canary in $canaries; do
        # shellcheck disable=SC2154
        [ "${canary%=*}" != "$name" ] ||
            curl -fsS -X POST "http://127.0.0.1:$admin/admin/canary?force=true&weight=${canary#*=}" >/dev/null
    done
done

for _ in $(seq "$warmups"); do
    for cell in $cells; do
        for name in "${names[@]}"; do load "$name" "$cell" 1 >/dev/null; done
    done
done
for round in $(seq "$rounds"); do
    for cell in $cells; do
        for offset in "${!names[@]}"; do
            name=${names[(round + offset) % ${#names[@]}]}
            before=$(cpu_ticks "${pid[$name]}")
            load "$name" "$cell" "$seconds" >"$work/wrk.out"
            after=$(cpu_ticks "${pid[$name]}")
            awk -v head="$round $name $cell" -v ticks=$((after - before)) \
                '/requests in/ { printf "%s %.3f\n", head, ticks * 10000 / $1 }' "$work/wrk.out" >>"$work/results"
        done
    done
done

echo "CPU time per request, to ${names[0]}: median (lowest-highest of $rounds rounds of $seconds s)"
echo
awk -v names="${names[*]}" -v cells="$cells" '
    function middle(list, n,    i, j, t) {
        for (i = 2; i <= n; i++) for (j = i; j > 1 && list[j - 1] > list[j]; j--) {
            t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
        }
        return sprintf("%.2f (%.2f-%.2f)", list[int((n + 1) / 2)], list[1], list[n])
    }
    { rounds = $1 > rounds ? $1 : rounds; value[$1, $2, $3] = $4 }
    END {
        n = split(names, name, " ")
        head = "| cell |"
        line = "| --- |"
        for (i = 2; i <= n; i++) { head = head " " name[i] " |"; line = line " --- |" }
        print head; print line
        m = split(cells, cell, " ")
        for (c = 1; c <= m; c++) {
            row = "| " cell[c] " |"
            for (i = 2; i <= n; i++) {
                for (r = 1; r <= rounds; r++) list[r] = value[r, name[i], cell[c]] / value[r, name[1], cell[c]]
                row = row " " middle(list, rounds) " |"
            }
            print row
        }
    }' "$work/results"

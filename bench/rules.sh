#!/usr/bin/env bash
# What rules cost: CPU time per request of a service without rules, of one beside a service with ten rules, of one with ten
# rules that its requests are held against, and of one with ten of which three apply. `bench/rules.sh --help` says how.
set -eu

usage() {
    cat <<EOF
usage: bench/rules.sh [--rounds N] [--seconds N] [--cells "KIND:BYTES:CONNECTIONS ..."] [PLACE]
PLACE is the folder that Turnout was built in, or an executable; without it this folder. The ratios are to a service without
rules: "beside" has to be 1 within the spread of the rounds, "ten" and "applied" 1.05 at most. Options are those of compare.sh.
EOF
}
options=()
while [ $# -gt 0 ]; do
    case $1 in
        --help) usage; exit 0 ;;
        -*) options+=("$1" "$2"); shift 2 ;;
        *) break ;;
    esac
done
here=$(cd "$(dirname "$0")" && pwd)
place=${1:-$(dirname "$here")}

# rules PREFIX: ten rules that the requests of the cells are held against, and that are for none of them.
rules() {
    printf ' -D%s.rules."r%s".path=/r%s/*,*.r%s -D%s.rules."r%s".redirect=/moved' \
        "$1" 0 0 0 "$1" 0 "$1" 1 1 1 "$1" 1 "$1" 2 2 2 "$1" 2
    printf ' -D%s.rules."r%s".header=User-Agent:*bot%s* -D%s.rules."r%s".answer=no' "$1" 3 3 "$1" 3 "$1" 4 4 "$1" 4
    printf ' -D%s.rules."r%s".client=10.%s.0.0/16 -D%s.rules."r%s".rate=10/s' "$1" 5 5 "$1" 5 "$1" 6 6 "$1" 6
    printf ' -D%s.rules."r7".deny=192.0.2.0/24' "$1"
}

# changes PREFIX: three rules that are for every request of the cells.
changes() {
    printf ' -D%s.rules."r8".request-set=X-One:1 -D%s.rules."r9".response-set=X-Two:2' "$1" "$1"
}

beside='-Dturnout.services."other".hosts=other.example -Dturnout.services."other".blue=127.0.0.1:1'
beside="$beside -Dturnout.services.\"other\".green=127.0.0.1:2"
never() { printf ' -D%s.rules."r8".method=PURGE -D%s.rules."r8".answer=no -D%s.rules."r9".host=none.example -D%s.rules."r9".answer=no' "$1" "$1" "$1" "$1"; }

exec "$here/compare.sh" "${options[@]}" \
    "none=$place" \
    "beside=$place@$beside$(rules 'turnout.services."other"')$(never 'turnout.services."other"')" \
    "ten=$place@$(rules turnout)$(never turnout)" \
    "applied=$place@$(rules turnout)$(changes turnout)"

#!/usr/bin/env bash
# What tracing adds to the CPU time of a request: one process, whose tracing is set anew by a reload before each measurement,
# in interleaved rounds. `bench/tracing.sh --help` says how to choose rounds and cells.
set -eu

rounds=7
seconds=3
warmups=8
cells="get:1024:32 get:1024:1"
variants="off off-again unrecorded one-percent all scraped"
usage() {
    cat <<EOF
usage: bench/tracing.sh [--rounds N] [--seconds N] [--warmups N] [--cells "KIND:BYTES:CONNECTIONS ..."]
                        [--variants "NAME ..."]
  --rounds N    rounds, each of which measures every variant in every cell ($rounds)
  --seconds N   how long each measurement takes ($seconds)
  --warmups N   how many seconds each variant has in every cell before anything is measured ($warmups)
  --cells ...   what is measured ($cells)
  --variants .. which settings are compared with the first of them ($variants)
Variants: off; off again, which shows what the machine adds; traces that go on and none recorded; 1 % recorded; all recorded;
off, with metrics that are scraped each second.
Environment: TURNOUT_BINARY, TURNOUT_JVM, TURNOUT_JVM_OPTIONS
EOF
}
# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"
take_options "rounds seconds warmups cells variants" "$@"
[ ${#operands[@]} = 0 ] || { usage >&2; exit 2; }

need nginx nginx
need wrk wrk
need curl curl
need taskset util-linux
PATH=$PATH:/usr/sbin
need_built "${TURNOUT_BINARY:-$root/target/quarkus-app/quarkus-run.jar}"

settings=$work/tracing.properties
: >"$settings"
start_backend
start_turnout turnout -Dturnout.access-log=off "-Dquarkus.config.locations=$settings"

# set_tracing VARIANT
set_tracing() {
    local ratio=
    case $1 in
        unrecorded) ratio=0 ;;
        one-percent) ratio=0.01 ;;
        all) ratio=1 ;;
    esac
    if [ -z "$ratio" ]; then
        : >"$settings"
    else
        printf 'turnout.tracing.url=http://127.0.0.1:%s/upload\nturnout.tracing.ratio=%s\n' "$backend" "$ratio" >"$settings"
    fi
    curl -fsS -X POST "http://127.0.0.1:$admin/admin/reload?force=true" >/dev/null
}

# measure ROUND VARIANT CELL: appends "round variant cell cpu-microseconds" to the results.
measure() {
    local before after scraper=
    set_tracing "$2"
    load turnout "$3" 1 >/dev/null
    if [ "$2" = scraped ]; then
        (while :; do curl -fsS "http://127.0.0.1:$admin/q/metrics" >/dev/null; sleep 1; done) &
        scraper=$!
    fi
    before=$(cpu_ticks "${pid[turnout]}")
    load turnout "$3" "$seconds" >"$work/wrk.out"
    after=$(cpu_ticks "${pid[turnout]}")
    [ -z "$scraper" ] || kill "$scraper"
    awk -v head="$1 $2 $3" -v ticks=$((after - before)) '
        /requests in/ { requests = $1 }
        /Non-2xx|Socket errors/ { print "bench: " $0 >"/dev/stderr" }
        END { printf "%s %.3f\n", head, ticks * 10000 / requests }
    ' "$work/wrk.out" >>"$work/results"
}

echo "bench: warming up" >&2
for variant in $variants; do
    set_tracing "$variant"
    for cell in $cells; do load turnout "$cell" "$warmups" >/dev/null; done
done
read -ra list <<<"$variants"
for round in $(seq "$rounds"); do
    for cell in $cells; do
        echo "bench: round $round of $rounds, $cell" >&2
        for offset in "${!list[@]}"; do
            measure "$round" "${list[(round + offset) % ${#list[@]}]}" "$cell"
        done
    done
done

echo "$(date -u +%F), $(uname -sr), $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), one core;"
if [ -n "${TURNOUT_BINARY:-}" ]; then echo "Turnout native;"; else "$jvm" -version 2>&1 | sed -n '2s/$/;/p'; fi
echo "$rounds rounds of $seconds s"
echo
awk -v variants="$variants" -v cells="$cells" '
    function sorted(list, n,    i, j, t) {
        for (i = 2; i <= n; i++) for (j = i; j > 1 && list[j - 1] > list[j]; j--) {
            t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
        }
    }
    function least(name, cell,    i, low) {
        low = value[1, name, cell]
        for (i = 2; i <= rounds; i++) if (value[i, name, cell] < low) low = value[i, name, cell]
        return low
    }
    { rounds = $1 > rounds ? $1 : rounds; value[$1, $2, $3] = $4 }
    END {
        n = split(cells, cell, " "); m = split(variants, variant, " ")
        print "CPU time per request / that of the first variant: median (lowest-highest of the rounds), and of the least disturbed rounds\n"
        printf "| cell |"; for (v = 2; v <= m; v++) printf " %s |", variant[v]; print " " variant[1] ", µs |"
        printf "| --- |"; for (v = 2; v <= m; v++) printf " --- |"; print " --- |"
        for (c = 1; c <= n; c++) {
            printf "| %s |", cell[c]
            for (v = 2; v <= m; v++) {
                for (i = 1; i <= rounds; i++) list[i] = value[i, variant[v], cell[c]] / value[i, variant[1], cell[c]]
                sorted(list, rounds)
                printf " %.3f (%.2f-%.2f), %.3f |", list[int((rounds + 1) / 2)], list[1], list[rounds],
                    least(variant[v], cell[c]) / least(variant[1], cell[c])
            }
            for (i = 1; i <= rounds; i++) list[i] = value[i, variant[1], cell[c]]
            sorted(list, rounds)
            printf " %.1f |\n", list[int((rounds + 1) / 2)]
        }
    }
' "$work/results"

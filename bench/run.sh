#!/usr/bin/env bash
# CPU time per proxied request, throughput and latency of Turnout beside nginx and HAProxy, in interleaved rounds on one
# core; prints a Markdown table of ratios. `bench/run.sh --help` says how to choose rounds, cells and proxies.
set -eu

rounds=5
seconds=3
cells="get:1024:32 get:1024:1 get:1024:256 get:65536:32 get:1048576:32 post:65536:32"
warmups=8
with_log=
syscalls=
usage() {
    cat <<EOF
usage: bench/run.sh [--rounds N] [--seconds N] [--warmups N] [--cells "KIND:BYTES:CONNECTIONS ..."] [--all] [--log] [--syscalls]
  --rounds N    rounds, each of which measures every proxy in every cell ($rounds)
  --seconds N   how long each measurement takes ($seconds)
  --warmups N   how many seconds Turnout has in every cell before anything is measured ($warmups)
  --cells ...   what is measured ($cells)
  --all         also GET 128 B and 1 KB, 64 KB, 1 MB at 1, 32 and 256 connections
  --log         every proxy writes its access log
  --syscalls    also counts system calls per request (needs strace)
Environment: TURNOUT_BINARY, TURNOUT_JVM, TURNOUT_JVM_OPTIONS
EOF
}
while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=$2; shift 2 ;;
        --seconds) seconds=$2; shift 2 ;;
        --warmups) warmups=$2; shift 2 ;;
        --cells) cells=$2; shift 2 ;;
        --all)
            cells=
            for bytes in 128 1024 65536 1048576; do
                for connections in 1 32 256; do cells="$cells get:$bytes:$connections"; done
            done
            cells="$cells post:65536:32"
            shift ;;
        --log) with_log=1; shift ;;
        --syscalls) syscalls=1; shift ;;
        --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
done

# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"
need nginx nginx
need haproxy haproxy
need wrk wrk
need taskset util-linux
[ -z "$syscalls" ] || need strace strace
PATH=$PATH:/usr/sbin
need_built "${TURNOUT_BINARY:-$root/target/quarkus-app/quarkus-run.jar}"

nginx_log=off haproxy_log="" haproxy_httplog="" turnout_log=off
if [ -n "$with_log" ]; then
    nginx_log="@NAME@.access combined buffer=16k flush=1s"
    haproxy_log="log stdout format raw local0"
    haproxy_httplog="log global\n    option httplog"
    turnout_log=combined
fi
start_backend
start_nginx tuned nginx-tuned.conf "${nginx_log/@NAME@/tuned}" ""
start_nginx large nginx-tuned.conf "${nginx_log/@NAME@/large}" "proxy_buffers 8 64k; proxy_buffer_size 64k;"
start_nginx seed nginx-seed.conf "${nginx_log/@NAME@/seed}" ""
start_haproxy haproxy "$haproxy_log" "$haproxy_httplog"
start_haproxy splicing "$haproxy_log" "$haproxy_httplog\n    option splice-auto"
start_turnout turnout "-Dturnout.access-log=$turnout_log" "-Dturnout.access-log-file=$work/turnout.access"
proxies=(turnout tuned large haproxy splicing seed)

# measure ROUND NAME CELL: appends "round name cell cpu-microseconds requests/s p50 p99 errors" to the results.
measure() {
    local before after
    before=$(cpu_ticks "${pid[$2]}")
    load "$2" "$3" "$seconds" >"$work/wrk.out"
    after=$(cpu_ticks "${pid[$2]}")
    awk -v head="$1 $2 $3" -v ticks=$((after - before)) '
        function micros(text) {
            if (text ~ /us$/) return text + 0
            if (text ~ /ms$/) return text * 1000
            return text * 1000000
        }
        /requests in/ { requests = $1 }
        /^Requests\/sec/ { rate = $2 }
        $1 == "50%" { p50 = micros($2) }
        $1 == "99%" { p99 = micros($2) }
        /Non-2xx/ { errors += $NF }
        /Socket errors/ { gsub(",", ""); errors += $4 + $6 + $8 + $10 }
        END { printf "%s %.3f %.0f %.0f %.0f %d\n", head, ticks * 10000 / requests, rate, p50, p99, errors }
    ' "$work/wrk.out" >>"$work/results"
}

# A JVM compiles anew what it meets anew, and new connections are such: it is warmed up as it is measured, in bouts.
echo "bench: warming up" >&2
for _ in $(seq "$warmups"); do
    for cell in $cells; do load turnout "$cell" 1 >/dev/null; done
done
for cell in $cells; do
    for name in "${proxies[@]}"; do load "$name" "$cell" 1 >/dev/null; done
done
for round in $(seq "$rounds"); do
    for cell in $cells; do
        echo "bench: round $round of $rounds, $cell" >&2
        for offset in "${!proxies[@]}"; do
            measure "$round" "${proxies[(round + offset) % ${#proxies[@]}]}" "$cell"
        done
    done
done

machine
if [ -n "${TURNOUT_BINARY:-}" ]; then echo "Turnout native;"; else "$jvm" -version 2>&1 | sed -n '2s/$/;/p'; fi
echo "$(peers); $rounds rounds of $seconds s${with_log:+, access logs on}"
echo
awk -v proxies="${proxies[*]}" -v cells="$cells" "$sorted"'
    function ratio(cell, other, what,    i, n, list) {
        n = 0
        for (i = 1; i <= rounds; i++) {
            base = value[i, other, cell, what]
            if (base > 0) list[++n] = value[i, "turnout", cell, what] / base
        }
        sorted(list, n)
        return n ? sprintf("%.2f (%.2f-%.2f)", list[int((n + 1) / 2)], list[1], list[n]) : "-"
    }
    function median(name, cell, what,    i, list) {
        for (i = 1; i <= rounds; i++) list[i] = value[i, name, cell, what]
        sorted(list, rounds)
        return list[int((rounds + 1) / 2)]
    }
    { rounds = $1 > rounds ? $1 : rounds; for (i = 4; i <= 7; i++) value[$1, $2, $3, i] = $i; errors[$2] += $8 }
    END {
        n = split(cells, cell, " ")
        print "CPU time per request, Turnout / other: median (lowest-highest of the rounds)\n"
        print "| cell | vs best nginx | vs nginx tuned | vs nginx large buffers | vs HAProxy | vs HAProxy that splices | vs the seed'"'"'s nginx | Turnout, µs |"
        print "| --- | --- | --- | --- | --- | --- | --- | --- |"
        for (c = 1; c <= n; c++) {
            best = median("tuned", cell[c], 4) < median("large", cell[c], 4) ? "tuned" : "large"
            printf "| %s | %s | %s | %s | %s | %s | %s | %.1f |\n", cell[c], ratio(cell[c], best, 4), ratio(cell[c], "tuned", 4),
                ratio(cell[c], "large", 4), ratio(cell[c], "haproxy", 4), ratio(cell[c], "splicing", 4), ratio(cell[c], "seed", 4), median("turnout", cell[c], 4)
        }
        print "\nThroughput and latency, Turnout / other\n"
        print "| cell | requests/s vs tuned | vs HAProxy | p50 vs tuned | vs HAProxy | p99 vs tuned | vs HAProxy |"
        print "| --- | --- | --- | --- | --- | --- | --- |"
        for (c = 1; c <= n; c++) {
            printf "| %s |", cell[c]
            for (what = 5; what <= 7; what++) printf " %s | %s |", ratio(cell[c], "tuned", what), ratio(cell[c], "haproxy", what)
            print ""
        }
        print "\nFailed requests:" ; m = split(proxies, name, " ")
        for (p = 1; p <= m; p++) printf "%s %d%s", name[p], errors[name[p]], p < m ? ", " : "\n"
    }
' "$work/results"
echo
printf 'RSS now, MiB:'
for name in "${proxies[@]}"; do printf ' %s %s' "$name" "$(rss_mib "${pid[$name]}")"; done
echo

# calls NAME CELL: the system calls of a proxy per request, and with a third word those that it makes most often.
calls() {
    local tracer requests
    timeout 4 strace -c -f -p "${pid[$1]}" -o "$work/strace" 2>/dev/null &
    tracer=$!
    sleep 0.5
    requests=$(load "$1" "$2" 3 | awk '/requests in/ { print $1 }')
    wait "$tracer" || true
    awk -v requests="$requests" -v names="${3:-}" '
        $1 ~ /^[0-9.]+$/ && $NF != "total" { all += $4; if ($4 >= requests / 20) often[++n] = sprintf("%8.1f %s", $4 / requests, $NF) }
        END {
            printf "%.1f", all / requests
            for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (often[j] > often[i]) { t = often[i]; often[i] = often[j]; often[j] = t }
            for (i = 1; names && i <= n; i++) { sub(/^ +/, "", often[i]); printf "%s%s", i == 1 ? ": " : ", ", often[i] }
        }
    ' "$work/strace"
}

if [ -n "$syscalls" ]; then
    printf '\nSystem calls per request\n\n| cell | nginx tuned | nginx large buffers | HAProxy | HAProxy that splices | Turnout |\n'
    echo "| --- | --- | --- | --- | --- | --- |"
    for cell in $cells; do
        printf '| %s |' "$cell"
        for name in tuned large haproxy splicing; do printf ' %s |' "$(calls "$name" "$cell")"; done
        printf ' %s |\n' "$(calls turnout "$cell" named)"
    done
fi

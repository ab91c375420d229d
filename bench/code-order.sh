#!/usr/bin/env bash
# Prints the methods that a start, requests and calls of operators need, for the order of the code in an executable.
# `bench/code-order.sh --help` says how.
set -eu

usage() {
    cat <<EOF
usage: bench/code-order.sh EXECUTABLE >src/main/native/META-INF/native-image/dev.turnout/turnout/code-order.txt
The executable is one with its symbols: -Dquarkus.native.additional-build-args=-H:-DeleteLocalSymbols. The list begins with
the methods of requests. The next executable has its code in this order: see dev.turnout.image.CodeOrder.
EOF
}
# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"
take_options "" "$@"
[ ${#operands[@]} -eq 1 ] || { usage >&2; exit 2; }
executable=$(readlink -f "${operands[0]}")

need valgrind valgrind
need nginx nginx
need wrk wrk
need curl curl
need openssl openssl
PATH=$PATH:/usr/sbin

# The counts go to calls.1 for the start, calls.2 for the work, and calls for the end.
cat >"$work/counted" <<EOF
#!/bin/sh
exec valgrind --tool=callgrind --callgrind-out-file=$work/calls $executable "\$@"
EOF
chmod +x "$work/counted"

# dump: ends one file of counts and begins the next.
dump() {
    callgrind_control --dump "${pid[turnout]}" >"$work/dumped" 2>&1
}

# methods FILE...: the names of the methods in files of counts, without the builder's code for class and parameters.
methods() {
    sed -nE "s/^c?fn=\([0-9]+\) ([^ ]+)_[0-9A-Za-z]{22}('[0-9]+)?$/\1/p" "$@" | LC_ALL=C sort -u
}

start_backend
certificate ec ec ec_paramgen_curve:P-256
secure[turnout]=$(free_port)
export TURNOUT_BINARY=$work/counted
start_turnout turnout -Dturnout.access-log=combined "-Dturnout.tls.port=${secure[turnout]}" \
    "-Dturnout.tls.directory=$work/certificates"
dump
for cell in get:1024:4 get:65536:4 get:1048576:2 post:65536:4; do
    load turnout "$cell" 3 >"$work/load"
done
for _ in 1 2 3; do
    for protocol in --http1.1 --http2; do
        for path in 1024 65536; do
            curl -sk -m 60 "$protocol" "https://127.0.0.1:${secure[turnout]}/$path" >"$work/answer"
        done
        curl -sk -m 60 "$protocol" --data-binary "@$work/files/65536" "https://127.0.0.1:${secure[turnout]}/upload" >"$work/answer"
    done
    for path in admin/status metrics q/health; do curl -s -m 60 "http://127.0.0.1:$admin/$path" >"$work/answer"; done
    curl -s -m 60 -X POST "http://127.0.0.1:$admin/admin/switch" >"$work/answer"
done
dump
stop "${pid[turnout]}"

methods "$work/calls.2" >"$work/requests"
methods "$work/calls" "$work/calls.1" >"$work/others"
[ -s "$work/requests" ] || { echo "bench: $executable has no symbols" >&2; exit 1; }
echo "# What bench/code-order.sh saw: $(date -u +%F)."
cat "$work/requests"
LC_ALL=C comm -13 "$work/requests" "$work/others"

#!/usr/bin/env bash
# All figures in one go: runs the other scripts one after another for the executable and for each Java, and prints one
# Markdown document with the machine, the day and the versions. It takes about an hour and a half on a machine that nobody else uses,
# and an hour with three rounds.
set -euo pipefail

native=
javas=java
quick=
few=() long=() steps=() kept=()
usage() {
    cat <<EOF
usage: bench/table.sh [--native EXECUTABLE] [--java "JAVA ..."] [--rounds N | --quick]
  --native EXECUTABLE  what './mvnw package -Dnative' has made
  --java ...           the Java virtual machines that the jars run on ($javas); '' for none
  --rounds N           as many rounds of each, and not as many as each script has by itself
  --quick              one short round of each, to see that all of it works
Environment: NGINX, the nginx that Turnout is measured beside (else the one in PATH)
EOF
}
while [ $# -gt 0 ]; do
    case $1 in
        --native) native=$(readlink -f "$2"); shift 2 ;;
        --java) javas=$2; shift 2 ;;
        --rounds) few=(--rounds "$2") long=(--rounds "$2") kept=(--rounds "$2"); shift 2 ;;
        --quick) quick=1; shift ;;
        --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
done
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
installed=$(dirname "$here")/target/turnout

# part HEADING COMMAND...: what a script prints, below a heading. One that fails leaves a line, and the others go on.
part() {
    local heading=$1
    shift
    printf '## %s\n\n    %s\n\n' "$heading" "${*##*/}"
    echo "bench: $heading" >&2
    "$@" || printf '\nThis part failed.\n'
    echo
}

if [ -n "$quick" ]; then
    few=(--rounds 1 --seconds 1)
    long=(--rounds 1 --seconds 1 --handshakes 200 --idle 100 --warmup 1)
    steps=(--warmups 1 --connections "1 64" --services "1 10" --targets "1 4")
    kept=(--rounds 1)
fi

echo "# Turnout beside nginx and HAProxy"
echo
echo "$(date -u +%F), $(uname -srm), $(nproc) cores, $(git -C "$here" rev-parse --short HEAD 2>/dev/null || echo 'no commit')"
echo
if [ -n "$native" ]; then
    export TURNOUT_BINARY=$native
    part "Requests, executable" "$here/run.sh" "${few[@]}"
    part "Requests, executable, access logs on" "$here/run.sh" --log "${few[@]}"
    part "System calls, executable" "$here/run.sh" --rounds 1 --seconds 1 --warmups 1 --syscalls
    part "TLS, executable" "$here/tls.sh" "${long[@]}"
    part "HTTP/2, executable" "$here/http2.sh" "${few[@]}"
    part "Connections, services and targets, executable" "$here/curves.sh" "${few[@]}" "${steps[@]}"
    part "Flips, executable" "$here/flips.sh"
    part "Idle clients, executable" "$here/idle.sh" ${quick:+500}
    part "Start and memory, executable" "$here/start.sh" "${kept[@]}" "$native"
    unset TURNOUT_BINARY
fi
copies=$(mktemp -d)
trap 'rm -rf "$copies"' EXIT
for java in $javas; do
    export TURNOUT_JVM=$java
    name=$("$java" -version 2>&1 | sed -n 's/^[^"]*"\([^"]*\)".*/Java \1/p;1q')
    part "Requests, $name" "$here/run.sh" "${few[@]}"
    part "Flips, $name" "$here/flips.sh"
    # As the package does it at its installation: each Java has an archive of its own.
    trained=$(mktemp -d "$copies/XXXX")/turnout
    cp -r "$installed" "$trained"
    JAVA_HOME=$(dirname "$(dirname "$(readlink -f "$(command -v "$java")")")")
    export JAVA_HOME
    "$trained/train.sh" "$trained" >&2
    part "Start and memory, $name" "$here/start.sh" "${kept[@]}" "$trained"
done

#!/usr/bin/env bash
# Has the JVM write down what it loads for a start and a first request, so that the next start is faster: train.sh FOLDER
# Makes turnout.aot (JDK 25 and later) or turnout.jsa in the folder, for the server, and words.aot or words.jsa, for the
# words of the command line. They are of use to the same JVM only.
set -euo pipefail

folder=${1:-$(dirname "$(readlink -f "$0")")}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
# Other users of this machine can call the ports of the training, which may run as root. Nobody knows this token: it is in
# the environment, which other users can't read, and in no command line.
TURNOUT_ADMIN_TOKEN=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
export TURNOUT_ADMIN_TOKEN
version=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p')

work=$(mktemp -d)
started=
cleanup() {
    [ -z "$started" ] || kill "$started" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
rm -f "$folder"/*.aot "$folder"/*.jsa

if [ "${version%%.*}" -ge 25 ]; then
    kind=aot
    option=-XX:AOTCacheOutput
else
    kind=jsa
    option=-XX:ArchiveClassesAtExit
fi
archive=$folder/turnout.$kind
words=$folder/words.$kind

# free_port: a port that nobody listens on.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 10000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}

# get PORT PATH
get() {
    (
        exec 3<>"/dev/tcp/127.0.0.1/$1"
        printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n' \
            "$2" "$TURNOUT_ADMIN_TOKEN" >&3
        cat <&3
    ) >>"$work/answers" 2>/dev/null || true
}

# No application is needed: by the front port its own admin server is a target like any other.
front=$(free_port)
admin=$(free_port)
(cd "$work" && JAVA_OPTS="${JAVA_OPTS:-} $option=$archive" exec "$folder/turnout" \
    -Dturnout.listen.host=127.0.0.1 "-Dturnout.listen.port=$front" "-Dturnout.admin.port=$admin" \
    -Dturnout.admin.on-front=true "-Dturnout.blue=127.0.0.1:$(free_port)" \
    "-Dturnout.state.directory=$work/state") \
    >"$work/log" 2>&1 &
started=$!
for _ in $(seq 600); do
    grep -q ' ready in ' "$work/log" && break
    kill -0 "$started" 2>/dev/null || break
    sleep 0.1
done
for path in / /admin/status /admin; do
    get "$front" "$path"
done
# The word that is used most; others have most classes in common with it. Its archive is written when it ends. JDK 17.0.2
# aborts there: words are only slower without it.
(cd "$work" && exec "$folder/turnout" "$option=$words" "-Dturnout.admin.port=$admin" status) \
    >>"$work/answers" 2>>"$work/log" || rm -f "$words"
kill "$started" 2>/dev/null || true
wait "$started" || true
started=
if [ ! -s "$archive" ] || ! grep -q '^HTTP/1.1 200' "$work/answers"; then
    rm -f "$archive" "$words"
    echo "train.sh: Turnout did not start or did not answer, so there is no archive:" >&2
    tail -n 20 "$work/log" >&2
    exit 1
fi
[ -s "$words" ] || echo "train.sh: this JVM makes no archive for the command line, whose words take longer to start" >&2
for made in "$archive" "$words"; do
    # The program runs as another user than the one who trains it.
    [ ! -s "$made" ] || { chmod 644 "$made" && stat -c '%n: %s bytes' "$made"; }
done

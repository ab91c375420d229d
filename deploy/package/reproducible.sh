#!/usr/bin/env bash
# Builds the committed state twice, in two folders, and compares what a release hands out byte by byte: jars and Debian
# package, or with -Dnative the executable and its package, which are not the same yet (CONTRIBUTING.md says why). Other
# arguments go to Maven too.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for build in first the-second; do
    mkdir "$work/$build"
    git -C "$root" archive HEAD | tar -x -C "$work/$build"
    (cd "$work/$build" && ./mvnw -q -B -DskipTests -Dtraining.skip=true "$@" package </dev/null)
    (
        cd "$work/$build/target"
        find . \( -path './quarkus-app/*' -o -path './*-runner' -o -path './*.deb' -o -path './turnout.cdx.json' \) \
            -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
    ) >"$work/$build.sums"
done
if ! diff "$work/first.sums" "$work/the-second.sums"; then
    echo "reproducible.sh: two builds of the same commit differ in the files above" >&2
    exit 1
fi
grep -E -- '-runner|\.deb|quarkus-run\.jar' "$work/first.sums"
echo "$(wc -l <"$work/first.sums") files are the same in both builds"

#!/usr/bin/env bash
# Collects what a release hands out from what the build has made: dist.sh FOLDER
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: dist.sh FOLDER" >&2; exit 2; }
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
mkdir -p "$1"
to=$(cd "$1" && pwd)

for deb in "$root"/target/turnout_*_*.deb; do
    name=$(basename "$deb" .deb)
    cp "$deb" "$to/"
    # The same program for systems without dpkg.
    tar -C "$root/target" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 \
        --exclude='turnout/*.jsa' --exclude='turnout/*.aot' -c turnout |
        gzip -9n >"$to/$name.tar.gz"
    cp "$root/target/turnout.cdx.json" "$to/$name.cdx.json"
done
ls -l "$to"

#!/usr/bin/env bash
# Builds the container image from what Maven has made, and writes it to a file for docker load: image.sh jvm|native FOLDER
set -euo pipefail

case ${1:-} in
    jvm | native) [ $# -eq 2 ] ;;
    *) false ;;
esac || { echo "usage: image.sh jvm|native FOLDER" >&2; exit 2; }
kind=$1
mkdir -p "$2"
to=$(cd "$2" && pwd)
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"

version=$(sed -n '0,/<version>/s|.*<version>\(.*\)</version>.*|\1|p' pom.xml)
architecture=$(dpkg --print-architecture)
docker build -q -f "deploy/docker/Dockerfile.$kind" -t "turnout:$version-$kind" .
docker save "turnout:$version-$kind" | gzip -9n >"$to/turnout_${version}_image-${kind}_$architecture.tar.gz"
ls -l "$to/turnout_${version}_image-${kind}_$architecture.tar.gz"

#!/usr/bin/env bash
# Makes what the package has beside the program, completion and manual pages, from the words of the command line:
# pages.sh CLASSPATH FOLDER
set -euo pipefail
export LC_ALL=C.UTF-8

[ $# -eq 2 ] || { echo "usage: pages.sh CLASSPATH FOLDER" >&2; exit 2; }
rm -rf "$2"
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:TieredStopAtLevel=1 -cp "$1" dev.turnout.cli.ShippedFiles "$2"
gzip -9n "$2"/man/turnout.1 "$2"/man/ko/turnout.1

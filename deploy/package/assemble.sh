#!/usr/bin/env bash
# Makes the folder that is installed, from what the build has made: assemble.sh PROGRAM FOLDER, where PROGRAM is Quarkus'
# folder of jars or the native executable. Packages of what was in the folder are removed: they may have another name than
# the next one. Among the jars, one that names all others replaces Quarkus' own launcher: only
# classes of the JVM's own loaders can be archived.
set -euo pipefail
export LC_ALL=C

[ $# -eq 2 ] || { echo "usage: assemble.sh PROGRAM FOLDER" >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
from=$1
to=$2
jar=${JAVA_HOME:+$JAVA_HOME/bin/}jar

rm -rf "$to" "$to"_*.deb
mkdir -p "$to"
if [ -f "$from" ]; then
    install -m 755 "$from" "$to/turnout"
    exit 0
fi
cp -r "$from/app" "$from/lib" "$from/quarkus" "$to/"
rm -f "$to/quarkus/quarkus-application.dat"

# Netty's libraries as files: otherwise each start unpacks them, which takes room on a disk and a folder without noexec.
mkdir "$to/lib/native"
for library in "$to"/lib/main/*netty-{transport-native-epoll,tcnative-boringssl-static}-*linux*.jar; do
    (cd "$to/lib/native" && "$jar" --extract --file "$library" META-INF/native && mv META-INF/native/*.so . && rm -r META-INF)
done
chmod 644 "$to"/lib/native/*.so

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/META-INF"
manifest=$work/META-INF/MANIFEST.MF
cd "$to"
# Classes that Quarkus has transformed come before the ones that they were made of.
paths=()
for path in quarkus/transformed-bytecode.jar quarkus/generated-bytecode.jar app/*.jar lib/boot/*.jar lib/main/*.jar; do
    [ ! -f "$path" ] || paths+=("$path")
done
{
    echo "Manifest-Version: 1.0"
    echo "Main-Class: dev.turnout.Turnout"
    echo "Add-Opens: java.base/java.lang java.base/java.nio"
    echo "Enable-Native-Access: ALL-UNNAMED"
    # A line of a manifest has 72 bytes at most; one that begins with a blank goes on with the one before.
    printf 'Class-Path: %s\n' "${paths[*]}" | fold -b -w 70 | sed '2,$s/^/ /'
} >"$manifest"
# The same bytes in each build: jar knows --date only since JDK 17.0.3, and takes over the time of a file.
touch --date=2026-11-22T00:00:00Z "$manifest"
TZ=UTC "$jar" --create --no-manifest --file turnout.jar -C "$work" META-INF/MANIFEST.MF
# Last: where it stands, all that it starts does.
install -m 755 "$here/train.sh" "$here/turnout" .

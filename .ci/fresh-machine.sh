#!/usr/bin/env bash
# Tries README's two commands on a fresh machine: a debootstrap root with nothing but git. Needs root and debootstrap.
#
#   .ci/fresh-machine.sh [SUITE [MIRROR]]      bookworm from this machine's own mirror, jammy from a mirror that you name
#
# WHOLE=1 runs all tests; otherwise ./mvnw verify runs one, since all of them take more than half an hour on two cores.
# ROOT=FOLDER uses a root that debootstrap has made before. What was installed and how long it took is printed.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
suite=${1:-bookworm}
# shellcheck disable=SC2016 # apt-get's own word
mirror=${2:-$(grep -m 1 debian < <(apt-get indextargets --format '$(SITE)'))}
test=(-Dtest=GuardsTest -DskipITs)
[ -z "${WHOLE:-}" ] || test=()

[ "$(id -u)" -eq 0 ] || { echo "fresh-machine.sh: start it as root" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT

git clone -q "$here" "$work/repository"
root=${ROOT:-$work/root}
if [ ! -d "$root" ]; then
    command -v debootstrap >/dev/null || { echo "fresh-machine.sh: apt-get install debootstrap" >&2; exit 2; }
    components=main
    grep -q ubuntu "/usr/share/debootstrap/scripts/$suite" && components=main,universe
    echo "== making a root of $suite"
    debootstrap --variant=minbase --components="$components" --include=git "$suite" "$root" "$mirror" >"$work/debootstrap.log" ||
        { tail -n 5 "$work/debootstrap.log" >&2; exit 1; }
fi

# on_fresh_machine NAME COMMAND...: in a copy of the root, with the committed state of this repository as working folder.
on_fresh_machine() {
    local name=$1 begun=$SECONDS code=0
    shift
    echo "== $suite: $*"
    mkdir -p "$work/$name/upper" "$work/$name/work" "$work/$name/machine"
    mkdir "$work/$name/upper/srv"
    cp -r "$work/repository" "$work/$name/upper/srv/turnout"
    # shellcheck disable=SC2016 # for the shell in the new namespaces
    unshare --mount --pid --fork --kill-child -- bash -eu -c '
        machine=$3
        mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$machine"
        mount -t proc proc "$machine/proc"
        mount --rbind /dev "$machine/dev"
        mount -t tmpfs tmpfs "$machine/tmp"
        cp /etc/resolv.conf /etc/hosts "$machine/etc/"
        # A network that is looked into has a certificate of its own, which this machine trusts too.
        cp -r /usr/local/share/ca-certificates "$machine/usr/local/share/"
        [ ! -x "$machine/usr/sbin/update-ca-certificates" ] || chroot "$machine" update-ca-certificates >/dev/null 2>&1
        shift 3
        exec chroot "$machine" env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
            sh -c "cd /srv/turnout && exec \"\$@\"" sh "$@"
    ' bash "$root" "$work/$name" "$work/$name/machine" "$@" </dev/null || code=$?
    echo "== $suite: $*: exit code $code after $((SECONDS - begun)) s"
    echo "installed: $(comm -13 <(packages "$root") <(packages "$work/$name/upper") | tr '\n' ' ')"
    return "$code"
}

# packages ROOT: the installed packages.
packages() {
    [ ! -e "$1/var/lib/dpkg/status" ] || sed -n 's/^Package: //p' "$1/var/lib/dpkg/status" | sort
}

on_fresh_machine demo deploy/demo.sh --once
on_fresh_machine verify ./mvnw -B verify "${test[@]}"

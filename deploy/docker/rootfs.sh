#!/bin/sh
# Makes the root of an image that holds nothing but what is named and the libraries that it needs:
# rootfs.sh ROOT FILE-OR-FOLDER...
set -eu

root=$1
shift

# put FILE: copies a file, and what a symbolic link leads to, to the same place below the root.
put() {
    [ ! -e "$root$1" ] || return 0
    mkdir -p "$root$(dirname "$1")"
    cp -L "$1" "$root$1"
}

for path; do
    if [ -d "$path" ]; then
        mkdir -p "$root$(dirname "$path")"
        cp -a "$path" "$root$path"
    else
        put "$path"
    fi
done

# What the system's linker says of every program and library: the libraries that it finds, and itself.
find -H "$@" -type f \( -perm -u+x -o -name '*.so*' \) -exec ldd {} + 2>/dev/null |
    grep -oE '/[^ :]*/(lib|ld-)[^ :]*\.so[^ :]*' | sort -u |
    while read -r library; do
        put "$library"
    done

# The native executable unpacks BoringSSL's library when it starts, so no linker sees now what that needs.
for name in libgcc_s.so.1 librt.so.1 libdl.so.2 libpthread.so.0; do
    PATH=$PATH:/sbin:/usr/sbin ldconfig -p | sed -n "s|^\t$name (libc6,.*=> ||p" | head -n 1 |
        while read -r library; do
            put "$library"
        done
done

mkdir -p "$root/etc" "$root/tmp" "$root/var/lib/turnout"
chmod 1777 "$root/tmp"
echo 'turnout:x:65532:65532:Turnout:/var/lib/turnout:/nonexistent' >"$root/etc/passwd"
echo 'turnout:x:65532:' >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
chown 65532:65532 "$root/var/lib/turnout"

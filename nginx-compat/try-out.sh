#!/usr/bin/env bash
# Shows nginx mode: a private nginx, the sample application in both slots, Turnout with turnout.mode=nginx; flips it there
# and back and breaks nginx's configuration once. Needs nginx, curl and a JDK; no root, no Docker, nothing of the system's
# nginx. Stops everything at its end. Exit code 0 if all of it went as it says.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=private.sh
. "$(dirname "${BASH_SOURCE[0]}")/private.sh"

say() {
    printf '\n== %s\n' "$*"
}

ask() {
    printf '$ curl http://127.0.0.1:%s/\n' "$front"
    curl -fsS "http://127.0.0.1:$front/"
    echo
}

need nginx nginx curl curl "$java" default-jre-headless
build
free_port 8000 && front=$port
free_port 8080 && blue=$port
free_port $((blue + 2)) && green=$port
free_port 9000 && admin_port=$port

say "two versions on $blue and $green, nginx on $front, Turnout's admin on $admin_port"
start_app "$blue"
start_app "$green"
await 180 listens "$blue"
await 180 listens "$green"
start_nginx "$front" "127.0.0.1:$blue"
start_turnout "$front" "$admin_port" "127.0.0.1:$blue" "127.0.0.1:$green"
cat "$include"
ask

say "switch to green"
switch green
echo
cat "$include"
ask

say "somebody breaks another file of nginx's: the switch is refused and nothing changes"
cp "$work/site.conf" "$work/site.conf.good"
echo 'nonsense on;' >>"$work/site.conf"
curl -sS -X POST "$admin/admin/switch?to=blue"
echo
cat "$include"
ask
cp "$work/site.conf.good" "$work/site.conf"

say "mended: roll back"
curl -fsS -o /dev/null -X POST "$admin/admin/rollback"
cat "$include"
ask
grep -q ":$blue;" "$include" || fail "the include does not name blue"

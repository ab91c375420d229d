#!/usr/bin/env bash
# Moves an application's clients to the new version step by step; see usage() below and README.md beside this file.
set -euo pipefail

usage() {
    cat <<'USAGE'
Usage: canary.sh [options]

Gives the version that runs on the idle slot a share of the clients, more with each step, and all of them in the end.
Before each step it asks, and shows how both versions have answered. At "no", at a failure, or at Ctrl-C all clients go
back to the version that has served all the time.

Options:
  --admin URL           Turnout's admin address (http://127.0.0.1:9000)
  --service NAME        the service, where Turnout has more than one (default)
  --steps LIST          the shares in percent, rising (1,10,50)
  --wait S              seconds between one step and the next (60)
  --yes                 don't ask: go on unless a target of the new version is down
  --answer-timeout S    seconds to wait for one answer of Turnout (600)
  --help                this text

Environment:
  TURNOUT_ADMIN_TOKEN   sent as a bearer token when set

Exit codes:
  0  the new version serves all clients, and the old one can be stopped
  1  the old version serves all clients again, and the new one can be stopped
  2  wrong usage, or something needed is missing
  3  Turnout can't be reached or doesn't answer as expected; nothing was done
  4  somebody else has changed the routing meanwhile; it is left as it is
  6  an answer did not arrive: see Turnout's status before you stop either version
  130, 143  interrupted; the old version serves all clients again
USAGE
}

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

# --- Arguments --------------------------------------------------------------------------------------------------------

admin=http://127.0.0.1:9000
service=default
steps=1,10,50
pause=60
yes=false
answer_timeout=600

while [ $# -gt 0 ]; do
    case $1 in
        --help)
            usage
            exit 0
            ;;
        --yes)
            yes=true
            shift
            ;;
        --admin | --service | --steps | --wait | --answer-timeout)
            [ $# -ge 2 ] || refuse_usage "$1 needs a value"
            case $1 in
                --admin) admin=${2%/} ;;
                --service) service=$2 ;;
                --steps) steps=$2 ;;
                --wait) pause=$2 ;;
                --answer-timeout) answer_timeout=$2 ;;
            esac
            shift 2
            ;;
        *)
            refuse_usage "unknown argument $1"
            ;;
    esac
done

IFS=, read -r -a weights <<<"$steps"
last=0
for weight in "${weights[@]}"; do
    [[ $weight =~ ^[1-9][0-9]?$|^100$ ]] || refuse_usage "not a share from 1 to 100: '$weight'"
    [ "$weight" -gt "$last" ] || refuse_usage "the shares have to rise: $steps"
    last=$weight
done
[ "$last" -gt 0 ] || refuse_usage "which steps?"
for seconds in "$pause" "$answer_timeout"; do
    [[ $seconds =~ ^[0-9]+$ ]] || refuse_usage "not a number of seconds: $seconds"
done
need curl setsid
meet "$admin" "$service"

# --- The way back -----------------------------------------------------------------------------------------------------

# begun: clients may be at the new version.
stage=prepared

take_back() {
    say "taking all clients back to slot $old"
    request "$answer_timeout" DELETE /admin/canary "waiting for the requests at slot $new to end"
    if [ "$code" != 200 ]; then
        say "FAILED: the clients could not be taken back: $(problem). See $admin/admin/status" >&2
        return 1
    fi
    say "slot $old serves all clients, slot $new has nothing to do any more"
    [ "$(flag drained "$work/answer" || true)" = true ] ||
        say "warning: not all of its requests are known to have ended by themselves"
}

undo() {
    local result=$?
    trap '' INT TERM HUP
    set +e
    if [ "$stage" = begun ]; then
        take_back || result=6
    fi
    rm -rf "$work"
    exit "$result"
}

interrupted() {
    if [ "$stage" = promoting ]; then
        say "interrupted, but a switch can't be called off: waiting for its end"
    else
        say "interrupted"
        exit "$1"
    fi
}

trap undo EXIT
trap 'interrupted 130' INT
trap 'interrupted 143' TERM HUP

# --- Steps ------------------------------------------------------------------------------------------------------------

# agreed QUESTION: nobody there to answer is no.
agreed() {
    local answer
    ! $yes || return 0
    say "$1 [y/N]"
    read -r answer && [[ $answer == [yY]* ]]
}

# count SLOT: remembers what its targets have answered so far.
declare -A requests errors
count() {
    requests[$1]=$(sum requests "$1" "$work/status")
    errors[$1]=$(sum 5xx "$1" "$work/status")
}

# tally SLOT: what its targets have answered since they were counted.
tally() {
    local all=$(($(sum requests "$1" "$work/status") - requests[$1]))
    local bad=$(($(sum 5xx "$1" "$work/status") - errors[$1]))
    printf 'slot %s: %d requests, %d with status 5xx' "$1" "$all" "$bad"
    [ "$all" -eq 0 ] || awk -v bad="$bad" -v all="$all" 'BEGIN { printf " (%.2f %%)", 100 * bad / all }'
}

# look: whether things are still as this script has made them.
look() {
    ask /admin/status >"$work/status"
    if [ "$(text active "$work/status")" != "$old" ] || [ "$(number weight "$work/status")" != "$weight" ]; then
        stage=overtaken
        fail 4 "somebody else has changed the routing: slot $(text active "$work/status") serves, the canary has" \
            "$(number weight "$work/status") %"
    fi
    if targets "$new" "$work/status" | grep -q ' true DOWN$'; then
        fail 1 "a target of slot $new is down: $(targets "$new" "$work/status" | paste -s -d ';' -)"
    fi
}

# observe: lets the share be for a while, and shows what comes of it.
observe() {
    local until=$((SECONDS + pause))
    while true; do
        look
        [ "$SECONDS" -lt "$until" ] || break
        waiting "$weight %, $((until - SECONDS)) s to go; $(tally "$new")"
        sleep 1
    done
    say "$(tally "$new"); $(tally "$old")"
}

# --- The canary -------------------------------------------------------------------------------------------------------

ask /admin/status >"$work/status"
old=$(text active "$work/status") || fail 3 "Turnout's status names no slot: $(head -c 500 "$work/status")"
new=$(text idle "$work/status")
weight=$(number weight "$work/status" || echo 0)
for slot in blue green; do
    count "$slot"
done
say "slot $old serves; slot $new, at $(targets "$new" "$work/status" | cut -d ' ' -f 1 | paste -s -d ' ' -)," \
    "gets $steps % of the clients, then all"
[ "$weight" -eq 0 ] || say "it has $weight % already: going on from there"
[ "$weight" -eq 0 ] || stage=begun

for next in "${weights[@]}"; do
    [ "$next" -gt "$weight" ] || continue
    agreed "send $next % of the clients to slot $new?" || fail 1 "not agreed to"
    stage=begun
    request "$answer_timeout" POST "/admin/canary?weight=$next" "waiting until Turnout has proved slot $new healthy"
    [ "$code" = 200 ] || fail 1 "$(problem)"
    weight=$next
    say "$weight % of the clients go to slot $new"
    observe
done

agreed "send all clients to slot $new?" || fail 1 "not agreed to"
stage=promoting
request "$answer_timeout" POST /admin/canary/promote "waiting for Turnout to switch"
if [ "$code" = 000 ]; then
    fail 6 "$(problem). See $admin/admin/status before you stop either version"
elif [ "$code" != 200 ]; then
    stage=begun
    fail 1 "$(problem)"
fi
stage=promoted
say "slot $new serves all clients: revision $(number revision "$work/answer"), slot $old drained in" \
    "$(number waitedMillis "$work/answer") ms"
[ "$(flag drained "$work/answer" || true)" = true ] ||
    say "warning: not all requests at slot $old are known to have ended by themselves"

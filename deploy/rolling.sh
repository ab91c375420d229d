#!/usr/bin/env bash
# Replaces the running instances of an application one after another; see usage() below and README.md beside this file.
set -euo pipefail

usage() {
    cat <<'USAGE'
Usage: rolling.sh [options] -- COMMAND [ARGUMENT...]
       rolling.sh [options] --systemd NAME

For each target of the slot that serves: takes it out of rotation, waits until its requests have ended, runs COMMAND,
which has to replace the instance there, and puts the target back once Turnout has proved it healthy. Stops at the first
failure and leaves the other targets serving. Run again with the same command it goes on where it has stopped.

In COMMAND and its arguments {port}, {host} and {target} stand for those of the target; the environment has them as
TURNOUT_PORT, TURNOUT_HOST and TURNOUT_TARGET. COMMAND ends when the instance is being started: it need not wait for it.

Options:
  --admin URL           Turnout's admin address (http://127.0.0.1:9000)
  --service NAME        the service, where Turnout has more than one (default)
  --systemd NAME        short for: -- systemctl restart NAME@{port}
  --afresh              replace all targets, even those that an earlier run has replaced
  --answer-timeout S    seconds to wait for one answer of Turnout (600)
  --help                this text

Environment:
  TURNOUT_ADMIN_TOKEN   sent as a bearer token when set; COMMAND does not get it
  TURNOUT_RUN           folder of logs and of what has been done so far (./run)

Exit codes:
  0  all targets are replaced
  1  a target could not be replaced; the others serve
  2  wrong usage, or something needed is missing
  3  Turnout can't be reached or doesn't answer as expected
  4  another run is at it, or somebody has changed the routing meanwhile
  6  an answer did not arrive: it is not known whether the target named last is in rotation
  130, 143  interrupted; the target named last may be out of rotation, the others serve
USAGE
}

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

# --- Arguments --------------------------------------------------------------------------------------------------------

admin=http://127.0.0.1:9000
service=default
unit=
afresh=false
answer_timeout=600
command=()

while [ $# -gt 0 ]; do
    case $1 in
        --help)
            usage
            exit 0
            ;;
        --afresh)
            afresh=true
            shift
            ;;
        --admin | --service | --systemd | --answer-timeout)
            [ $# -ge 2 ] || refuse_usage "$1 needs a value"
            case $1 in
                --admin) admin=${2%/} ;;
                --service) service=$2 ;;
                --systemd) unit=$2 ;;
                --answer-timeout) answer_timeout=$2 ;;
            esac
            shift 2
            ;;
        --)
            shift
            command=("$@")
            break
            ;;
        *)
            refuse_usage "unknown option $1; the command stands after --"
            ;;
    esac
done

[[ -z $unit || $unit =~ ^[A-Za-z0-9._-]+$ ]] || refuse_usage "not a unit's name: $unit"
[ -z "$unit" ] || [ ${#command[@]} -eq 0 ] || refuse_usage "either --systemd or a command"
[ -z "$unit" ] || command=(systemctl restart "$unit@{port}")
[ ${#command[@]} -gt 0 ] || refuse_usage "which command?"
[[ $answer_timeout =~ ^[0-9]+$ ]] || refuse_usage "not a number of seconds: $answer_timeout"
need curl flock setsid "${command[0]}"

run=${TURNOUT_RUN:-./run}
(umask 077 && mkdir -p "$run") || refuse_usage "can't make the folder $run"
run=$(cd "$run" && pwd)
meet "$admin" "$service"
progress=$run/rolling-$service.progress

# --- One target -------------------------------------------------------------------------------------------------------

target=

end() {
    local code=$?
    rm -rf "$work"
    exit "$code"
}

interrupted() {
    [ -z "$target" ] || say "interrupted at $target: run this again to go on"
    exit "$1"
}

trap end EXIT
trap 'interrupted 130' INT
trap 'interrupted 143' TERM HUP

# remember: what is done, and the revision that the next run may go on from.
remember() {
    printf '%s\n' "$revision" "${command[*]}" ${replaced[@]+"${replaced[@]}"} >"$progress.new"
    private "$progress.new"
    mv "$progress.new" "$progress"
}

# stopped CODE TEXT: ends the run at a target.
stopped() {
    say "$target is out of rotation, the other targets serve; once that is mended, run this again to go on"
    fail "$@"
}

# ask_for drain|ready TEXT
ask_for() {
    local encoded=${target//\[/%5B}
    request "$answer_timeout" POST "/admin/targets/${encoded//\]/%5D}/$1" "$2"
    case $code in
        200) revision=$(number revision "$work/answer") && remember ;;
        000) fail 6 "$(problem)" ;;
        404) fail 4 "$(problem)" ;;
    esac
}

take_out() {
    say "taking it out of rotation"
    ask_for drain "waiting for the requests at $target to end"
    [ "$code" = 200 ] || fail 1 "$(problem)"
    say "it has nothing to do any more, after $(number waitedMillis "$work/answer") ms"
    [ "$(flag drained "$work/answer")" = true ] ||
        say "warning: not all of its requests are known to have ended by themselves: $(tr -d '\n' <"$work/answer")"
}

replace() {
    local port=${target##*:} host=${target%:*} word words=() log
    for word in "${command[@]}"; do
        word=${word//'{port}'/$port}
        word=${word//'{host}'/$host}
        words+=("${word//'{target}'/$target}")
    done
    log=$run/rolling-$port.log
    private "$log"
    say "running ${words[*]}"
    # In a session of its own, so that Ctrl-C ends neither it nor what it starts; without 9>&- that would hold
    # the lock.
    if ! TURNOUT_PORT=$port TURNOUT_HOST=$host TURNOUT_TARGET=$target \
        setsid --wait "${words[@]}" >"$log" 2>&1 </dev/null 3<&- 9>&-; then
        say "the last lines of its output:"
        tail -n 20 "$log" | sed 's/^/        | /'
        stopped 1 "the command has failed for $target; all of its output: $log"
    fi
}

put_back() {
    say "waiting until it is healthy"
    ask_for ready "waiting until Turnout has proved $target healthy"
    [ "$code" = 200 ] || stopped 1 "$(problem)"
    replaced+=("$target")
    remember
    say "$target is replaced and serves"
}

# --- All of them ------------------------------------------------------------------------------------------------------

private "$run/rolling-$service.lock"
exec 9>>"$run/rolling-$service.lock"
flock --nonblock 9 || fail 4 "another run is at it in $run"

ask /admin/status >"$work/status"
revision=$(number revision "$work/status") || fail 3 "Turnout's status names no revision: $(head -c 500 "$work/status")"
slot=$(text active "$work/status")
# What does not serve comes first: it costs nobody a serving target.
targets "$slot" "$work/status" | awk '{ print ($2 == "false" ? 0 : $3 == "DOWN" ? 1 : 2), NR, $0 }' |
    sort -n -k1,1 -k2,2 | cut -d ' ' -f 3- >"$work/targets"
total=$(wc -l <"$work/targets")
[ "$total" -gt 0 ] || fail 3 "Turnout's status names no target: $(head -c 500 "$work/status")"

replaced=()
if [ -e "$progress" ] && ! $afresh; then
    mapfile -t before <"$progress"
    if [ "${before[0]}" = "$revision" ] && [ "${before[1]}" = "${command[*]}" ]; then
        replaced=("${before[@]:2}")
        say "going on with the run that has stopped: ${#replaced[@]} of $total are replaced already"
    else
        say "an earlier run has stopped, but the routing or the command is another one now: beginning afresh"
    fi
fi

is_replaced() {
    local one
    for one in ${replaced[@]+"${replaced[@]}"}; do
        [ "$one" != "$1" ] || return 0
    done
    return 1
}

say "replacing the targets of slot $slot, which serves: $(cut -d ' ' -f 1 "$work/targets" | paste -s -d ' ' -)"
while read -r target in_rotation health <&3; do
    if is_replaced "$target"; then
        continue
    fi
    say "--- $((${#replaced[@]} + 1)) of $total: $target, $health$([ "$in_rotation" = true ] || printf ', out of rotation')"
    take_out
    replace
    put_back
done 3<"$work/targets"
target=
rm -f "$progress"
say "all $total targets of slot $slot are replaced"

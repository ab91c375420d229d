#!/usr/bin/env bash
# Replaces a running Turnout by a new process without a gap; see usage() below and README.md beside this file.
set -euo pipefail

usage() {
    cat <<'USAGE'
Usage: restart.sh [options] -- COMMAND...

Starts COMMAND, which is the new Turnout with the settings of the one that runs: both with turnout.listen.reuse-port=true
and the same state folder and ports. It takes over by itself once it is ready; the old one lets its requests end. With no
Turnout running this is a first start. If the new one can't start, the old one goes on.

Options:
  --state DIR    the state folder: turnout.state.directory (turnout-state)
  --log FILE     where the new one's output goes (turnout.log)
  --start S      seconds for the new one to serve; a change that is being made is waited for (120)
  --drain S      seconds for the old one to end; more than turnout.drain.timeout (60)
  --help         this text

Exit codes:
  0  replaced: the new one serves, the old one has ended
  1  the new one could not start; the old one serves
  2  wrong usage
  3  the new one serves, but the old one has not ended yet
USAGE
}

refuse_usage() {
    printf 'restart.sh: %s (--help lists what is understood)\n' "$*" >&2
    exit 2
}

state=turnout-state
log=turnout.log
start_seconds=120
drain_seconds=60
while [ $# -gt 0 ]; do
    case $1 in
        --help) usage; exit 0 ;;
        --) shift; break ;;
        --state | --log | --start | --drain)
            [ $# -ge 2 ] || refuse_usage "$1 needs a value"
            case $1 in
                --state) state=$2 ;;
                --log) log=$2 ;;
                --start) start_seconds=$2 ;;
                --drain) drain_seconds=$2 ;;
            esac
            shift 2
            ;;
        *) refuse_usage "$1 is not an option" ;;
    esac
done
[ $# -gt 0 ] || refuse_usage "the command of the new Turnout is missing"
for seconds in "$start_seconds" "$drain_seconds"; do
    [[ $seconds =~ ^[0-9]+$ ]] || refuse_usage "$seconds is not a number of seconds"
done

# begun PID: when a process was started, by the kernel's clock; nothing if it has ended. A number and this are one process's.
begun() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
    # Behind the program's name, which may hold blanks and parentheses: the state, and 19 fields later the start.
    awk '$1 != "Z" && $1 != "X" { print $20 }' <<<"${stat##*) }"
}

# owner: the process that holds the lock of the state folder. The number in the file stays when its process has ended, and
# may be another one's by now: so the kernel's table of locks is asked.
owner() {
    local pid inode
    pid=$(cat "$state/lock" 2>/dev/null) && inode=$(stat -L -c %i "$state/lock" 2>/dev/null) || return 0
    awk -v pid="$pid" -v inode="$inode" '$5 == pid && $6 ~ (":" inode "$") { print pid; exit }' /proc/locks
}

old=$(owner)
old_begun=${old:+$(begun "$old")}
if [ -n "$old" ] && [ ! -S "$state/hand-over.sock" ]; then
    echo "restart.sh: process $old does not hand over: it runs without turnout.listen.reuse-port=true" >&2
    exit 1
fi

touch "$log"
before=$(wc -c <"$log")
setsid "$@" >>"$log" 2>&1 </dev/null &
new=$!

said() {
    tail -c "+$((before + 1))" "$log"
}

deadline=$((SECONDS + start_seconds))
# All is read: a grep that ends at the first match would end tail by SIGPIPE, which pipefail takes for no match.
until said | grep ' ready in ' >/dev/null; do
    if [ -z "$(begun "$new")" ]; then
        echo "restart.sh: the new Turnout did not start${old:+; process $old goes on}. It said:" >&2
        said | tail -n 20 >&2
        exit 1
    fi
    if [ "$SECONDS" -ge "$deadline" ]; then
        holder=$(owner)
        if [ -n "$old" ] && [ -n "$holder" ] && [ "$holder" != "$old" ]; then
            echo "restart.sh: the new Turnout did not say within $start_seconds s that it is ready, but process $holder has" \
                "the state folder, and so goes on" >&2
            break
        fi
        kill "$new" 2>/dev/null || true
        echo "restart.sh: the new Turnout was not ready within $start_seconds s${old:+; process $old goes on}" >&2
        exit 1
    fi
    sleep 0.05
done
said | grep ' ready in ' | tail -n 1 || true

[ -n "$old" ] || exit 0
deadline=$((SECONDS + drain_seconds))
while [ "$(begun "$old")" = "$old_begun" ]; do
    if [ "$SECONDS" -ge "$deadline" ]; then
        echo "restart.sh: process $new serves, but process $old still has requests" >&2
        exit 3
    fi
    sleep 0.05
done
# Its parent should know of its end before this script says so.
for _ in {1..20}; do
    [ -e "/proc/$old" ] || break
    sleep 0.05
done
echo "process $new has taken the place of process $old"

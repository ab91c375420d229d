#!/usr/bin/env bash
# Deploys the next version of an application behind Turnout; see usage() below and README.md beside this file.
set -euo pipefail

usage() {
    cat <<'USAGE'
Usage: deploy.sh [options] app.jar

Starts app.jar on the idle target, asks Turnout to switch to it, and stops the old version once Turnout's receipt says
that nobody needs it any more. On any failure the new version is stopped and the old one goes on serving.

Options:
  --admin URL           Turnout's admin address (http://127.0.0.1:9000)
  --service NAME        the service to deploy, where Turnout has more than one (default)
  --java-opts "OPTS"    options for java, separated by spaces: "-Xmx512m -Dapp.version=2"
  --systemd NAME        start the systemd unit NAME@PORT instead of a plain process
  --keep-old            leave the old version running, for a rollback
  --watch S             seconds in which the new version is compared with the old one under its traffic; back if worse (0)
  --start-timeout S     seconds for the new version to open its port (60)
  --switch-timeout S    seconds to wait for Turnout's receipt (600)
  --stop-timeout S      seconds between SIGTERM and SIGKILL (40)
  --help                this text

Environment:
  TURNOUT_ADMIN_TOKEN   sent as a bearer token when set; the application does not get it
  TURNOUT_RUN           folder of jar copies, logs, pid files and the last receipt (./run; with --systemd /var/lib/NAME)
  JAVA_HOME             its bin/java is used when set, else the java on PATH

Exit codes:
  0  deployed
  1  the new version failed or was refused; the old one serves
  2  wrong usage, or something needed is missing
  3  Turnout can't be reached or doesn't answer as expected; the old version serves
  4  another deployment or switch is running, or has changed the routing meanwhile; the old version serves
  5  the idle port is taken by a process that this script did not start; the old version serves
  6  the receipt did not arrive: it is not known which version serves, and both are left running
  7  deployed, but the old version can't be stopped
  130, 143  interrupted before the switch; the old version serves
USAGE
}

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

# --- Arguments --------------------------------------------------------------------------------------------------------

admin=http://127.0.0.1:9000
service=default
java_opts=
unit=
keep_old=false
start_timeout=60
switch_timeout=600
watch=0
stop_timeout=40
jar=

# read_arguments ARGUMENT...
read_arguments() {
    while [ $# -gt 0 ]; do
        case $1 in
            --help)
                usage
                exit 0
                ;;
            --keep-old)
                keep_old=true
                shift
                ;;
            --admin | --service | --java-opts | --systemd | --watch | --start-timeout | --switch-timeout | --stop-timeout)
                [ $# -ge 2 ] || refuse_usage "$1 needs a value"
                case $1 in
                    --admin) admin=${2%/} ;;
                    --service) service=$2 ;;
                    --java-opts) java_opts=$2 ;;
                    --systemd) unit=$2 ;;
                    --watch) watch=$2 ;;
                    --start-timeout) start_timeout=$2 ;;
                    --switch-timeout) switch_timeout=$2 ;;
                    --stop-timeout) stop_timeout=$2 ;;
                esac
                shift 2
                ;;
            -*)
                refuse_usage "unknown option $1"
                ;;
            *)
                [ -z "$jar" ] || refuse_usage "one jar at a time: $jar or $1?"
                jar=$1
                shift
                ;;
        esac
    done
    check_arguments
}

check_arguments() {
    local timeout
    [ -n "$jar" ] || refuse_usage "which jar?"
    [ -r "$jar" ] || refuse_usage "can't read $jar"
    [[ -z $unit || $unit =~ ^[A-Za-z0-9._-]+$ ]] || refuse_usage "not a unit's name: $unit"
    [ -z "$unit" ] || [ -z "$java_opts" ] || refuse_usage "with --systemd the unit holds the options for java"
    for timeout in "$watch" "$start_timeout" "$switch_timeout" "$stop_timeout"; do
        [[ $timeout =~ ^[0-9]+$ ]] || refuse_usage "not a number of seconds: $timeout"
    done
}

# prepare: what the deployment needs: programs, a way to run instances, the folder, and Turnout's address.
prepare() {
    java=${JAVA_HOME:+$JAVA_HOME/bin/}java
    need curl flock setsid
    if [ -n "$unit" ]; then
        need systemctl journalctl
        use_units
    else
        need "$java"
        use_processes
    fi
    run=${TURNOUT_RUN:-./run}
    [ -z "$unit" ] || run=${TURNOUT_RUN:-/var/lib/$unit}
    # The unit's own user has to read the jar there; without a unit the folder is this user's only.
    [ -n "$unit" ] || (umask 077 && mkdir -p "$run") || refuse_usage "can't make the folder $run"
    mkdir -p "$run" || refuse_usage "can't make the folder $run"
    run=$(cd "$run" && pwd)
    receipt=$run/receipt.json
    meet "$admin" "$service"
}

# --- Ports and processes ----------------------------------------------------------------------------------------------

# listeners PORT: the inode of each socket that listens on exactly this port, from the kernel's own table.
listeners() {
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
        awk -v port="$(printf '%04X' "$1")" '$4 == "0A" && $2 ~ (":" port "$") { print $10 }'
}

is_listened_to() {
    [ -n "$(listeners "$1")" ]
}

# holder PORT: who listens there, for a message.
holder() {
    local inode socket pid
    inode=$(listeners "$1" | head -n 1)
    socket=$(find /proc/[0-9]*/fd -lname "socket:\[$inode\]" -print -quit 2>/dev/null || true)
    pid=${socket#/proc/}
    pid=${pid%%/*}
    if [ -n "$pid" ]; then
        printf 'process %s (%s)' "$pid" "$(cat "/proc/$pid/comm" 2>/dev/null || true)"
    else
        printf 'a process of another user'
    fi
}

# An instance is what this script has started on a port. Each way to run an instance defines how to start, find and stop it.

# use_units: an instance is a systemd unit.
use_units() {
    start_instance() {
        systemctl start "$unit@$1"
    }

    is_running() {
        systemctl is-active --quiet "$unit@$1"
    }

    stop_instance() {
        systemctl stop "$unit@$1"
    }

    # A unit that has failed is stopped too: systemd may be about to start it again.
    discard_instance() {
        stop_instance "$1" && { systemctl reset-failed "$unit@$1" 2>/dev/null || true; }
    }

    log_lines() {
        journalctl --unit "$unit@$1" --since "@$started_at" --output cat --no-pager
    }

    describe() {
        printf 'unit %s@%s' "$unit" "$1"
    }

    # What serves now is what has to come back after a reboot.
    remember_for_reboot() {
        systemctl enable --quiet "$unit@$1" || say "warning: $unit@$1 could not be enabled"
        systemctl disable --quiet "$unit@$2" || say "warning: $unit@$2 could not be disabled"
    }
}

# use_processes: an instance is a plain process with a pid file.
use_processes() {
    start_instance() {
        local options
        read -r -a options <<<"$java_opts"
        [ ! -e "$run/$1.log" ] || mv "$run/$1.log" "$run/$1.log.1"
        private "$run/$1.log" "$run/$1.pid"
        # Without 9>&- the application would hold the lock for as long as it lives.
        setsid nohup "$java" ${options[@]+"${options[@]}"} "-Dserver.port=$1" -jar "$run/$1.jar" \
            >"$run/$1.log" 2>&1 </dev/null 9>&- &
        echo "$!" >"$run/$1.pid"
        # Its end is for this script to report, not for the shell.
        disown
    }

    # A pid file outlives its process, and the number may be somebody else's by now: it has to run the copy of the jar that
    # belongs to this port in this folder.
    is_running() {
        local pid words
        pid=$(cat "$run/$1.pid" 2>/dev/null) && [[ $pid =~ ^[0-9]+$ ]] || return 1
        mapfile -d '' -t words <"/proc/$pid/cmdline" || return 1
        [ "${#words[@]}" -ge 4 ] && [ "${words[-3]}" = "-Dserver.port=$1" ] && [ "${words[-2]}" = -jar ] &&
            [ "${words[-1]}" = "$run/$1.jar" ]
    } 2>/dev/null

    # has_ended_within SECONDS PORT
    has_ended_within() {
        local deadline=$((SECONDS + $1))
        while is_running "$2"; do
            [ "$SECONDS" -lt "$deadline" ] || return 1
            waiting "waiting for $(describe "$2") to stop"
            sleep 0.1 || true
        done
    }

    stop_instance() {
        local pid
        pid=$(cat "$run/$1.pid")
        kill -TERM "$pid" 2>/dev/null || true
        if ! has_ended_within "$stop_timeout" "$1"; then
            say "process $pid is still there $stop_timeout s after SIGTERM: killing it"
            kill -KILL "$pid" || true
            has_ended_within 10 "$1" || return 1
        fi
        rm -f "$run/$1.pid"
    }

    discard_instance() {
        ! is_running "$1" || stop_instance "$1" || return 1
        rm -f "$run/$1.pid"
    }

    log_lines() {
        cat "$run/$1.log"
    }

    describe() {
        printf 'process %s' "$(cat "$run/$1.pid")"
    }

    remember_for_reboot() {
        :
    }
}

# show_log PORT: the end of what an instance wrote, less the stack frames that would fill it.
show_log() {
    say "the last lines of its log:"
    log_lines "$1" 2>/dev/null | grep -vE '^[[:space:]]+at ' | tail -n 20 | sed 's/^/        | /' || true
    [ -n "$unit" ] || say "all of it: $run/$1.log"
}

# --- Turnout ----------------------------------------------------------------------------------------------------------

# port_of HOST:PORT
port_of() {
    local port=${1##*:}
    [[ $port =~ ^[0-9]+$ && $1 == *:* ]] || fail 3 "Turnout's answer is not a target: $1"
    printf '%s' "$port"
}

# is_here HOST:PORT: whether the host is this machine.
is_here() {
    local host=${1%:*} address
    case $host in
        127.* | localhost | '[::1]' | "$(hostname)") return 0 ;;
    esac
    for address in $(hostname -I 2>/dev/null); do
        [ "$host" != "$address" ] && [ "$host" != "[$address]" ] || return 0
    done
    return 1
}

# --- The deployment ---------------------------------------------------------------------------------------------------

# started: the new version runs and nobody has been told. switching: only Turnout knows which version serves. switched: the
# new version serves.
stage=prepared

undo() {
    local code=$?
    trap '' INT TERM HUP
    set +e
    if [ "$stage" = started ]; then
        ! is_running "$new_port" || say "stopping the new version"
        discard_instance "$new_port" || say "warning: $(describe "$new_port") can't be stopped"
        say "$old serves as before"
    fi
    rm -rf "$work"
    exit "$code"
}

interrupted() {
    case $stage in
        switching) say "interrupted, but a switch can't be called off: waiting for its end" ;;
        switched) say "interrupted: the new version serves, the old one may still be running" && exit "$1" ;;
        *) say "interrupted" && exit "$1" ;;
    esac
}

lock_folder() {
    private "$run/deploy.lock"
    exec 9>>"$run/deploy.lock"
    flock --nonblock 9 || fail 4 "another deployment is running in $run"
}

# find_targets: sets $old, $new, their ports, and the $revision that the switch will be conditional on.
find_targets() {
    local canary
    # Asked for first: the switch is then refused if anything has changed since.
    ask /admin/status >"$work/status"
    revision=$(number revision "$work/status") ||
        fail 3 "Turnout's status names no revision: $(head -c 500 "$work/status")"
    canary=$(number weight "$work/status" || echo 0)
    [ "$canary" -eq 0 ] || fail 4 "a canary gets $canary % of the traffic: promote it or take it back first"
    old=$(ask /admin/active)
    new=$(ask /admin/idle)
    old_port=$(port_of "$old")
    new_port=$(port_of "$new")
    started_at=$(date +%s)
    say "$jar goes to $new, $old serves"
    is_here "$new" || fail 2 "the idle target $new is not on this machine: run this where it is"
}

free_port() {
    if is_running "$new_port"; then
        say "an earlier version is still running there: stopping $(describe "$new_port")"
        stop_instance "$new_port" || fail 5 "$(describe "$new_port") can't be stopped"
    fi
    if is_listened_to "$new_port"; then
        fail 5 "port $new_port is taken by $(holder "$new_port"), which this script did not start"
    fi
}

start_new_version() {
    # A copy, since a running application breaks when the next build overwrites its jar.
    install -m 644 "$jar" "$run/$new_port.jar"
    stage=started
    start_instance "$new_port" || fail 1 "the new version could not be started"
    say "started $(describe "$new_port")"
}

await_port() {
    local deadline=$((SECONDS + start_timeout))
    until is_listened_to "$new_port"; do
        if ! is_running "$new_port"; then
            show_log "$new_port"
            fail 1 "the new version ended before it opened port $new_port"
        fi
        if [ "$SECONDS" -ge "$deadline" ]; then
            show_log "$new_port"
            fail 1 "the new version has not opened port $new_port within $start_timeout s"
        fi
        waiting "waiting for the new version to open port $new_port"
        sleep 0.1
    done
    say "port $new_port is open: asking Turnout to switch"
}

died=false

# watch_new_version: called while Turnout switches.
watch_new_version() {
    if ! $died && ! is_running "$new_port"; then
        died=true
        show_log "$new_port"
        say "the new version has ended during the switch: waiting for what Turnout makes of it"
    fi
}

switch_over() {
    local path=/admin/switch
    [ "$watch" -eq 0 ] || path+="?watch=${watch}s"
    stage=switching
    # Somebody else's switch may be about to make the new version serve: the end of that switch must be known before
    # anything is stopped.
    meanwhile=watch_new_version
    request "$switch_timeout" POST "$path" "waiting for Turnout to check the new version and to switch" \
        --header "If-Match: \"$revision\""
    meanwhile=:
    [ "$code" = 200 ] || fail_switch
    private "$work/answer"
    mv "$work/answer" "$receipt"
    [ "$(ask /admin/active)" = "$new" ] || fail 6 "Turnout has sent a receipt, but $new does not serve: see $receipt"
    stage=switched
    say "switched to $new: revision $(number revision "$receipt"), drained in $(number waitedMillis "$receipt") ms"
    if [ "$(flag drained "$receipt" || true)" = false ]; then
        say "warning: requests that had not ended within the drain timeout were cut: see $receipt"
    fi
}

# fail_switch: ends the script after a switch that was not answered with a receipt.
fail_switch() {
    local reason
    [ "$code" != 000 ] ||
        fail 6 "no receipt from Turnout: $(cat "$work/error"). See $admin/admin/status before you stop either version"
    reason="Turnout did not switch ($code): $(text detail "$work/answer" || head -c 2000 "$work/answer")"
    if is_busy || [ "$(ask /admin/active)" != "$old" ]; then
        fail 6 "$reason"
    fi
    stage=started
    case $code in
        409 | 412) fail 4 "$reason" ;;
    esac
    show_log "$new_port"
    fail 1 "$reason"
}

switch_back_if_ended() {
    local reason
    ! is_running "$new_port" || return 0
    show_log "$new_port"
    say "the new version has ended since: switching back"
    request "$switch_timeout" POST /admin/rollback "waiting for Turnout to switch back"
    reason=$(problem)
    [ "$(ask /admin/active)" = "$old" ] || fail 6 "switching back failed: $reason"
    discard_instance "$new_port" || true
    fail 1 "the new version ended right after the switch; $old serves again"
}

stop_old_version() {
    if $keep_old; then
        say "the old version is left running at $old"
    elif is_running "$old_port"; then
        say "stopping the old version, $(describe "$old_port")"
        stop_instance "$old_port" || fail 7 "$new serves, but $(describe "$old_port") can't be stopped"
        say "the old version has stopped"
    elif is_listened_to "$old_port"; then
        say "warning: at $old runs $(holder "$old_port"), which this script did not start: stop it yourself"
    else
        say "nothing was running at $old"
    fi
}

main() {
    read_arguments "$@"
    prepare
    trap undo EXIT
    trap 'interrupted 130' INT
    trap 'interrupted 143' TERM HUP
    lock_folder
    find_targets
    free_port
    start_new_version
    await_port
    switch_over
    switch_back_if_ended
    remember_for_reboot "$new_port" "$old_port"
    stop_old_version
    say "deployed: $new serves"
}

main "$@"

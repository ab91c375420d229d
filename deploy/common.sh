# What the scripts beside this file share: how they speak to people, and to Turnout. Sourced by them; does nothing itself.
# shellcheck shell=bash

# --- What is said -----------------------------------------------------------------------------------------------------

last_said=0

# A deployment goes on to its end when nobody reads what it prints any more.
trap '' PIPE

say() {
    [ ! -t 1 ] || printf '\r\033[K' || true
    printf '[%3d s] %s\n' "$SECONDS" "$*" 2>/dev/null || true
    last_said=$SECONDS
}

# waiting TEXT: what is still awaited, in place on a terminal, else every 5 seconds.
waiting() {
    if [ -t 1 ]; then
        printf '\r\033[K[%3d s] %s' "$SECONDS" "$1" || true
    elif [ $((SECONDS - last_said)) -ge 5 ]; then
        say "$1"
    fi
}

# fail CODE TEXT: ends the script; what has to be undone is undone on exit.
fail() {
    local code=$1
    shift
    say "FAILED: $*" >&2
    exit "$code"
}

# refuse_usage TEXT
refuse_usage() {
    printf '%s: %s (--help lists what is understood)\n' "${0##*/}" "$*" >&2
    exit 2
}

# need PROGRAM...
need() {
    local program
    for program in "$@"; do
        command -v "$program" >/dev/null || refuse_usage "$program is missing"
    done
}

# private FILE...: sees to it that nobody else may open a file, or hold a lock on it. It is made if it is missing.
private() {
    local file
    for file; do
        [ -e "$file" ] || (umask 077 && : >>"$file")
        [ ! -O "$file" ] || chmod 600 "$file"
    done
}

# --- Turnout ----------------------------------------------------------------------------------------------------------

# meet ADMIN SERVICE: from now on Turnout is spoken to at this address, about this service. Sets $work, a new folder.
meet() {
    local token=${TURNOUT_ADMIN_TOKEN:-}
    admin=$1
    service=$2
    [[ $service =~ ^[A-Za-z0-9._-]+$ ]] || refuse_usage "not a service's name: $service"
    work=$(mktemp -d)
    # By way of a file, since arguments can be read by every user of the machine.
    token=${token//\\/\\\\}
    [ -z "$token" ] || printf 'header = "Authorization: Bearer %s"\n' "${token//\"/\\\"}" >"$work/credentials"
    [ -e "$work/credentials" ] || : >"$work/credentials"
    # What is started from here, such as the application, is none of those who may switch.
    unset TURNOUT_ADMIN_TOKEN
    turnout=(curl --silent --show-error --noproxy '*' --connect-timeout 2 --header 'Accept: application/json' --config "$work/credentials")
}

# ask PATH: a question; its answer is printed.
ask() {
    local status answer
    status=$("${turnout[@]}" --max-time 10 --output "$work/answer" --write-out '%{http_code}' \
        "$admin$1?service=$service" 2>"$work/error") ||
        fail 3 "Turnout can't be reached at $admin: $(cat "$work/error")"
    case $status in
        200)
            cat "$work/answer"
            return
            ;;
    esac
    answer=$(text detail "$work/answer" || head -c 500 "$work/answer")
    case $status in
        401 | 403) fail 3 "Turnout refuses the call ($status), is TURNOUT_ADMIN_TOKEN right? $answer" ;;
        *) fail 3 "Turnout answered $1 with $status: $answer" ;;
    esac
}

# The command that request runs again and again while it waits.
meanwhile=:

# request SECONDS METHOD PATH TEXT [OPTION...]: asks for a change, with TEXT for those who wait, and options for curl. $code
# is the status of the answer, 000 when there was no answer in time. The answer is in $work/answer. While another change is
# being made, request asks again.
request() {
    local call deadline=$((SECONDS + $1)) joint='?'
    [[ $3 != *\?* ]] || joint='&'
    while true; do
        # In a session of its own, so that neither Ctrl-C nor a closed terminal takes the answer away.
        setsid "${turnout[@]}" --max-time "$1" --request "$2" "${@:5}" --output "$work/answer" \
            --write-out '%{http_code}' "$admin$3${joint}service=$service" >"$work/code" 2>"$work/error" 9>&- &
        call=$!
        while kill -0 "$call" 2>/dev/null; do
            "$meanwhile"
            waiting "$4"
            sleep 0.1 || true
        done
        wait "$call" || true
        code=$(cat "$work/code")
        is_busy && [ "$SECONDS" -lt "$deadline" ] || return 0
        waiting "another change is being made: waiting for its end"
        sleep 1 || true
    done
}

# is_busy: whether the last request was refused because another change is being made.
is_busy() {
    [ "$code" = 409 ] && [[ $(text type "$work/answer" || true) == *:busy ]]
}

# problem: what Turnout said instead of doing what was requested.
problem() {
    if [ "$code" = 000 ]; then
        printf 'no answer from Turnout: %s' "$(cat "$work/error")"
    else
        printf 'Turnout refused (%s): %s' "$code" "$(text detail "$work/answer" || head -c 2000 "$work/answer")"
    fi
}

# number NAME FILE, flag NAME FILE: a fact of a JSON answer. Text within a string can't match: there quotes are escaped.
number() {
    tr -d '\n' <"$2" | grep -oE "[{,][[:space:]]*\"$1\"[[:space:]]*:[[:space:]]*[0-9]+" | head -n 1 | grep -oE '[0-9]+$'
}

flag() {
    tr -d '\n' <"$2" | grep -oE "[{,][[:space:]]*\"$1\"[[:space:]]*:[[:space:]]*(true|false)" | head -n 1 |
        grep -oE '(true|false)$'
}

# text NAME FILE: a string of a JSON answer, with its commonest escapes undone.
text() {
    tr -d '\n' <"$2" | grep -oE "[{,][[:space:]]*\"$1\"[[:space:]]*:[[:space:]]*\"([^\"\\\\]|\\\\.)*\"" | head -n 1 |
        sed -E 's/^[{,][^:]*:[[:space:]]*"//; s/"$//; s/\\n/\n/g; s/\\"/"/g; s/\\\\/\\/g'
}

# slot_part SLOT FILE: what a status says of one slot.
slot_part() {
    tr -d '\n' <"$2" | sed -E 's/.*"slots"[[:space:]]*:[[:space:]]*\{//; s/"services"[[:space:]]*:[[:space:]]*\[.*//' |
        awk -v slot="$1" '{
            green = match($0, /"green"[ \t]*:[ \t]*[{]/)
            print slot == "blue" ? substr($0, 1, green - 1) : substr($0, green)
        }'
}

# targets SLOT FILE: a line of host:port, true or false for in rotation, and health, for each target of a slot.
targets() {
    slot_part "$1" "$2" |
        grep -oE '"target"[^"]*"[^"]+",[^"]*"inRotation"[^"]*(true|false),[^"]*"health"[^"]*"[A-Z]+"' |
        sed -E 's/"target"[^"]*"([^"]+)",[^"]*"inRotation"[^"]*(true|false),[^"]*"health"[^"]*"([A-Z]+)"/\1 \2 \3/'
}

# sum NAME SLOT FILE: of a number that a status has for each target of a slot.
sum() {
    slot_part "$2" "$3" | grep -oE "[{,][[:space:]]*\"$1\"[[:space:]]*:[[:space:]]*[0-9]+" |
        awk '{ sum += $NF } END { print sum + 0 }'
}

# What the scripts beside this file share: they are short forms of the command turnout. Sourced by them.
# shellcheck shell=bash

# The program that this folder belongs to: in the package one folder up, in the source in target.
find_turnout() {
    local here program
    here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
    for program in "$here/../turnout" "$here/../target/turnout/turnout"; do
        if [ -f "$program" ] && [ -x "$program" ]; then
            printf '%s' "$program"
            return
        fi
    done
    command -v turnout || {
        echo "${0##*/}: there is no program turnout beside $here, and none on PATH" >&2
        exit 2
    }
}

# run_turnout WORD ARGUMENT...: runs the command in the place of this script. --admin is the older name of --url.
# The options of java are joined to their name: an executable takes an argument that begins with -XX for its own.
run_turnout() {
    local turnout argument arguments=() is_command=false is_value=false
    turnout=$(find_turnout)
    for argument; do
        if $is_value; then
            arguments+=("--java-opts=$argument")
            is_value=false
            continue
        fi
        case $is_command,$argument in
            false,--) is_command=true ;;
            false,--java-opts)
                is_value=true
                continue
                ;;
            false,--admin) argument=--url ;;
            false,--admin=*) argument=--url=${argument#*=} ;;
        esac
        arguments+=("$argument")
    done
    # Without its value: the command says what is missing.
    ! $is_value || arguments+=(--java-opts)
    exec "$turnout" "${arguments[@]}"
}

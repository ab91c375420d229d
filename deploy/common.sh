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
run_turnout() {
    local turnout argument arguments=() is_command=false
    turnout=$(find_turnout)
    for argument; do
        case $is_command,$argument in
            false,--) is_command=true ;;
            false,--admin) argument=--url ;;
            false,--admin=*) argument=--url=${argument#*=} ;;
        esac
        arguments+=("$argument")
    done
    exec "$turnout" "${arguments[@]}"
}

#!/usr/bin/env bash
# Moves clients to the new version step by step: turnout deploy --strategy canary, without a jar.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

run_turnout deploy --strategy canary "$@"

#!/usr/bin/env bash
# Replaces the instances of the slot that serves, one after another: turnout deploy --strategy rolling.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

run_turnout deploy --strategy rolling "$@"

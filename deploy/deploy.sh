#!/usr/bin/env bash
# Deploys the next version of an application behind Turnout: turnout deploy. --help lists the options.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

run_turnout deploy "$@"

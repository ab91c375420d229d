#!/usr/bin/env bash
# Copies the documents that are installed, in the folders that they have here: documents.sh FOLDER. A link to a file that
# is not installed becomes plain text.
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: documents.sh FOLDER" >&2; exit 2; }
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
to=$1

rm -rf "$to"
mkdir -p "$to"
to=$(cd "$to" && pwd)
cd "$root"
shopt -s nullglob
cp --parents README.md README.ko.md deploy/README.md deploy/README.ko.md deploy/CONFIGURATION.md \
    deploy/PROBLEMS.md deploy/PROBLEMS.ko.md deploy/METRICS.md deploy/METRICS.ko.md deploy/ACCESS-LOG.md deploy/ACCESS-LOG.ko.md deploy/FLEET.md deploy/FLEET.ko.md deploy/fleet/*.md deploy/prometheus/* deploy/grafana/* \
    nginx-compat/*.md nginx-compat/*.conf nginx-compat/*.inc deploy/recipes/* "$to/"

# installed DOCUMENT LINK: true if the link leads to another site, or to a file that is installed.
installed() {
    local path=${2%%#*}
    [[ $2 =~ ^[a-z]+: ]] || [ -z "$path" ] || [ -e "$(dirname "$1")/$path" ]
}

link='^([^]]*)\[([^][]*)\]\(([^()]*)\)(.*)$'
while IFS= read -r document; do
    mapfile -t lines <"$document"
    for line in "${lines[@]}"; do
        before=
        while [[ $line =~ $link ]]; do
            before+=${BASH_REMATCH[1]}
            text=${BASH_REMATCH[2]}
            target=${BASH_REMATCH[3]}
            line=${BASH_REMATCH[4]}
            if installed "$document" "$target"; then
                before+="[$text]($target)"
            else
                before+=$text
            fi
        done
        printf '%s%s\n' "$before" "$line"
    done >"$to/rewritten"
    mv "$to/rewritten" "$document"
done < <(find "$to" -name '*.md')

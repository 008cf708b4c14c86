#!/usr/bin/env bash
# The main job on generated people: plan, sync, plan again, explain. Usage: Scripts/demo.sh FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-demo}
program=$(${SWIFT:-swift} build --show-bin-path)/leadgauge
config="$folder/leadgauge.yaml"

step() { printf '\n\033[1m$ leadgauge %s\033[0m\n' "$*"; "$program" "$@"; }

rm -rf "$folder"
step sandbox --contacts "${PEOPLE:-2000}" --directory "$folder"
step plan --config "$config"
step sync --config "$config"
# The same moment as the sync: nothing has changed since, so there is nothing to do.
moment=$(sed -n '2p' "$folder/web-scores.csv" | grep -o '[0-9T:-]*Z$')
step plan --config "$config" --as-of "$moment"
lead=$(awk -F, '$4 == "hot" && $2 != "" { print $2; exit }' "$folder/web-scores.csv")
step explain "$lead" --config "$config" --as-of "$moment"
printf '\nThe scores are in %s/web-scores.csv and %s/shop-scores.csv.\n' "$folder" "$folder"

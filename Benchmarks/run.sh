#!/usr/bin/env bash
# First pull, idle run, full rescoring and a run with one percent changed, on generated people in files.
# Usage: Benchmarks/run.sh [people] [activities a person] [folder]
set -euo pipefail
cd "$(dirname "$0")/.."
people=${1:-1000000}
activities=${2:-20}
folder=${3:-.build/bench}
program=.build/release/leadgauge
moment="--as-of 2026-11-26"

timed() {
  local what=$1
  shift
  /usr/bin/time -f "$what: wall %e s, CPU %U + %S s, peak %M KB" "$@" > /dev/null
}

rm -rf "$folder"
"$program" sandbox --quiet --single --contacts "$people" --activities "$activities" --directory "$folder" --as-of 2026-11-25
config="--config $folder/leadgauge.yaml"
# Nothing is written, so that what is measured is reading and scoring alone.
sed -i 's/    output: web-scores.csv/&\n    write: false/' "$folder/leadgauge.yaml"
timed "first pull and scoring" "$program" plan $config $moment
timed "idle run" "$program" plan $config $moment
for points in 31 32 33; do
  sed -i "s/points: 3[0-9]/points: $points/" "$folder/model.yaml"
  timed "full rescoring" "$program" plan --no-pull $config $moment
done
"$program" sandbox --quiet --single --contacts "$people" --activities "$activities" --directory "$folder" --as-of 2026-11-25 --append 1
timed "one percent changed" "$program" plan $config $moment
rm -rf "$folder"

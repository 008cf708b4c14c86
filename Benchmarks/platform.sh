#!/usr/bin/env bash
# First sync, idle sync and a sync with one percent changed, against a stand-in of a platform on
# this machine. Usage: Benchmarks/platform.sh PLATFORM [people] [activities a person] [folder]
set -euo pipefail
cd "$(dirname "$0")/.."
platform=${1:?Name a platform, for example mautic}
people=${2:-100000}
activities=${3:-20}
folder=${4:-.build/bench-$platform}
program=.build/release/leadgauge
config="$folder/leadgauge.yaml"

rm -rf "$folder"
mkdir -p "$folder"
"$program" sandbox --platform "$platform" --single --port 0 --contacts "$people" --activities "$activities" \
  --directory "$folder" > "$folder/sandbox.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
until [ -s "$folder/sandbox.log" ]; do
  kill -0 "$server"
  sleep 0.1
done
url=$(sed -n 's/^ *url: //p' "$config")

sync() {
  /usr/bin/time -f "$1: wall %e s, CPU %U + %S s, peak %M KB" "$program" sync --quiet --config "$config"
  curl -s "$url/_sandbox/requests"
}
sync "first sync"
sync "second sync"
sync "idle sync"
curl -s -X POST "$url/_sandbox/append?batch=1"
sync "one percent changed"

#!/usr/bin/env bash
# Kills the release program at every step and at KILLS random moments, for each connector, and compares how the next
# run ends with a run that nobody killed. Usage: KILLS=200 Scripts/kill.sh [options of Scripts/kill/kill.py]
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(${SWIFT:-swift} build -c release --show-bin-path)/leadgauge
[ -x "$program" ] || { echo "There is no $program yet. Make it with: make release" >&2; exit 1; }
exec python3 Scripts/kill/kill.py --program "$program" --kills "${KILLS:-200}" "$@"

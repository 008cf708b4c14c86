#!/usr/bin/env bash
# Drives the stand-ins with clients that others have written, from PyPI: verify/PLATFORM_*.py with the versions that
# are pinned in verify/PLATFORM-requirements.txt. Each client gets a sandbox of its own.
# Usage: Scripts/verify-simulators.sh [--if-reachable] [PLATFORM...]
# With --if-reachable a platform whose clients cannot be fetched is left out, and that is said.
set -euo pipefail
cd "$(dirname "$0")/.."
program=${LEADGAUGE:-$(${SWIFT:-swift} build --show-bin-path)/leadgauge}
export PYTHONDONTWRITEBYTECODE=1
optional=
if [ "${1:-}" = --if-reachable ]; then
  optional=yes
  shift
fi
[ $# -gt 0 ] || set -- $(ls Scripts/verify/*-requirements.txt | sed 's|.*/||; s|-requirements.txt||')

folder=$(mktemp -d)
server=
finish() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$folder"
}
trap finish EXIT

for platform in "$@"; do
  wanted=Scripts/verify/$platform-requirements.txt
  venv=.build/verify-$platform
  if ! cmp -s "$wanted" "$venv/installed.txt"; then
    if ! { python3 -m venv --clear "$venv" &&
      "$venv/bin/pip" install --quiet --disable-pip-version-check --retries 2 --timeout 20 -r "$wanted"; }; then
      [ -n "$optional" ] || exit 1
      echo "NOT DONE: the clients for $platform cannot be fetched from PyPI" >&2
      continue
    fi
    cp "$wanted" "$venv/installed.txt"
  fi
  # Enough for several requests of many pages.
  people=400
  [ "$platform" != bitrix24 ] || people=2501
  for client in Scripts/verify/"$platform"_*.py; do
    home=$folder/$(basename "$client" .py)
    "$program" sandbox --platform "$platform" --single --port 0 --contacts $people --directory "$home" --json \
      >"$home.log" 2>&1 &
    server=$!
    until grep -qs '"url"' "$home.log"; do
      kill -0 "$server" 2>/dev/null || { cat "$home.log" >&2; exit 1; }
      sleep 0.1
    done
    url=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' "$home.log")
    "$venv/bin/python" "$client" "$url" "$home/leadgauge.yaml"
    kill "$server"
    wait "$server" || true
    server=
  done
done

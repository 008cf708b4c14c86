#!/usr/bin/env bash
# Drives the stand-in of HubSpot with HubSpot's own clients from PyPI: the SDK, which checks the form of every answer,
# and the older client, which speaks the numbered paths. Their versions are pinned in verify/hubspot-requirements.txt.
# Needs python3 with venv. Usage: Scripts/verify-hubspot.sh
set -euo pipefail
cd "$(dirname "$0")/.."
program=${LEADGAUGE:-$(${SWIFT:-swift} build --show-bin-path)/leadgauge}
venv=${VENV:-.build/verify-hubspot}
export PYTHONDONTWRITEBYTECODE=1

if ! cmp -s Scripts/verify/hubspot-requirements.txt "$venv/installed.txt"; then
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r Scripts/verify/hubspot-requirements.txt
  cp Scripts/verify/hubspot-requirements.txt "$venv/installed.txt"
fi

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

# Each client gets an account of its own: both make properties and lists.
for client in hubspot_strict_sdk hubspot_api_client; do
  log="$folder/$client.log"
  "$program" sandbox --platform hubspot --single --port 0 --contacts 400 --directory "$folder/$client" --json \
    >"$log" 2>&1 &
  server=$!
  until grep -qs '"url"' "$log"; do
    kill -0 "$server" 2>/dev/null || { cat "$log" >&2 || true; exit 1; }
    sleep 0.1
  done
  url=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' "$log")
  token=$(sed -n 's/.*token: *"\{0,1\}\([^ "}]*\).*/\1/p' "$folder/$client/leadgauge.yaml" | head -n 1)
  "$venv/bin/python" "Scripts/verify/$client.py" "$url" "$token"
  kill "$server"
  wait "$server" || true
  server=
done

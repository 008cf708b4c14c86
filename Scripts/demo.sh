#!/usr/bin/env bash
# The main job on generated people: plan, sync, plan again, explain, with stand-ins of all four
# platforms on this machine. Usage: Scripts/demo.sh FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-demo}
program=$(${SWIFT:-swift} build --show-bin-path)/leadgauge
config="$folder/leadgauge.yaml"
log="$folder/sandbox.log"

show() { printf '\n\033[1m$ leadgauge %s\033[0m\n' "$*"; }
step() { show "$@"; "$program" "$@"; }

rm -rf "$folder"
mkdir -p "$folder"
sandbox=(sandbox --platform mautic --platform hubspot --platform getresponse --platform bitrix24 --port 0 --contacts "${PEOPLE:-2000}" --directory "$folder")
show "${sandbox[@]}" '&'
"$program" "${sandbox[@]}" >"$log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT

# It says where it listens once everybody is in it.
until [ -s "$log" ]; do
  kill -0 "$server" 2>/dev/null || { cat "$log" >&2; exit 1; }
  sleep 0.1
done
cat "$log"
kill -0 "$server" 2>/dev/null || exit 1

step plan --config "$config" -o "$folder/first.plan"
step sync --config "$config"
# The same moment as the sync: nothing has changed since, so there is nothing to do.
moment=$("$program" runs --json --limit 1 --config "$config" | sed -n 's/.*"startedAt":"\([^"]*\)".*/\1/p')
step plan --config "$config" --as-of "$moment"

# Somebody who is hot and stands on both connections under the same address.
hot() {
  grep "\"connection\":\"$1\"" "$folder/first.plan" | grep '"band":{"from":[^,]*,"to":"hot"}' \
    | sed -n 's/.*"email":"\([^"]*\)".*/\1/p' | tr '[:upper:]' '[:lower:]' | sort -u
}
lead=$(comm -12 <(hot web) <(hot shop) | sed -n '1p')
[ -n "$lead" ] || lead=$(hot web | sed -n '1p')
[ -z "$lead" ] || step explain "$lead" --config "$config" --as-of "$moment"

kill "$server"
wait "$server"
trap - EXIT
printf '\nThe scores were in the stand-ins: "web" is Mautic, "shop" HubSpot, "mail" GetResponse, "crm" Bitrix24.\n'

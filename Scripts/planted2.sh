#!/usr/bin/env bash
# Plants known bugs, one after another, in a copy of the sources, and shows that the simulated world finds each.
# Usage: Scripts/planted.sh [seeds]
set -euo pipefail
cd "$(dirname "$0")/.."
seeds=${1:-200}
copy=.build/planted
rm -rf "$copy/sources"
mkdir -p "$copy/sources"
git ls-files -z | xargs -0 cp --parents -t "$copy/sources"
found=0
for patch in Tests/Soak/Planted/2*.patch; do
  name=$(basename "$patch" .patch)
  patch -s -p1 -d "$copy/sources" < "$patch"
  ${SWIFT:-swift} build --package-path "$copy/sources" --scratch-path "$copy/build" --product soak > "$copy/build.log" 2>&1 ||
    { tail -20 "$copy/build.log"; echo "$name: does not build"; exit 1; }
  if "$copy/build/debug/soak" --seeds "$seeds" --most 1 > "$copy/$name.log"; then
    echo "$name: NOT FOUND in $seeds seeds"
  else
    found=$((found + 1))
    echo "$name: found by $(grep -m1 '^seed' "$copy/$name.log" | cut -d' ' -f1-2):$(grep -A1 -m1 '^seed' "$copy/$name.log" | tail -1 | cut -c2-160)"
  fi
  patch -s -R -p1 -d "$copy/sources" < "$patch"
done
[ "$found" = "$(ls Tests/Soak/Planted/*.patch | wc -l)" ]

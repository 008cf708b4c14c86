#!/usr/bin/env bash
# Line coverage by module, from the last `swift test --enable-code-coverage`.
set -euo pipefail
cd "$(dirname "$0")/.."
file=$(${SWIFT:-swift} test --show-codecov-path)
python3 - "$file" <<'PY'
import collections, json, os, sys
root = os.getcwd() + "/"
lines = collections.defaultdict(lambda: [0, 0])
for entry in json.load(open(sys.argv[1]))["data"][0]["files"]:
    name = entry["filename"]
    if not name.startswith(root) or "/.build/" in name or "/Tests/" in name:
        continue
    parts = name[len(root):].split("/")
    module = parts[1] if parts[0] in ("Sources", "connectors") else parts[0]
    lines[module][0] += entry["summary"]["lines"]["covered"]
    lines[module][1] += entry["summary"]["lines"]["count"]
for module, (covered, count) in sorted(lines.items()):
    print(f"{module:16} {covered:6} of {count:6} lines  {100 * covered / count:5.1f} %")
PY

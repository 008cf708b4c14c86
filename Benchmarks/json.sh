#!/usr/bin/env bash
# Reads a page of 100 contacts with our reader, with Foundation, and, where they are installed, with simdjson (Debian's
# libsimdjson-dev and g++) and with Python's orjson and msgspec. All figures are CPU time on one core.
# Usage: Benchmarks/json.sh [folder of a release build]
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-.build/release}
folder=.build/bench-json
mkdir -p "$folder"
if [ $# -eq 0 ]; then swift build -c release --product bench-json >&2; fi

"$build/bench-json" "$folder/page.json"
if command -v g++ > /dev/null && [ -e /usr/include/simdjson.h ]; then
  g++ -O3 -std=c++17 Benchmarks/JSON/Others/simdjson-page.cpp -o "$folder/simdjson-page" -lsimdjson
  "$folder/simdjson-page" "$folder/page.json"
else
  echo "simdjson: not installed (apt-get install libsimdjson-dev g++)"
fi
if command -v python3 > /dev/null; then
  python3 Benchmarks/JSON/Others/python-page.py "$folder/page.json"
fi

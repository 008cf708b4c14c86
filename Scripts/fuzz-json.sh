#!/usr/bin/env bash
# Feeds the JSON reader with inputs made by libFuzzer, under the address sanitizer.
# Usage: Scripts/fuzz-json.sh [inputs] [seed]
# A crash ends it and leaves the input in .build/fuzz-json/crash-*.
set -euo pipefail
cd "$(dirname "$0")/.."
inputs=${1:-10000000}
seed=${2:-1}
folder=.build/fuzz-json
mkdir -p "$folder/found"
swiftc -O -swift-version 6 -sanitize=fuzzer,address -parse-as-library -module-name FuzzJSON \
  Sources/WebAPI/JSON*.swift Sources/WebAPI/Hexadecimal.swift Fuzz/JSON/*.swift -o "$folder/fuzz-json"
SWIFT_BACKTRACE=enable=no "$folder/fuzz-json" -runs="$inputs" -seed="$seed" -max_len=512 -dict=Fuzz/JSON/json.dict -print_final_stats=1 \
  -artifact_prefix="$folder/" "$folder/found" Fuzz/JSON/corpus

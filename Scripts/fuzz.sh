#!/usr/bin/env bash
# Feeds what reads data from outside with inputs made by libFuzzer, under the address sanitizer.
# Usage: Scripts/fuzz.sh TARGET|all|build [seconds] [seed]
# The targets are the folders below Fuzz/Corpus. A finding ends it, exit status 1, and leaves the input in
# .build/fuzz/found/TARGET/; Scripts/fuzz.sh TARGET FILE feeds that one again.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:?usage: Scripts/fuzz.sh TARGET|all|build [seconds] [seed]}
seconds=${2:-${FUZZ_SECONDS:-600}}
seed=${3:-1}
scratch=.build/fuzz
program=$scratch/release/leadgauge-fuzz

build() {
  local runtime
  runtime=$(dirname "$(find "$(dirname "$(dirname "$(readlink -f "$(command -v swiftc)")")")/lib/clang" \
    -name libclang_rt.fuzzer_no_main-x86_64.a -o -name libclang_rt.fuzzer_no_main-aarch64.a | head -1)")
  LEADGAUGE_FUZZ=1 swift build -c release --scratch-path $scratch --product leadgauge-fuzz --sanitize=address \
    -Xswiftc -enable-testing -Xswiftc -enforce-exclusivity=checked \
    -Xswiftc -sanitize-coverage=edge,indirect-calls,trace-cmp,inline-8bit-counters,pc-table \
    -Xcc -fsanitize-coverage=inline-8bit-counters,pc-table,trace-cmp \
    -Xlinker "$(ls "$runtime"/libclang_rt.fuzzer_no_main-"$(uname -m)".a)" -Xlinker -lstdc++
}

# Symbols are looked up for a finding alone; Swift's own backtraces would wait for somebody at a terminal.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=16:malloc_context_size=4

run() {
  local name=$1 found=$scratch/found/$1 grown=$scratch/corpus/$1 words=()
  mkdir -p "$found" "$grown"
  [ -f "Fuzz/Dictionaries/$name.dict" ] && words=(-dict="Fuzz/Dictionaries/$name.dict")
  local longest
  longest=$("$program" targets | awk -v name="$name" '$1 == name { print $2 }')
  [ -n "$longest" ] || { echo "there is no target $name; there are: $("$program" targets | cut -d' ' -f1 | xargs)" >&2; exit 64; }
  if [ -f "$seconds" ]; then FUZZ_TARGET=$name "$program" "$seconds"; return; fi
  FUZZ_TARGET=$name "$program" -max_total_time="$seconds" -seed="$seed" -max_len="$longest" -timeout=1 -detect_leaks=0 \
    -rss_limit_mb=512 -malloc_limit_mb=256 -print_final_stats=1 "${words[@]}" -artifact_prefix="$found/" \
    "$grown" "Fuzz/Corpus/$name"
}

case $target in
build) build ;;
all)
  build
  status=0
  for folder in Fuzz/Corpus/*/; do run "$(basename "$folder")" || status=1; done
  exit $status
  ;;
*)
  build
  run "$target"
  ;;
esac

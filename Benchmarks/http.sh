#!/usr/bin/env bash
# Many small GETs over plain HTTP/1.1 to nginx with one worker on this machine: requests a second, CPU of the
# client alone, and its peak memory, for our Curl module, curl, wrk, aiohttp and a blocking loop over libcurl.
# All run one after the other in every round, against the same server.
# Usage: Benchmarks/http.sh [requests] [rounds]
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-100000}
rounds=${2:-5}
program=${BENCH_HTTP:-.build/release/bench-http}
# aiohttp is Debian's.
python=/usr/bin/python3

missing=""
for package in nginx-light wrk python3 python3-aiohttp curl time gcc libc6-dev libcurl4-openssl-dev; do
  dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
if [ -n "$missing" ]; then
  sudo=$([ "$(id -u)" = 0 ] || echo sudo)
  $sudo apt-get update -qq
  # Installing a server must not start it, where Debian lets us say so.
  $sudo env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >/dev/null
fi

folder=$(mktemp -d)
port=$($python -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
url="http://127.0.0.1:$port/"
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; wait 2>/dev/null || true; rm -rf "$folder"' EXIT
# A worker of root would be another user, who may not enter the folder.
chmod 755 "$folder"
sed "s#FOLDER#$folder#; s#PORT#$port#" Benchmarks/HTTP/nginx.conf > "$folder/nginx.conf"
/usr/sbin/nginx -p "$folder" -c "$folder/nginx.conf" -e "$folder/error.log" &
server=$!
until curl -s -o /dev/null "$url"; do
  kill -0 "$server"
  sleep 0.1
done
gcc -O2 -o "$folder/loop" Benchmarks/HTTP/C/loop.c -lcurl

# measure CLIENT IN_FLIGHT COMMAND...: the shell discards what is printed; curl's own way costs curl more.
measure() {
  local client=$1 in_flight=$2 requests=$count output=/dev/null
  shift 2
  [ "$client" != wrk ] || output="$folder/output"
  /usr/bin/time -o "$folder/time" -f "%e\t%U\t%S\t%M" "$@" > "$output" 2> "$folder/errors" ||
    { cat "$folder/errors" >&2; exit 1; }
  # wrk runs for a time, and says itself how many it sent.
  [ "$client" != wrk ] || requests=$(sed -n 's/ *\([0-9]*\) requests in .*/\1/p' "$output")
  printf '%s\t%s\t%s\t%s\n' "$client" "$in_flight" "$requests" "$(cat "$folder/time")" >> "$folder/rounds"
}

for round in $(seq "$rounds"); do
  echo "round $round of $rounds" >&2
  for in_flight in 32 8 1; do
    measure "Curl, on the client's thread" $in_flight "$program" "$url" "$count" $in_flight own
    measure "curl --parallel" $in_flight curl -s -Z --parallel-max $in_flight "${url}[1-$count]"
    measure "Curl, on the shared threads" $in_flight "$program" "$url" "$count" $in_flight
    measure "aiohttp" $in_flight $python Benchmarks/HTTP/Python/aiohttp_client.py "$url" "$count" $in_flight
    measure "wrk" $in_flight wrk -t1 -c$in_flight -d3s "$url"
  done
  measure "libcurl, blocking loop in C" 1 "$folder/loop" "$url" "$count"
  measure "curl, one after the other" 1 curl -s "${url}[1-$count]"
done
$python Benchmarks/HTTP/Python/table.py "$folder/rounds"

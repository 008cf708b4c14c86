"""Prints the medians of all rounds. Lines of the input: client, in flight, requests, seconds, user and system
seconds, peak KiB, separated by tabs. Usage: table.py FILE"""

import collections
import statistics
import sys

rounds = collections.defaultdict(list)
for line in open(sys.argv[1]):
    client, in_flight, *numbers = line.rstrip("\n").split("\t")
    count, wall, user, system, peak = map(float, numbers)
    rounds[int(in_flight), client].append((count / wall, (user + system) / count * 1e6, peak / 1024))

cpu = {}
print(f"{'in flight':>9}  {'client':32} {'requests/s':>10} {'CPU us/request':>14} {'peak MB':>8}  (medians)")
for (in_flight, client), values in sorted(rounds.items(), key=lambda entry: -entry[0][0]):
    rate, spent, peak = (statistics.median(column) for column in zip(*values))
    cpu[in_flight, client] = spent
    print(f"{in_flight:>9}  {client:32} {rate:>10,.0f} {spent:>14.1f} {peak:>8.1f}")
for in_flight in (32, 8):
    ours, theirs = cpu[in_flight, "Curl, on the client's thread"], cpu[in_flight, "curl --parallel"]
    print(f"CPU of Curl on the client's thread over curl --parallel, {in_flight} in flight: {ours / theirs:.2f}")

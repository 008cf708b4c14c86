#!/usr/bin/env bash
# Looks for the secrets of the tests in logs: plain, percent-encoded, escaped, in Base64 and in hex.
# Usage: swift test 2>&1 | tee test.log; Scripts/secret-scan.sh test.log
# The secrets are those of Tests/LeadgaugeTests/Support/Canaries.swift. Ends with 1 if one is found, with 2 if it cannot look.
set -euo pipefail
[ $# -gt 0 ] || { echo "usage: Scripts/secret-scan.sh LOG…" >&2; exit 2; }
exec python3 -I - "$(dirname "$0")/../Tests/LeadgaugeTests/Support/Canaries.swift" "$@" <<'PY'
import base64, html, json, re, string, sys
from urllib.parse import quote, quote_plus

PIECE = 8


def pieces(text):
    """A secret that was cut off has to be found too."""
    starts = range(0, max(1, len(text) - PIECE + 1), PIECE)
    return {text[start : start + PIECE] for start in starts} | {text[-PIECE:]}


def lower_digits(text):
    return re.sub("%[0-9A-F]{2}", lambda escape: escape[0].lower(), text)


def percent(text):
    unreserved = [quote(text, safe=safe) for safe in ("", "/", "!$&'()*+,-./:;=?@_~")] + [quote_plus(text)]
    forms = unreserved + ["".join("%%%02X" % byte for byte in text.encode())]
    forms += [form.replace("%20", "+") for form in forms]
    # Some encoders leave letters alone.
    letters = string.ascii_letters.encode()
    forms.append("".join(chr(byte) if byte in letters else "%%%02X" % byte for byte in text.encode()))
    return forms + [lower_digits(form) for form in forms]


def escaped(text):
    forms = []
    for ascii in (True, False):
        once = json.dumps(text, ensure_ascii=ascii)[1:-1]
        forms += [once, once.replace("/", "\\/")]
    forms += [json.dumps(form, ensure_ascii=False)[1:-1] for form in forms]
    forms += [re.sub(r"\\u[0-9a-f]{4}", lambda escape: "\\u" + escape[0][2:].upper(), form) for form in forms]
    return forms + [html.escape(text), html.escape(text, quote=False)]


def base(text):
    """At each of the three places in a group of three bytes, without what hangs on its neighbours."""
    for secret in (text.encode(), quote(text, safe="").encode()):
        for shift in range(3):
            padded = b"\0" * shift + secret
            core = base64.b64encode(padded).decode()[(shift * 8 + 5) // 6 : len(padded) * 8 // 6]
            yield core
            yield core.replace("+", "-").replace("/", "_")
            yield quote(core, safe="")
            yield lower_digits(quote(core, safe=""))
            yield core.replace("/", "\\/")


def spellings(name, text, is_word):
    for piece in [text] if is_word else pieces(text):
        yield piece, name, "plain"
        for kind, forms in (("percent-encoded", percent), ("escaped", escaped), ("Base64", base)):
            for form in forms(piece):
                yield form, name, kind
        digits = piece.encode().hex()
        yield digits, name, "hex"
        yield digits.upper(), name, "hex"


def main(source, logs):
    with open(source, encoding="utf-8") as file:
        content = file.read()
    canaries = re.findall(r'= Canary(\.word)?\("([^"]+)", #"(.+?)"#\)\n', content)
    if not canaries or len(canaries) != content.count("static let ") - content.count("static let all"):
        sys.exit(f"{source} cannot be read: {len(canaries)} canaries")
    # Where two spellings of a secret are alike, the plainer one counts.
    needles = {}
    for word, name, text in canaries:
        for form, *what in spellings(name, text, bool(word)):
            needles.setdefault((form.encode(), name), tuple(what))
    hits = set()
    for log in logs:
        with open(log, "rb") as file:
            content = file.read()
        for (needle, _), what in needles.items():
            at = content.find(needle)
            while at >= 0:
                hits.add((log, content.count(b"\n", 0, at) + 1, *what))
                # One hit of a needle in a line is enough.
                line_end = content.find(b"\n", at)
                at = content.find(needle, line_end) if line_end >= 0 else -1
    for log, number, name, kind in sorted(hits):
        print(f"{log}:{number}: {name}, {kind}")
    if hits:
        return 1
    print(f"No canary in {len(logs)} file{'' if len(logs) == 1 else 's'}.")
    return 0


try:
    status = main(sys.argv[1], sys.argv[2:])
except (OSError, SystemExit) as problem:
    print(f"secret-scan: {problem}", file=sys.stderr)
    status = 2
sys.exit(status)
PY

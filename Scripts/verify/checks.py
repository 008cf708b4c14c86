"""Counts what was as expected, and ends with status 1 if anything was not."""

import re
import sys


def setting(path, name):
    """The value of a key in the sandbox's configuration, such as its token."""
    with open(path, encoding="utf-8") as file:
        found = re.search(name + r""":\s*["']?([^"'\s,}]+)""", file.read())
    return found.group(1)


class Checks:
    def __init__(self, client):
        self.client = client
        self.passed = 0
        self.failed = 0

    def equal(self, what, found, wanted):
        if found == wanted:
            self.passed += 1
        else:
            self.failed += 1
            print(f"{self.client}: {what}: found {found!r}, wanted {wanted!r}", file=sys.stderr)

    def true(self, what, truth):
        self.equal(what, bool(truth), True)

    def end(self):
        print(f"{self.client}: {self.passed} checks passed, {self.failed} failed")
        sys.exit(1 if self.failed else 0)

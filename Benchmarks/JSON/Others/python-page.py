"""Reads a page of contacts with those of Python's JSON readers that are installed."""

import importlib
import sys
import time

TEXTS = ("email", "firstname", "lastname", "company", "lifecyclestage", "lastmodifieddate")


def contacts(page):
    """The eight fields of each contact, as a tuple."""
    names = (*TEXTS, "hs_object_id", "hubspotscore")
    return [tuple(entry["properties"][name] for name in names) for entry in page["results"]]


def typed_reader(msgspec):
    fields = [(name, str) for name in TEXTS] + [("hs_object_id", int), ("hubspotscore", float)]
    properties = msgspec.defstruct("Properties", fields)
    entry = msgspec.defstruct("Entry", [("properties", properties)])
    page = msgspec.defstruct("Page", [("results", list[entry])])
    return msgspec.json.Decoder(page).decode


def best(read, page):
    read(page)
    rounds = []
    for _ in range(7):
        start, count = time.process_time(), 0
        while time.process_time() - start < 0.2:
            read(page)
            count += 1
        rounds.append((time.process_time() - start) / count)
    return len(page) / min(rounds) / 1e6


def main():
    with open(sys.argv[1], "rb") as file:
        page = file.read()
    readers = {}
    for name in ("json", "orjson", "msgspec"):
        try:
            module = importlib.import_module(name)
        except ImportError:
            print(f"Python {name}: not installed")
            continue
        if name == "msgspec":
            readers["Python msgspec, typed"] = typed_reader(module)
        else:
            readers[f"Python {name}"] = lambda page, module=module: contacts(module.loads(page))
    for name, read in readers.items():
        print(f"{name:26}{best(read, page):8.1f} MB/s")


main()

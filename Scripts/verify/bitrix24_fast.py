"""Drives the stand-in of Bitrix24 with `fast-bitrix24`, which reads a first page and the others in batches by offset.

Usage: bitrix24_fast.py URL CONFIGURATION

It leaves brackets raw in the commands of a batch and adds a parameter of its own to each of them.
"""

import sys
from importlib.metadata import version

from fast_bitrix24 import Bitrix
from fast_bitrix24.server_response import ErrorInServerResponseException

from bitrix24portal import held, webhook
from checks import Checks

URL, WEBHOOK = sys.argv[1], webhook(sys.argv[2])
checks = Checks("fast-bitrix24 " + version("fast-bitrix24"))
portal = Bitrix(WEBHOOK, verbose=False)


def answers(method, items):
    """What was answered to each item; the client keeps its own names of the commands around maps."""
    found = portal.call(method, items)
    return list(found.values()) if isinstance(found, dict) else list(found)


def listing(count):
    contacts = portal.get_all("crm.contact.list", {"select": ["ID", "NAME", "EMAIL"]})
    ids = sorted((one["ID"] for one in contacts), key=int)  # Pages come in any order.
    checks.equal("get_all finds everybody once", (len(ids), len(set(ids))), (count, count))
    checks.true("an address is a list of entries", any(one.get("EMAIL", [{}])[0].get("VALUE") for one in contacts))
    checks.true("who has none has no key", all(one.get("EMAIL", True) for one in contacts))
    some = portal.get_all("crm.contact.list", {"filter": {">ID": ids[9], "<=ID": ids[99]}, "select": ["ID"]})
    checks.equal("a filter between two ids", len(some), 90)
    items = portal.get_all("crm.item.list", {"entityTypeId": 3, "select": ["id"]})
    checks.equal("crm.item.list finds the same", sorted(str(one["id"]) for one in items), sorted(ids))
    return ids


def one_by_one(ids):
    read = portal.get_by_ID("crm.contact.get", ids[:120])
    checks.equal("get_by_ID", sorted(read), sorted(ids[:120]))
    checks.equal("what it gives", read[ids[0]]["ID"], ids[0])


def fields():
    def add(**fields):
        return portal.call("crm.contact.userfield.add", {"fields": fields})

    add(FIELD_NAME="FAST_SCORE", USER_TYPE_ID="integer", LABEL="Score")
    add(FIELD_NAME="FAST_TAGS", USER_TYPE_ID="string", MULTIPLE="Y", LABEL="Tags")
    number = add(FIELD_NAME="FAST_BAND", USER_TYPE_ID="enumeration", LABEL="Band",
                 LIST=[{"VALUE": "cold", "SORT": 10}, {"VALUE": "hot", "SORT": 20}])
    band = answers("crm.contact.userfield.get", {"id": number})[0]
    checks.equal("userfield.get tells the options", [one["VALUE"] for one in band["LIST"]], ["cold", "hot"])
    known = portal.get_all("crm.contact.userfield.list", {"filter": {"FIELD_NAME": "UF_CRM_FAST_SCORE"}})
    checks.equal("userfield.list by a name", [one["USER_TYPE_ID"] for one in known], ["integer"])
    return band["LIST"][1]["ID"]


def writing(ids, hot):
    updates = [{"ID": id, "fields": {"UF_CRM_FAST_SCORE": place, "UF_CRM_FAST_BAND": hot,
                                     "UF_CRM_FAST_TAGS": ["a", f"t{place}"]}}
               for place, id in enumerate(ids[:120])]
    checks.equal("call with 120 updates", answers("crm.contact.update", updates), [True] * 120)
    stored = held(URL, "fast_score,fast_band,fast_tags")
    checks.equal("they are held", stored[ids[119]][:3], ["119", "hot", "a t119"])
    back = portal.get_all("crm.contact.list", {"filter": {"@ID": ids[:120]}, "select": ["ID", "UF_*"]})
    checks.equal("and read back", {one["ID"]: one["UF_CRM_FAST_SCORE"] for one in back}[ids[7]], "7")
    items = [{"entityTypeId": 3, "id": id, "fields": {"ufCrmFastScore": 500}} for id in ids[:60]]
    stored = [one.get("item", one)["ufCrmFastScore"] for one in answers("crm.item.update", items)]
    checks.equal("crm.item.update with 60 items", stored, [500] * 60)


def failing():
    try:
        portal.get_by_ID("crm.contact.get", ["999999999"])
        checks.true("a contact that is not there", False)
    except ErrorInServerResponseException:
        checks.true("a contact that is not there", True)


ids = listing(len(held(URL)))
one_by_one(ids)
hot = fields()
writing(ids, hot)
failing()
checks.end()

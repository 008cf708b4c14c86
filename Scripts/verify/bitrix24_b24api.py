"""Drives the stand-in of Bitrix24 with `b24api`, which looks at the place and time of every page.

Usage: bitrix24_b24api.py URL CONFIGURATION

It raises if a page does not begin where it should, and if a time does not have its known form.
"""

import logging
import os
import sys
from importlib.metadata import version

from bitrix24portal import held, webhook
from checks import Checks

os.environ["BITRIX24_API_WEBHOOK_URL"] = webhook(sys.argv[2])

from b24api import Bitrix24  # noqa: E402  (it reads the address when it is loaded)
from b24api.error import ApiResponseError  # noqa: E402

URL = sys.argv[1]
# It says at length that it waits when it was too fast.
logging.disable(logging.WARNING)
checks = Checks("b24api " + version("b24api"))
portal = Bitrix24()
CONTACTS = {"method": "crm.contact.list", "parameters": {"select": ["ID", "EMAIL"]}}


def listing(count):
    found = {}
    for way in (portal.list_sequential, portal.list_batched, portal.list_batched_no_count):
        ids = [one["ID"] for one in way(CONTACTS)]
        checks.equal(f"{way.__name__} finds everybody once", (len(ids), len(set(ids))), (count, count))
        found[way.__name__] = sorted(ids)
    checks.equal("all find the same", len(set(map(tuple, found.values()))), 1)
    return found["list_sequential"]


def activities():
    request = {"method": "crm.activity.list", "parameters": {"select": ["ID", "PROVIDER_ID", "COMMUNICATIONS"]}}
    rows = list(portal.list_batched_no_count(request))
    checks.true("activities are listed without counting", len(rows) > 0)
    bound = portal.call({"method": "crm.activity.binding.list", "parameters": {"activityId": rows[0]["ID"]}})
    checks.true("crm.activity.binding.list", bound and bound[0]["entityId"] > 0)
    moves = portal.list_sequential({"method": "crm.stagehistory.list", "parameters": {"entityTypeId": 2}})
    checks.true("crm.stagehistory.list", all(one["STAGE_SEMANTIC_ID"] in ("P", "S", "F") for one in moves))


def writing(ids):
    field = {"FIELD_NAME": "B24API_SCORE", "USER_TYPE_ID": "integer"}
    portal.call({"method": "crm.contact.userfield.add", "parameters": {"fields": field}})
    done = list(portal.batch(
        {"method": "crm.contact.update", "parameters": {"id": id, "fields": {"UF_CRM_B24API_SCORE": 31}}}
        for id in ids[:101]))
    checks.equal("101 updates in batches", done, [True] * 101)
    read = {"method": "crm.contact.list",
            "parameters": {"select": ["ID"], "filter": {"UF_CRM_B24API_SCORE": 31}}}
    back = sorted(one["ID"] for one in portal.list_batched_no_count(read))
    checks.equal("who holds the value", back, sorted(ids[:101]))
    checks.equal("it is held", held(URL, "b24api_score")[ids[100]][0], "31")


def failing():
    for what, request in (
        ("a method that is not there", {"method": "crm.nothing.list"}),
        ("an unknown field in a filter",
         {"method": "crm.item.list", "parameters": {"entityTypeId": 3, "filter": {"nothing": 1}}})):
        try:
            portal.call(request)
            checks.true(what, False)
        except ApiResponseError:
            checks.true(what, True)


ids = listing(len(held(URL)))
activities()
writing(ids)
failing()
checks.end()

"""Drives the stand-in of Bitrix24 with Bitrix24's own SDK, `b24pysdk`: over TLS, and with chains of pages.

Usage: bitrix24_b24pysdk.py URL CONFIGURATION

The SDK speaks https alone, so that a small front with a certificate of its own is put before the sandbox.
"""

import sys
import tempfile
from importlib.metadata import version
from urllib.parse import urlsplit

from bitrix24portal import TLSFront, held, webhook
from checks import Checks

URL, WEBHOOK = sys.argv[1], urlsplit(webhook(sys.argv[2]))
folder = tempfile.TemporaryDirectory()
front = TLSFront(folder.name, WEBHOOK.port)

from b24pysdk import BitrixWebhook, Client  # noqa: E402  (requests reads the certificate's place)
from b24pysdk.errors import BitrixAPIError  # noqa: E402

checks = Checks("b24pysdk " + version("b24pysdk"))
token = BitrixWebhook(domain=f"127.0.0.1:{front.port}", webhook_token=WEBHOOK.path.removeprefix("/rest/").strip("/"))
portal = Client(token)


def listing(count):
    contact = portal.crm.contact
    ids = [one["ID"] for one in contact.list(select=["ID"]).as_list_fast().result]
    checks.equal("as_list_fast finds everybody once", (len(ids), len(set(ids))), (count, count))
    plain = [one["ID"] for one in contact.list(select=["ID"]).as_list().result]
    checks.equal("as_list finds the same", sorted(plain), sorted(ids))
    page = contact.list(select=["ID"], start=0)
    checks.equal("a page tells the total", (page.response.total, page.response.next), (count, 50))
    checks.equal("contact.get", contact.get(int(ids[0])).result["ID"], ids[0])
    checks.true("contact.fields", contact.fields().result)
    return ids


def writing(ids):
    fields = portal.crm.contact.userfield
    number = fields.add({"FIELD_NAME": "SDK_SCORE", "USER_TYPE_ID": "integer", "LABEL": "Score"}).result
    checks.equal("userfield.get", fields.get(number).result["FIELD_NAME"], "UF_CRM_SDK_SCORE")
    calls = {f"c{id}": portal.crm.contact.update(int(id), {"UF_CRM_SDK_SCORE": 77}) for id in ids[:50]}
    done = portal.call_batch(calls).result.result
    checks.equal("call_batch with 50 updates", set(done.values()), {True})
    stored = held(URL, "sdk_score")
    checks.equal("they are held", {stored[id][0] for id in ids[:50]}, {"77"})
    item = portal.crm.item.update(3, int(ids[50]), {"ufCrmSdkScore": 78}).result["item"]
    checks.equal("item.update gives the item back", (item["id"], item["ufCrmSdkScore"]), (int(ids[50]), 78))
    read = portal.crm.contact.list(select=["ID", "UF_*"], filter={"@ID": ids[:51]}).as_list().result
    checks.equal("and read back", sorted(one["UF_CRM_SDK_SCORE"] for one in read), ["77"] * 50 + ["78"])


def failing():
    try:
        portal.crm.contact.get(999999999).result
        checks.true("a contact that is not there", False)
    except BitrixAPIError:
        checks.true("a contact that is not there", True)
    other = Client(BitrixWebhook(domain=f"127.0.0.1:{front.port}", webhook_token="1/wrong"))
    try:
        other.profile().result
        checks.true("a wrong webhook", False)
    except BitrixAPIError as error:
        checks.equal("a wrong webhook", error.status_code, 401)


ids = listing(len(held(URL)))
writing(ids)
failing()
checks.end()

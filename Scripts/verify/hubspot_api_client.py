"""Drives the stand-in of HubSpot with the older official client, which speaks the numbered versions of the paths.

Usage: hubspot_api_client.py URL CONFIGURATION

It proves that requests of a client that knows nothing of us are understood, and that their answers can be read.
"""

import sys
import time
from importlib.metadata import version

from hubspot import Client
from hubspot.crm import contacts, deals, lists, properties
from hubspot.crm.objects import calls
from urllib3.util.retry import Retry

from checks import Checks, setting

URL, TOKEN = sys.argv[1], setting(sys.argv[2], "token")
checks = Checks("hubspot-api-client " + version("hubspot-api-client"))
# A search too many in a second is refused; the client then tries again.
retry = Retry(total=8, status_forcelist=(429,), backoff_factor=0.5, allowed_methods=None)
client = Client.create(access_token=TOKEN, host=URL, retry=retry)


def refused(status, call):
    """Whether the call is refused with this status."""
    try:
        call()
    except Exception as error:
        return getattr(error, "status", None) == status
    return False


def listing():
    seen, after = [], None
    while True:
        page = client.crm.contacts.basic_api.get_page(limit=100, after=after, properties=["email", "website"])
        seen += [one.id for one in page.results]
        if page.paging is None:
            break
        after = page.paging.next.after
    checks.true("contacts.basic_api.get_page", len(seen) > 100 and len(set(seen)) == len(seen))
    one = client.crm.contacts.basic_api.get_by_id(seen[0], properties=["website"])
    checks.equal("what is empty is null", one.properties["website"], None)
    read = client.crm.contacts.batch_api.read(contacts.BatchReadInputSimplePublicObjectId(
        inputs=[{"id": id} for id in seen[:10]] + [{"id": "1"}], properties=["email"],
        properties_with_history=[]))
    checks.equal("contacts.batch_api.read with a missing one", (len(read.results), read.num_errors), (10, 1))
    return seen


def searching(api, request, modified):
    found, last = [], "0"
    while True:
        page = api.do_search(request(
            filter_groups=[{"filters": [
                {"propertyName": modified, "operator": "GTE", "value": "0"},
                {"propertyName": "hs_object_id", "operator": "GT", "value": last}]}],
            sorts=[{"propertyName": "hs_object_id", "direction": "ASCENDING"}], properties=["hs_timestamp"],
            limit=200))
        if not page.results:
            return found
        found += [one.id for one in page.results]
        last = found[-1]


def properties_api():
    core = client.crm.properties.core_api
    client.crm.properties.groups_api.create(
        "contacts", properties.PropertyGroupCreate(name="client_group", label="Client"))
    core.create("contacts", properties.PropertyCreate(
        name="client_score", label="Score", group_name="client_group", type="number", field_type="number"))
    time.sleep(1.1)  # A new property is there a moment later.
    checks.equal("properties.core_api.get_by_name", core.get_by_name("contacts", "client_score").type, "number")
    names = [one.name for one in core.get_all("contacts").results]
    checks.true("properties.core_api.get_all", {"client_score", "hs_email_open"} <= set(names))
    groups = [one.name for one in client.crm.properties.groups_api.get_all("contacts").results]
    checks.true("properties.groups_api.get_all", "client_group" in groups)
    again = properties.PropertyGroupCreate(name="client_group", label="Client")
    checks.true("a group that is there is a conflict", refused(
        409, lambda: client.crm.properties.groups_api.create("contacts", again)))


def writing(seen):
    api = client.crm.contacts.batch_api
    written = api.update(contacts.BatchInputSimplePublicObjectBatchInput(
        inputs=[{"id": id, "properties": {"client_score": "42"}} for id in seen[:100]]))
    checks.equal("contacts.batch_api.update", (written.status, len(written.results)), ("COMPLETE", 100))
    silent = api.update(contacts.BatchInputSimplePublicObjectBatchInput(
        inputs=[{"id": "nobody@example.test", "properties": {"client_score": "1"}}]))
    checks.equal("an address in place of an id does nothing", silent.results, [])
    bad = contacts.BatchInputSimplePublicObjectBatchInput(
        inputs=[{"id": seen[0], "properties": {"client_score": "many"}}])
    checks.true("a bad value", refused(400, lambda: api.update(bad)))


def links():
    ids = searching(client.crm.objects.calls.search_api, calls.PublicObjectSearchRequest, "hs_lastmodifieddate")
    found = searching(client.crm.deals.search_api, deals.PublicObjectSearchRequest, "hs_lastmodifieddate")
    checks.true("calls and deals are searched", len(ids) + len(found) > 0)
    if ids:
        answer = client.crm.associations.v4.batch_api.get_page(
            "calls", "contacts", {"inputs": [{"id": id} for id in ids[:1000]]})
        checks.equal("associations.v4.batch_api.get_page", len(answer.results), len(ids[:1000]))


def static_lists(seen):
    api = client.crm.lists
    made = api.lists_api.create(lists.ListCreateRequest(
        name="Client: hot", object_type_id="0-1", processing_type="MANUAL")).list
    added = api.memberships_api.add(made.list_id, seen[:2])
    checks.equal("lists.memberships_api.add", added.records_ids_added, seen[:2])
    page = api.memberships_api.get_page(made.list_id)
    checks.equal("lists.memberships_api.get_page", [one.record_id for one in page.results], seen[:2])
    named = api.lists_api.get_by_name("client: hot", "0-1").list
    checks.equal("lists.lists_api.get_by_name", named.list_id, made.list_id)


def forms():
    page = client.marketing.forms.forms_api.get_page(limit=100)
    checks.true("marketing.forms.forms_api.get_page", len(page.results) > 0)


def tokens():
    """The app of the stand-in's usual settings; the SDK cannot be asked, since it sends JSON where a form belongs."""
    api = client.oauth.tokens_api
    app = {"client_id": "client-id", "client_secret": "client-secret", "grant_type": "refresh_token"}
    made = api.create(**app, refresh_token="refresh-token")
    checks.equal("oauth.tokens_api.create", (made.token_type, made.expires_in), ("bearer", 1800))
    other = Client.create(access_token=made.access_token, host=URL)
    checks.equal("its token is good", len(other.crm.contacts.basic_api.get_page(limit=1).results), 1)
    checks.true("a wrong refresh token", refused(400, lambda: api.create(**app, refresh_token="old")))


tokens()
ids = listing()
found = searching(client.crm.contacts.search_api, contacts.PublicObjectSearchRequest, "lastmodifieddate")
checks.equal("contacts.search_api.do_search finds all that the list has", sorted(found), sorted(ids))
properties_api()
writing(ids)
links()
static_lists(ids)
forms()
checks.end()

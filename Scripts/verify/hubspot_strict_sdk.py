"""Drives the stand-in of HubSpot with the official SDK, which checks every answer against HubSpot's own types.

Usage: hubspot_strict_sdk.py URL CONFIGURATION

The SDK raises APIResponseValidationError for an answer of another form. Two things that a real account was seen to
send break its types: null for a property without a value, and numbers as ids of associated records. Both are looked
at with the lenient client instead, and shown to be what the strict one refuses.
"""

import sys
import time

import hubspot_sdk
from hubspot_sdk import APIResponseValidationError, APIStatusError, HubSpot

from checks import Checks, setting

URL, TOKEN = sys.argv[1], setting(sys.argv[2], "token")
checks = Checks("hubspot-sdk " + hubspot_sdk.__version__)
# A search too many in a second is refused; the SDK then tries again.
strict = HubSpot(access_token=TOKEN, base_url=URL, max_retries=8, _strict_response_validation=True)
lenient = HubSpot(access_token=TOKEN, base_url=URL, max_retries=8)
FILLED = ["email", "firstname", "createdate", "hs_analytics_num_page_views"]


def refused(status, call):
    """The body of the refusal with this status; none if the call is not refused so."""
    try:
        call()
    except APIStatusError as error:
        return error.body if error.status_code == status else None
    return None


def account():
    details = strict.account.get()
    checks.equal("account.get", details.account_type, "STANDARD")
    usage = strict.account.get_daily_private_apps_usage().results[0]
    checks.true("account.get_daily_private_apps_usage", 0 < usage.current_usage < usage.usage_limit)
    limits = strict.crm.limits.get_custom_property_limits()
    checks.true("crm.limits.get_custom_property_limits", limits.overall_limit > limits.overall_usage)


def listing():
    contacts = strict.crm.objects.contacts
    seen = [contact.id for contact in contacts.list(limit=100, properties=FILLED)]
    checks.true("contacts.list leads through all pages", len(seen) > 100 and len(set(seen)) == len(seen))
    one = contacts.get(seen[0], properties=FILLED)
    checks.equal("contacts.get", one.id, seen[0])
    checks.equal("contacts.list archived", list(contacts.list(archived=True, properties=["email"])), [])
    page = contacts.batch.get(
        inputs=[{"id": id} for id in seen[:100]], properties=FILLED, properties_with_history=[])
    checks.equal("contacts.batch.get", len(page.results), 100)
    try:
        contacts.get(seen[0], properties=["hs_latest_meeting_activity", "website"])
        checks.true("null breaks the strict types", False)
    except APIResponseValidationError:
        loose = lenient.crm.objects.contacts.get(seen[0], properties=["website"])
        checks.equal("null breaks the strict types, as recorded answers do", loose.properties["website"], None)
    return seen


def searching(seen):
    found, last = [], "0"
    while True:
        page = strict.crm.objects.contacts.search(
            after="0", limit=200, properties=FILLED, query="",
            sorts=[{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            filter_groups=[{"filters": [
                {"propertyName": "lastmodifieddate", "operator": "GTE", "value": "0"},
                {"propertyName": "hs_object_id", "operator": "GT", "value": last}]}])
        if not page.results:
            break
        found += [contact.id for contact in page.results]
        last = found[-1]
    checks.equal("contacts.search by id finds all that the list has", sorted(found), sorted(seen))


def properties():
    api = strict.crm.properties
    api.groups.create("contacts", name="verify_group", label="Verify")
    checks.true("groups.list", "verify_group" in [group.name for group in api.groups.list("contacts").results])
    checks.equal("groups.get", api.groups.get("verify_group", object_type="contacts").label, "Verify")
    made = api.batch.create("contacts", inputs=[
        {"name": "verify_score", "label": "Score", "groupName": "verify_group", "type": "number",
         "fieldType": "number"},
        {"name": "verify_tags", "label": "Tags", "groupName": "verify_group", "type": "enumeration",
         "fieldType": "checkbox",
         "options": [{"label": "Hot", "value": "hot", "hidden": False, "displayOrder": 0}]}])
    checks.equal("properties.batch.create", [one.name for one in made.results], ["verify_score", "verify_tags"])
    time.sleep(1.1)  # A new property is there a moment later.
    checks.equal("properties.get", api.get("verify_score", object_type="contacts").type, "number")
    body = refused(409, lambda: api.create(
        "contacts", name="verify_score", label="Score", group_name="verify_group", type="number",
        field_type="number"))
    checks.equal("properties.create of a known name", (body or {}).get("category"), "OBJECT_ALREADY_EXISTS")
    changed = api.update("verify_tags", object_type="contacts", options=[
        {"label": "Hot", "value": "hot", "hidden": False, "displayOrder": 0},
        {"label": "Cold", "value": "cold", "hidden": False, "displayOrder": 1}])
    checks.equal("properties.update", [option.value for option in changed.options], ["hot", "cold"])
    read = api.batch.get(
        "contacts", archived=False, data_sensitivity="non_sensitive", inputs=[{"name": "verify_tags"}])
    checks.equal("properties.batch.get", read.results[0].field_type, "checkbox")
    checks.true("properties.list", len(api.list("contacts").results) > 60)


def writing(seen):
    batch = strict.crm.objects.contacts.batch
    written = batch.update(inputs=[
        {"id": id, "properties": {"verify_score": str(score), "verify_tags": "hot;cold"}}
        for score, id in enumerate(seen[:100])])
    checks.equal("contacts.batch.update", (written.status, len(written.results)), ("COMPLETE", 100))
    one = strict.crm.objects.contacts.get(seen[7], properties=["verify_score", "verify_tags"])
    checks.equal("what was written is read at once", one.properties["verify_tags"], "hot;cold")
    checks.equal("each has its own", one.properties["verify_score"], "7")
    partial = batch.update(inputs=[
        {"id": seen[0], "properties": {"verify_score": "1"}},
        {"id": "123", "properties": {"verify_score": "1"}}])
    checks.equal("contacts.batch.update with a missing one", len(partial.results), 1)
    body = refused(400, lambda: batch.update(inputs=[{"id": seen[0], "properties": {"nosuch": "1"}}]))
    checks.equal("a bad property", body and body["errors"][0]["code"], "PROPERTY_DOESNT_EXIST")
    body = refused(400, lambda: batch.update(inputs=[{"id": seen[0], "properties": {}}] * 2))
    checks.true("an id twice", body and body["message"].startswith("Duplicate IDs found"))


def lives():
    contacts = strict.crm.objects.contacts
    first = contacts.create(associations=[], properties={"email": "verify1@example.test"})
    second = contacts.create(associations=[], properties={"email": "verify2@example.test"})
    changed = contacts.update(first.id, properties={"firstname": "Vera"})
    checks.equal("contacts.update", changed.properties["firstname"], "Vera")
    merged = contacts.merge(primary_object_id=first.id, object_id_to_merge=second.id)
    checks.true("contacts.merge makes a new id", merged.id not in (first.id, second.id))
    checks.equal("an old id leads to it", contacts.get(second.id, properties=["email"]).id, merged.id)
    upserted = contacts.batch.upsert(inputs=[
        {"id": "verify1@example.test", "idProperty": "email", "properties": {"firstname": "Wera"}}])
    checks.equal("contacts.batch.upsert", (upserted.results[0].id, upserted.results[0].new), (merged.id, False))
    made = contacts.batch.create(inputs=[{"associations": [], "properties": {"email": "verify3@example.test"}}])
    contacts.batch.delete(inputs=[{"id": made.results[0].id}])
    gone = [one.id for one in contacts.list(archived=True, limit=100, properties=["email"])]
    checks.true("contacts.batch.delete archives", made.results[0].id in gone)
    contacts.delete(merged.id)
    checks.true("contacts.delete", refused(404, lambda: contacts.get(merged.id)) is not None)
    erased = contacts.create(associations=[], properties={"email": "verify4@example.test"})
    contacts.gdpr_delete(object_id=erased.id)
    checks.true("contacts.gdpr_delete", refused(404, lambda: contacts.get(erased.id)) is not None)


def lists(seen):
    api = strict.crm.lists
    made = api.create(name="Verify: hot", object_type_id="0-1", processing_type="MANUAL").list
    found = api.get_by_object_type_and_name("verify: HOT", object_type_id="0-1").list
    checks.equal("lists.get_by_object_type_and_name", found.list_id, made.list_id)
    checks.equal("lists.get", api.get(made.list_id).list.name, "Verify: hot")
    added = api.add_memberships(made.list_id, body=seen[:3])
    checks.equal("lists.add_memberships", added.records_ids_added, seen[:3])
    moved = api.add_and_remove_memberships(
        made.list_id, record_ids_to_add=[seen[3], "9"], record_ids_to_remove=[seen[0]])
    checks.equal("lists.add_and_remove_memberships", (
        moved.records_ids_added, moved.record_ids_removed, moved.record_ids_missing),
        ([seen[3]], [seen[0]], ["9"]))
    api.remove_memberships(made.list_id, body=[seen[1]])
    members = [member.record_id for member in api.list_memberships(made.list_id, limit=1)]
    checks.equal("lists.list_memberships", members, seen[2:4])
    mine = api.get_record_memberships(seen[2], object_type_id="0-1").results
    checks.equal("lists.get_record_memberships", mine[0].list_id, made.list_id)
    both = api.batch_read_memberships(inputs=[{"recordId": seen[2], "objectTypeId": "0-1"}])
    checks.equal("lists.batch_read_memberships", len(both.results[0].record_list_memberships), 1)
    hits = api.list_by_search(list_ids=[], offset=0, processing_types=[], query="verify", count=10)
    checks.equal("lists.list_by_search", hits.total, 1)
    api.delete(made.list_id)
    checks.true("lists.delete", refused(404, lambda: api.get(made.list_id)) is not None)


def engagements():
    stages = strict.crm.pipelines.list("deals").results[0].stages
    checks.true("pipelines.list", "closedwon" in [stage.id for stage in stages])
    objects = strict.crm.objects
    kinds = {"calls": objects.calls, "meetings": objects.meetings, "emails": objects.emails,
             "deals": objects.deals, "notes": objects.notes, "tasks": objects.tasks}
    for name, api in kinds.items():
        page = api.search(
            after="0", limit=100, properties=[], query="",
            sorts=[{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            filter_groups=[{"filters": [
                {"propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": "0"}]}])
        checks.true(name + ".search", page.total >= len(page.results))
        if not page.results:
            continue
        ids = [{"id": one.id} for one in page.results] + [{"id": "1"}]
        links = lenient.crm.associations.batch.get("contacts", from_object_type=name, inputs=ids)
        checks.equal(name + " to contacts", len(links.results), len(page.results))
        checks.true("found ids are numbers", isinstance(links.results[0].to[0].to_object_id, int))


def occurrences():
    api = strict.events.occurrences
    try:
        types = api.list_event_types().event_types
    except APIStatusError as error:
        checks.equal("events are for Enterprise", error.body["category"], "MISSING_SCOPES")
        return
    checks.true("events.occurrences.list_event_types", "e_visited_page" in types)
    page = api.list(event_type="e_visited_page", limit=100)
    seen = [one.id for one in page.results]
    # The cursor is percent-encoded already; as it is, the SDK would encode it twice.
    after = page.paging.next.after.replace("%3D", "=")
    seen += [one.id for one in api.list(event_type="e_visited_page", limit=100, after=after).results]
    checks.equal("events.occurrences.list", len(set(seen)), 200)


account()
ids = listing()
searching(ids)
properties()
writing(ids)
lives()
lists(ids)
engagements()
occurrences()
checks.end()

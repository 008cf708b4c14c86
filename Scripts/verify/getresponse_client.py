"""Drives the stand-in of GetResponse with the client `getresponse`, generated from the official specification.

Usage: getresponse_client.py URL CONFIGURATION

The client turns every answer into typed models and raises for one of another form. Bodies are given as plain maps
where its models leave out what is null or the fields of conditions.
"""

import asyncio
import base64
import sys
from datetime import datetime, timedelta, timezone
from importlib.metadata import version

import httpx
from getresponse import GetResponseApiError, GetResponseClient, RateLimitOptions, models

from checks import Checks, setting

URL, KEY = sys.argv[1] + "/v3", setting(sys.argv[2], "apiKey")
checks = Checks("getresponse " + version("getresponse"))
LONG_AGO = datetime(2015, 1, 1, tzinfo=timezone.utc)
UP = models.SortOrderEnum("ASC")


async def refused(status, code, call):
    """Whether the call is refused with this status and GetResponse's own code."""
    try:
        await call
    except GetResponseApiError as error:
        return (error.status_code, error.code, bool(error.uuid)) == (status, code, True)
    return False


async def everything(client, method, per_page=1000, **kwargs):
    return [one async for one in client.paginate(method, per_page=per_page, **kwargs)]


async def account(client):
    checks.true("accounts.get_account", (await client.accounts.get_account()).account_id)
    async with GetResponseClient(api_key="wrong", base_url=URL) as other:
        checks.true("a wrong key", await refused(401, 1014, other.accounts.get_account()))


async def campaigns(client):
    api = client.campaigns_lists
    lists = await api.get_campaign_list()
    checks.true("campaigns_lists.get_campaign_list", len(lists) > 1)
    checks.equal("isDefault is a text", {one.is_default for one in lists}, {"true", "false"})
    one = await api.get_campaign(lists[0].campaign_id)
    checks.equal("campaigns_lists.get_campaign", one.name, lists[0].name)
    made = await api.create_campaign(models.NewCampaign(name="verify_list"))
    checks.true("campaigns_lists.create_campaign", made.campaign_id)
    again = api.create_campaign(models.NewCampaign(name="verify_list"))
    checks.true("a name that is taken", await refused(409, 1008, again))
    members = await everything(client, client.contacts.get_contacts_from_campaign, campaign_id=lists[1].campaign_id)
    checks.equal("contacts.get_contacts_from_campaign", {one.campaign.name for one in members},
                 {lists[1].name})
    return [one.campaign_id for one in lists]


async def contacts(client):
    api = client.contacts
    seen = await everything(client, api.get_contact_list, per_page=90)
    ids = [one.contact_id for one in seen]
    checks.true("contacts.get_contact_list leads through all pages", len(ids) > 300 and len(set(ids)) == len(ids))
    folded = len(ids) - len({id.lower() for id in ids})
    checks.true("ids differ by case alone", folded > 0)
    addresses = [one.email for one in seen]
    checks.true("some addresses are on two lists", len(set(addresses)) < len(addresses))
    changed = await everything(client, api.get_contact_list, query_changed_on_from=LONG_AGO,
                               query_changed_on_to=datetime.now(timezone.utc), sort_changed_on=UP)
    dates = [one.changed_on for one in changed]
    checks.equal("changedOn as filter and order", (len(changed), dates), (len(ids), sorted(dates)))
    checks.equal("a page past the end", await api.get_contact_list(page=999), [])
    checks.true("a page that is too long", await refused(400, 1000, api.get_contact_list(per_page=1001)))
    part = addresses[0].split("@")[0][1:]
    loose = await everything(client, api.get_contact_list, query_email=part)
    exact = await everything(client, api.get_contact_list, query_email=part, additional_flags="exactMatch")
    checks.true("query[email] finds parts", len(loose) > 0)
    checks.equal("but not with exactMatch", exact, [])
    picked = (await api.get_contact_list(fields="email,name,href", per_page=1))[0]
    checks.true("fields picks fields, and the id comes along", picked.contact_id and picked.created_on is None)
    one = await api.get_contact_by_id(ids[0])
    checks.equal("contacts.get_contact_by_id", (one.contact_id, one.tags), (ids[0], []))
    checks.true("custom fields come with the details", one.custom_field_values)
    checks.true("an id that is none", await refused(404, 1013, api.get_contact_by_id("zzzz")))
    return ids


async def fields_and_tags(client):
    api = client.custom_fields
    names = [one.name for one in await everything(client, api.get_custom_field_list)]
    checks.true("custom_fields.get_custom_field_list", "company" in names)
    new = {"name": "verify_band", "type": "number", "format": "text", "hidden": "true", "values": []}
    band = await api.create_custom_field(new)
    checks.equal("custom_fields.create_custom_field", (band.value_type, band.hidden), ("number", "true"))
    checks.true("a field that is there", await refused(409, 1008, api.create_custom_field(new)))
    checks.true("hidden as a truth value", await refused(
        400, 1000, api.create_custom_field(new | {"name": "verify_other", "hidden": True})))
    read = await api.get_custom_field_by_id(band.custom_field_id)
    checks.equal("custom_fields.get_custom_field_by_id", read.name, "verify_band")
    changed = await api.update_custom_field(band.custom_field_id, {"hidden": "false", "values": []})
    checks.equal("custom_fields.update_custom_field", changed.hidden, "false")
    spare = await api.create_custom_field(new | {"name": "verify_spare"})
    await api.delete_custom_field(spare.custom_field_id)
    checks.true("custom_fields.delete_custom_field", await refused(
        404, 1013, api.get_custom_field_by_id(spare.custom_field_id)))

    tags = client.tags
    hot = await tags.create_tag(models.NewTag(name="verify_hot"))
    cold = await tags.create_tag(models.NewTag(name="verify_cold"))
    checks.true("tags.create_tag", hot.tag_id != cold.tag_id)
    checks.true("a tag in other letters", await refused(
        409, 1008, tags.create_tag(models.NewTag(name="Verify_HOT"))))
    checks.true("a tag with a hyphen", await refused(
        400, 1000, tags.create_tag(models.NewTag(name="verify-hot"))))
    listed = await tags.get_tags_list(query_name="verify")
    checks.equal("tags.get_tags_list", {one.name for one in listed}, {"verify_hot", "verify_cold"})
    same = await tags.update_tag(hot.tag_id, {"name": "verify_new"})
    checks.equal("tags.update_tag changes nothing", same.name, "verify_hot")
    checks.equal("tags.get_tag_by_id", (await tags.get_tag_by_id(hot.tag_id)).name, "verify_hot")
    return band.custom_field_id, hot.tag_id, cold.tag_id


async def writing(client, ids, lists, band, hot, cold):
    api = client.contacts
    one = await api.update_contact(ids[0], {"scoring": 42})
    checks.equal("contacts.update_contact", one.scoring, 42)
    kept = one.custom_field_values
    checks.true("what is left out stays", kept)
    added = await api.upsert_tags(ids[0], {"tags": [{"tagId": hot}]})
    added = await api.upsert_tags(ids[0], {"tags": [{"tagId": cold}]})
    checks.equal("contacts.upsert_tags removes none", [tag["tagId"] for tag in added], [hot, cold])
    one = await api.update_contact(ids[0], {"tags": [{"tagId": hot}]})
    checks.equal("an update replaces all tags", [tag.tag_id for tag in one.tags], [hot])
    values = await api.upsert_contact_customs(
        ids[0], {"customFieldValues": [{"customFieldId": band, "value": ["3"]}]})
    checks.equal("contacts.upsert_contact_customs", (values[0].custom_field_id, values[0].values), (band, ["3"]))
    one = await api.get_contact_by_id(ids[0])
    checks.equal("and leaves the others", len(one.custom_field_values), len(kept) + 1)
    checks.equal("scores and tags stay as well", (one.scoring, len(one.tags)), (42, 1))
    one = await api.update_contact(ids[0], {"scoring": None})
    checks.equal("null removes the score", one.scoring, None)
    checks.true("a score that is a text", await refused(400, 1000, api.update_contact(ids[0], {"scoring": "4"})))
    checks.true("a tag that is none", await refused(
        400, 1001, api.upsert_tags(ids[0], {"tags": [{"tagId": "zzzz"}]})))
    goal = next(id for id in lists if id != one.campaign.campaign_id)
    moved = await api.update_contact(ids[2], {"campaign": {"campaignId": goal}})
    checks.equal("another list moves the contact", moved.campaign.campaign_id, goal)
    for score, id in enumerate(ids[10:30]):
        await api.update_contact(id, models.UpdateContact(scoring=score * 10))


async def lives(client, ids, lists):
    api = client.contacts
    new = {"email": "verify@example.test", "campaign": {"campaignId": lists[0]}}
    checks.equal("contacts.create_contact", await api.create_contact(new), None)
    checks.equal("it is not there at once", await api.get_contact_list(query_email="verify@example.test"), [])
    taken = (await api.get_contact_by_id(ids[3]))
    checks.true("an address that is there", await refused(409, 1008, api.create_contact(
        {"email": taken.email, "campaign": {"campaignId": taken.campaign.campaign_id}})))
    await api.delete_contact(ids[4])
    checks.true("contacts.delete_contact", await refused(404, 1013, api.get_contact_by_id(ids[4])))


def question(lists, conditions, kind="subscribed", logic="or"):
    return {
        "subscribersType": [kind], "sectionLogicOperator": "or",
        "section": [{
            "campaignIdsList": lists, "logicOperator": logic, "subscriptionDate": "all_time",
            "subscriberCycle": ["receiving_autoresponder", "not_receiving_autoresponder"],
            "conditions": conditions}]}


async def segments(client, ids, lists, hot):
    api = client.search_contacts

    async def find(conditions, **kwargs):
        return await everything(client, api.get_contacts_from_search_contacts_conditions, per_page=100,
                                body=question(lists, conditions, **kwargs))

    high = {"conditionType": "score", "operatorType": "numeric_operator", "operator": "numeric_gt_eq", "value": 100}
    found = await find([high])
    checks.equal("a search by score", {one.contact_id for one in found}, set(ids[20:30]))
    checks.equal("score is a text here", {one.score for one in found}, {str(n * 10) for n in range(10, 20)})
    none = await find([{"conditionType": "score", "operatorType": "not_exists"}])
    checks.true("who has no score", len(none) > 300)
    tagged = await find([{"conditionType": "tag", "operatorType": "exists", "operator": "exists", "value": hot}])
    checks.equal("a search by tag", [one.contact_id for one in tagged], [ids[0]])
    removed = await find([], kind="removed")
    checks.true("removed contacts have reason and date", removed and all(
        one.reason and one.deleted_on for one in removed))
    day = (datetime.now(timezone.utc) - timedelta(days=30)).strftime("%Y-%m-%d")
    active = await find([
        {"conditionType": name, "operatorType": "date_operator", "operator": "date_from", "value": day}
        for name in ("last_open_date", "last_click_date")])
    checks.true("who was active", len(active) > 0)
    half = question(lists, [])
    del half["section"][0]["subscriberCycle"]
    checks.true("a key that is required", await refused(
        400, 1000, api.get_contacts_from_search_contacts_conditions(half)))

    saved = question(lists, [high]) | {"name": "Verify: hot"}
    made = await api.new_search_contacts(saved)
    checks.equal("search_contacts.new_search_contacts", made.name, "Verify: hot")
    checks.true("a segment that is there", await refused(409, 1008, api.new_search_contacts(saved)))
    id = made.search_contact_id
    listed = await api.get_search_contacts_list(query_name="verify")
    checks.equal("search_contacts.get_search_contacts_list", [one.search_contact_id for one in listed], [id])
    read = await api.get_search_contacts_by_id(id)
    checks.equal("search_contacts.get_search_contacts_by_id", len(read.section), 1)
    members = await everything(client, api.get_contacts_by_id_search_contacts, search_contact_id=id)
    checks.equal("search_contacts.get_contacts_by_id_search_contacts", len(members), 10)
    await client.contacts.update_contact(ids[20], {"scoring": 5})
    members = await everything(client, api.get_contacts_by_id_search_contacts, search_contact_id=id)
    checks.equal("a segment follows the scores", len(members), 9)
    spare = await client.custom_fields.create_custom_field(
        {"name": "verify_segment", "type": "string", "format": "text", "hidden": "true", "values": []})
    await api.upsert_custom_fields_by_search_contact_id(
        id, {"customFieldValues": [{"customFieldId": spare.custom_field_id, "value": ["A"]}]})
    filled = await find([{"conditionType": "custom", "scope": spare.custom_field_id, "value": "a",
                          "operatorType": "string_operator", "operator": "is"}])
    checks.equal("search_contacts.upsert_custom_fields_by_search_contact_id", len(filled), 9)
    changed = await api.update_search_contacts(id, saved | {"name": "Verify: hotter"})
    checks.equal("search_contacts.update_search_contacts", changed.name, "Verify: hotter")
    await api.delete_search_contacts(id)
    checks.true("search_contacts.delete_search_contacts", await refused(
        404, 1013, api.get_search_contacts_by_id(id)))
    return [one.contact_id for one in active]


async def activities(client, active):
    api = client.contacts
    old, recent, kinds = 0, 0, set()
    for id in active[:20]:
        rows = await everything(client, api.get_activities, contact_id=id, query_created_on_from=LONG_AGO)
        kinds |= {row.activity.value for row in rows}
        old += len(rows)
        recent += len(await everything(client, api.get_activities, contact_id=id))
        for row in rows:
            good = row.resource.resource_type.value == "newsletters" and row.subject
            if not good or (row.click_track is not None) != (row.activity.value == "click"):
                checks.true("a row of activities", False)
    checks.equal("contacts.get_activities", kinds, {"send", "open", "click"})
    checks.true("fourteen days if nothing is said", recent < old)

    newsletters = client.newsletters
    listed = await everything(client, newsletters.get_newsletter_list)
    checks.true("newsletters.get_newsletter_list", len(listed) > 0)
    one = await newsletters.get_newsletter(listed[0].newsletter_id)
    checks.equal("newsletters.get_newsletter", one.subject, listed[0].subject)
    rows = []
    for letter in listed:
        rows += await everything(client, newsletters.get_newsletter_activities, newsletter_id=letter.newsletter_id)
    checks.true("newsletters.get_newsletter_activities", len(rows) > 0)


async def shops(client):
    listed = await client.shops.get_shop_list()
    checks.equal("shops.get_shop_list", len(listed), 1)
    id = listed[0]["shopId"]
    checks.equal("shops.get_shop_by_id", (await client.shops.get_shop_by_id(id)).name, listed[0]["name"])
    orders = await everything(client, client.orders.get_order_list, shop_id=id)
    checks.true("orders.get_order_list", orders and all(order.contact_id for order in orders))
    late = max(order.processed_at for order in orders)
    last = await client.orders.get_order_list(id, query_processed_at_from=late)
    checks.true("processedAt as filter", 0 < len(last) < len(orders))
    one = await client.orders.get_order_by_id(id, orders[0].order_id)
    checks.equal("orders.get_order_by_id", one.total_price, orders[0].total_price)
    # The sandbox has neither carts nor transactional e-mail: that the lists are there is all that can be seen.
    checks.equal("carts.get_carts", await client.carts.get_carts(id), [])
    checks.true("carts.get_cart", await refused(404, 1013, client.carts.get_cart(id, "zzzz")))
    api = client.transactional_emails
    mails = await api.get_transactional_emails_list(query_sent_on_from=LONG_AGO)
    checks.equal("transactional_emails.get_transactional_emails_list", mails, [])
    checks.true("transactional_emails.get_transactional_emails_by_id", await refused(
        404, 1013, api.get_transactional_emails_by_id("zzzz")))


async def limits():
    """The client's own limiter reads the headers; this looks at them as they are."""
    async with httpx.AsyncClient() as plain:
        answer = await plain.get(URL + "/accounts", headers={"X-Auth-Token": "api-key " + KEY})
    checks.equal("x-ratelimit-limit", answer.headers["x-ratelimit-limit"], "30000")
    checks.true("x-ratelimit-reset is a text", answer.headers["x-ratelimit-reset"].endswith(" seconds"))


async def tokens():
    """The app of the stand-in's usual settings; the client itself cannot ask for tokens."""
    login = "Basic " + base64.b64encode(b"client-id:client-secret").decode()
    async with httpx.AsyncClient(headers={"Authorization": login}) as plain:
        form = {"grant_type": "refresh_token", "refresh_token": "refresh-token"}
        made = (await plain.post(URL + "/token", data=form)).json()
        checks.equal("a token", (made["token_type"], made["expires_in"]), ("Bearer", 3600))
        checks.equal("the old refresh token", (await plain.post(URL + "/token", data=form)).status_code, 400)
    async with GetResponseClient(access_token=made["access_token"], base_url=URL) as other:
        checks.true("it is good", (await other.accounts.get_account()).account_id)


async def main():
    limit = RateLimitOptions(requests_per_second=60)
    async with GetResponseClient(api_key=KEY, base_url=URL, rate_limit=limit) as client:
        await account(client)
        lists = await campaigns(client)
        ids = await contacts(client)
        band, hot, cold = await fields_and_tags(client)
        await writing(client, ids, lists, band, hot, cold)
        await lives(client, ids, lists)
        active = await segments(client, ids, lists, hot)
        await activities(client, active)
        await shops(client)
    await limits()
    await tokens()
    checks.end()


asyncio.run(main())

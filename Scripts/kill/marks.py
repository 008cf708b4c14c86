"""Marks that are somebody else's: a tag on some contacts, which must stay."""

import base64
import csv
import json
import os

TAG = "vip_of_others"
MOST = 8


def set_foreign(world):
    held = world.held()
    chosen = [contact for contact in held if not contact.startswith("L")]
    chosen = chosen[::max(1, len(chosen) // MOST)][:MOST]
    _SETTERS[world.platform](world, {contact: sorted(held[contact]["tags"]) for contact in chosen})


def _files(world, chosen):
    for name in ("web", "shop"):
        path = os.path.join(world.folder, f"{name}-scores.csv")
        with open(path, newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            if f"{name}/{row['id']}" in chosen:
                row["tags"] = ";".join(filter(None, [row["tags"], TAG]))
        with open(path, "w", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _mautic(world, chosen):
    login = {"Authorization": "Basic " + base64.b64encode(b"demo:demo-password").decode()}
    for contact in chosen:
        world.ask("PATCH", f"/api/contacts/{contact}/edit", {"tags": [TAG]}, login)


def _hubspot(world, chosen):
    login = {"Authorization": "Bearer demo-token"}
    path = "/crm/properties/2026-03/contacts/lead_tags"
    options = json.loads(world.ask("GET", path, headers=login))["options"]
    options.append({"label": TAG, "value": TAG, "displayOrder": 99, "hidden": False})
    world.ask("PATCH", path, {"options": options}, login)
    inputs = [{"id": contact, "properties": {"lead_tags": ";" + TAG}} for contact in chosen]
    world.ask("POST", "/crm/objects/2026-03/contacts/batch/update", {"inputs": inputs}, login)


def _getresponse(world, chosen):
    login = {"X-Auth-Token": "api-key demo-key"}
    tag = json.loads(world.ask("POST", "/v3/tags", {"name": TAG}, login))["tagId"]
    for contact in chosen:
        world.ask("POST", f"/v3/contacts/{contact}/tags", {"tags": [{"tagId": tag}]}, login)


def _bitrix24(world, chosen):
    for contact, tags in chosen.items():
        fields = {"UF_CRM_LEAD_TAGS": tags + [TAG]}
        world.ask("POST", "/rest/1/demo-secret/crm.contact.update", {"id": contact, "fields": fields})


_SETTERS = {
    "files": _files, "mautic": _mautic, "hubspot": _hubspot, "getresponse": _getresponse, "bitrix24": _bitrix24,
}

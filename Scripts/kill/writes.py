"""Reads out of a platform's requests which values they give to which contact, and which tasks they make."""

import json
import re
import urllib.parse


def written(platform, requests):
    """(contact, what is written, value) for each value of each request, in the order in which they came."""
    found = []
    for method, path, body in requests:
        for contact, key, value in _READERS[platform](method, path, body):
            found.append((contact, key, json.dumps(value, sort_keys=True)))
    return found


def twice(values):
    """The first contact to which two different values of one sort were written; nil if there is none."""
    known = {}
    for contact, key, value in values:
        before = known.setdefault((contact, key), value)
        if before != value:
            return f"contact {contact} was written twice with different values of {key}: {before}, then {value}"
    return None


def tasks(requests):
    """(contact, what the task says) for each task that was made, in the order in which they came."""
    found = []
    for _, path, body in requests:
        if path.endswith("/tasks"):
            said = json.loads(body)
            contact = said["associations"][0]["to"]["id"]
            found.append((contact, said["properties"]["hs_task_body"]))
        elif path.endswith("/crm.activity.todo.add"):
            said = json.loads(body)
            found.append((f"{said['ownerTypeId']}/{said['ownerId']}", said["description"]))
    return found


def _files(method, path, body):
    return []


def _mautic(method, path, body):
    single = re.fullmatch(r"/api/contacts/(\d+)/edit", path)
    if not single and path != "/api/contacts/batch/edit":
        return []
    contacts = [json.loads(body) | {"id": single[1]}] if single else json.loads(body)
    return [(str(contact["id"]), key, sorted(value) if key == "tags" else value)
            for contact in contacts for key, value in contact.items() if key not in ("id", "overwriteWithBlank")]


def _hubspot(method, path, body):
    if not path.endswith("/contacts/batch/update"):
        return []
    return [(part["id"], key, value)
            for part in json.loads(body)["inputs"] for key, value in part["properties"].items()]


def _getresponse(method, path, body):
    place = re.fullmatch(r"/v3/contacts/([^/]+)(?:/(tags|custom-fields))?", path)
    if not place:
        return []
    values = []
    for key, value in (json.loads(body) if body else {}).items():
        if key == "customFieldValues":
            values += [(place[1], "field " + one["customFieldId"], one["value"]) for one in value]
        elif key == "tags":
            values.append((place[1], key + (place[2] or ""), sorted(one["tagId"] for one in value)))
        else:
            values.append((place[1], key, value))
    return values


def _bitrix24(method, path, body):
    if not path.endswith("/batch"):
        return []
    values = []
    for command in json.loads(body)["cmd"].values():
        name, _, query = command.partition("?")
        if name not in ("crm.item.update", "crm.contact.update", "crm.lead.update"):
            continue
        pairs = urllib.parse.parse_qsl(query, keep_blank_values=True)
        contact = ":".join(value for key, value in pairs if key in ("entityTypeId", "id"))
        fields = {}
        for key, value in pairs:
            if key.startswith("fields["):
                fields.setdefault(key.split("[")[1].rstrip("]"), []).append(value)
        values += [(contact, key, sorted(value)) for key, value in fields.items()]
    return values


_READERS = {
    "files": _files, "mautic": _mautic, "hubspot": _hubspot, "getresponse": _getresponse, "bitrix24": _bitrix24,
}

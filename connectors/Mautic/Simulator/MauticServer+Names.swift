import Platform

/// Tags, and the lists that give names to numbers.
extension MauticServer {
  mutating func tagRoute(_ call: MauticCall) -> SimulatedAnswer? {
    switch (call.method, call.path.count) {
    case ("GET", 1):
      let search = (call.query.text("search") ?? "").lowercased()
      let found = tags.names.indices.filter {
        search.isEmpty || tags.names[$0].lowercased().contains(search)
      }
      let page = MatchedRows.rows(found[...])
        .page(start: call.query.integer("start") ?? 0, limit: call.query.integer("limit") ?? 30)
      let members = page.map { JSONMember("\($0 + 1)", tagValue($0 + 1)) }
      return .json(200, ["total": .integer(found.count), "tags": members.isEmpty ? [] : .map(members)])
    case ("POST", 2) where call.path[1] == "new":
      guard let name = call.body["tag"]?.scalarText, !name.isEmpty else {
        return .problem(.invalid("tag", "This value should not be blank."))
      }
      let stored = PHPText.escapingEntities(name)
      let isKnown = tags.known(stored) != nil
      let id = tags.id(of: stored)
      var answer = SimulatedAnswer.json(isKnown ? 200 : 201, ["tag": tagValue(id)])
      if !isKnown { answer.headers.append(SimulatedPair("Location", "/api/tags/\(id)")) }
      return answer
    default: return nil
    }
  }

  private func tagValue(_ id: Int) -> JSONValue {
    ["id": .integer(id), "tag": .text(tags[id]), "description": nil]
  }

  /// `/api/emails`, `/api/forms`, `/api/assets`, `/api/pages`: forms are a list, the others maps by id.
  func nameRoute(_ call: MauticCall) -> SimulatedAnswer? {
    guard call.method == "GET", call.path.count == 1 else { return nil }
    let kind = call.path[0]
    let list: NameList
    switch kind {
    case "emails": list = emails
    case "forms": list = forms
    case "assets": list = assets
    default: list = pages
    }
    let page = MatchedRows.range(list.names.indices)
      .page(start: call.query.integer("start") ?? 0, limit: call.query.integer("limit") ?? 30)
    let values = page.map { place in
      JSONMember("\(place + 1)", nameValue(place + 1, list.names[place], kind))
    }
    return .json(
      200,
      .map([
        JSONMember("total", .integer(list.names.count)),
        JSONMember(
          kind, kind == "forms" || values.isEmpty ? .list(values.map { $0.value }) : .map(values)),
      ]))
  }

  private func nameValue(_ id: Int, _ entry: (name: String, added: Int64), _ kind: String) -> JSONValue {
    let alias = FieldRegistry.alias(from: entry.name)
    let added = JSONValue.text(DateText.zoned(entry.added))
    // Making a form saves it twice.
    let isForm = kind == "forms"
    var members: [JSONMember] = [
      JSONMember("isPublished", true), JSONMember("dateAdded", added),
      JSONMember("dateModified", isForm ? added : nil), JSONMember("createdBy", 1),
      JSONMember("createdByUser", "Ada Admin"), JSONMember("modifiedBy", isForm ? 1 : nil),
      JSONMember("modifiedByUser", isForm ? "Ada Admin" : nil), JSONMember("id", .integer(id)),
    ]
    switch kind {
    case "emails":
      members += [
        JSONMember("name", .text(entry.name)), JSONMember("subject", .text(entry.name)),
        JSONMember("language", "en"), JSONMember("emailType", "template"),
      ]
    case "forms":
      members += [
        JSONMember("name", .text(entry.name)), JSONMember("alias", .text(String(alias.prefix(10)))),
        JSONMember("category", nil), JSONMember("description", nil),
        JSONMember("cachedHtml", "<form></form>"),
        JSONMember("publishUp", nil), JSONMember("publishDown", nil),
        JSONMember("fields", [Self.formField(1, "email", isRequired: true), Self.formField(2, "note")]),
        JSONMember("actions", []), JSONMember("template", nil), JSONMember("inKioskMode", false),
        JSONMember("renderStyle", false), JSONMember("formType", "standalone"),
        JSONMember("postAction", "message"), JSONMember("postActionProperty", "Thanks"),
        JSONMember("noIndex", nil), JSONMember("formAttributes", nil), JSONMember("language", nil),
      ]
    default:
      members += [
        JSONMember("title", .text(entry.name)), JSONMember("alias", .text(alias)),
        JSONMember("category", nil), JSONMember("language", "en"),
      ]
    }
    return .map(members)
  }

  private static func formField(_ id: Int, _ name: String, isRequired: Bool = false) -> JSONValue {
    let lead: JSONValue = isRequired ? .text(name) : nil
    return [
      "id": .integer(id), "label": .text(name), "showLabel": true, "alias": .text(name), "type": "text",
      "defaultValue": nil, "isRequired": .bool(isRequired), "validationMessage": nil, "helpMessage": nil,
      "order": .integer(id), "properties": [], "validation": [], "parent": nil, "conditions": [],
      "labelAttributes": nil, "inputAttributes": nil, "containerAttributes": nil, "leadField": lead,
      "saveResult": true, "isAutoFill": false, "mappedObject": isRequired ? "contact" : nil,
      "mappedField": lead,
    ]
  }
}

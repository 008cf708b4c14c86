import Platform

/// Points and point groups.
extension MauticServer {
  /// `POST /api/contacts/{id}/points/{operator}/{number}`: relative, and logged without a sign.
  mutating func changePoints(
    of id: Int, _ operation: String, _ amount: String, _ call: MauticCall
  ) -> SimulatedAnswer {
    guard settings.rights.contains(.editContacts) else { return .problem(.forbidden) }
    guard let place = contacts.placeFollowingMerges(of: id) else {
      return .problem(ItemProblem(code: 404, message: "Contact not found."))
    }
    guard let number = PHPText.number(amount).map({ PHPText.whole($0) }) else { return .serverError() }
    let old = contacts.contacts[place].points
    guard let new = Self.result(old, operation, number) else { return .problem(Self.badOperation) }
    contacts.change(at: place) { $0.points = new }
    recordChange(at: place, fields: [("points", "\(old)", "\(new)")], by: call.writer, call.now)
    let names = ["plus": "add (+)", "minus": "subtract (-)"]
    log(contacts.contacts[place].id, nil, number, names[operation] ?? operation, call)
    return .json(200, ["success": 1])
  }

  private static let badOperation = ItemProblem(
    code: 400, message: "The requested operation is not permitted.")

  private static func result(_ old: Int, _ operation: String, _ number: Int) -> Int? {
    let (old, number) = (Double(old), Double(number))
    switch operation {
    case "plus": return PHPText.whole(old + number)
    case "minus": return PHPText.whole(old - number)
    case "times": return PHPText.whole(old * number)
    case "divide": return number == 0 ? nil : PHPText.whole(old / number)
    default: return nil
    }
  }

  private mutating func log(
    _ id: Int, _ group: Int?, _ delta: Int, _ event: String, _ call: MauticCall
  ) {
    let event = tables.text(call.body["eventName"]?.scalarText ?? event)
    let action = tables.text(call.body["actionName"]?.scalarText ?? "API")
    tables.append(
      "lead_points_change_log", UInt32(id), group.map { UInt32($0) }, event, action,
      UInt32(bitPattern: Int32(clamping: delta)), UInt32(clamping: call.now))
  }

  /// `/api/points/groups`.
  mutating func pointGroupRoute(_ call: MauticCall) -> SimulatedAnswer? {
    guard settings.hasPointGroups, call.path.count >= 2, call.path[1] == "groups" else { return nil }
    switch (call.method, call.path.count) {
    case ("GET", 2):
      let groups = pointGroups.indices.map { groupValue($0 + 1) }
      return .json(200, ["total": .integer(groups.count), "pointGroups": .list(groups)])
    case ("POST", 3) where call.path[2] == "new":
      guard let name = call.body["name"]?.scalarText, !name.isEmpty else {
        return .problem(.invalid("name", "This value should not be blank."))
      }
      pointGroups.append(
        PointGroup(
          name: name, description: call.body["description"]?.scalarText, added: call.now,
          writer: call.writer))
      var answer = SimulatedAnswer.json(201, ["pointGroup": groupValue(pointGroups.count)])
      answer.headers.append(SimulatedPair("Location", "/api/points/groups/\(pointGroups.count)"))
      return answer
    default: return nil
    }
  }

  private func groupValue(_ id: Int) -> JSONValue {
    let group = pointGroups[id - 1]
    return [
      "isPublished": true, "dateAdded": .text(DateText.zoned(group.added)), "dateModified": nil,
      "createdBy": .integer(orNull: group.writer.id), "createdByUser": .text(orNull: group.writer.name),
      "modifiedBy": nil, "modifiedByUser": nil, "id": .integer(id), "name": .text(group.name),
      "description": .text(orNull: group.description),
    ]
  }

  /// `/api/contacts/{id}/points/groups` and what is below; `path` is the rest.
  mutating func contactGroups(_ id: Int, _ path: [String], _ call: MauticCall) -> SimulatedAnswer? {
    guard let place = contacts.placeFollowingMerges(of: id) else {
      return .problem(ItemProblem(code: 404, message: "Contact not found."))
    }
    let id = contacts.contacts[place].id
    if path.isEmpty, call.method == "GET" {
      let scores = (groupScores[id] ?? [:]).sorted { $0.key < $1.key }.map { scoreValue($0.key, $0.value) }
      return .json(200, ["total": .integer(scores.count), "groupScores": .list(scores)])
    }
    guard let group = path.first.flatMap({ Int($0) }) else { return nil }
    guard group >= 1, group <= pointGroups.count else { return .problem(.notFound) }
    if path.count == 1, call.method == "GET" {
      guard let score = groupScores[id]?[group] else { return .problem(.notFound) }
      return .json(200, ["groupScore": scoreValue(group, score)])
    }
    guard path.count == 3, call.method == "POST" else { return nil }
    guard settings.rights.contains(.editContacts) else { return .problem(.forbidden) }
    guard let number = PHPText.number(path[2]).map({ PHPText.whole($0) }) else { return .serverError() }
    let old = groupScores[id]?[group] ?? 0
    guard let new = path[1] == "set" ? number : Self.result(old, path[1], number) else {
      return .problem(Self.badOperation)
    }
    groupScores[id, default: [:]][group] = new
    if new != old { log(id, group, new - old, "Manual change", call) }
    return .json(200, ["groupScore": scoreValue(group, new)])
  }

  private func scoreValue(_ group: Int, _ score: Int) -> JSONValue {
    [
      "score": .integer(score),
      "group": [
        "id": .integer(group), "name": .text(pointGroups[group - 1].name),
        "description": .text(orNull: pointGroups[group - 1].description),
      ],
    ]
  }
}

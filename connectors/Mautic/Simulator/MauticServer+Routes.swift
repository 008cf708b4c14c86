import Platform

/// Which request goes where; nil is a route that does not exist.
extension MauticServer {
  mutating func handle(_ call: MauticCall) -> SimulatedAnswer? {
    switch call.path.first {
    case "users": return call.method == "GET" && call.path == ["users", "self"] ? userSelf() : nil
    case "contacts": return contactRoute(call)
    case "stats": return statsRoute(call)
    case "fields": return fieldRoute(call)
    case "tags": return tagRoute(call)
    case "points": return pointGroupRoute(call)
    case "segments": return segmentRoute(call)
    case "emails", "forms", "assets", "pages": return nameRoute(call)
    case "companies":
      return call.method == "GET" && call.path.count == 1
        ? .json(200, ["total": "0", "companies": [:]]) : nil
    default: return nil
    }
  }

  private func userSelf() -> SimulatedAnswer {
    .json(
      200,
      [
        "isPublished": true, "id": .integer(settings.userID), "username": .text(settings.user),
        "firstName": .text(settings.firstName), "lastName": .text(settings.lastName),
        "email": .text("\(settings.user)@example.test"),
        "role": [
          "isPublished": true, "id": 1, "name": "Administrator", "description": "Full system access",
          "isAdmin": .bool(settings.rights == .all),
        ], "timezone": "", "locale": "",
      ])
  }

  private mutating func contactRoute(_ call: MauticCall) -> SimulatedAnswer? {
    let path = call.path.dropFirst()
    let number = path.first.flatMap { Int($0) }
    switch (call.method, path.count) {
    case ("GET", 0): return listContacts(call)
    case ("GET", 1): return number.map { oneContact($0) }
    case ("POST", 1) where path.first == "new": return createContact(call)
    case ("PATCH", 2) where path.first == "batch" && path.last == "edit",
      ("PUT", 2) where path.first == "batch" && path.last == "edit":
      return editBatch(call)
    case ("POST", 2) where path.first == "batch" && path.last == "new": return createBatch(call)
    case ("PATCH", 2) where path.last == "edit", ("PUT", 2) where path.last == "edit":
      return number.map { editContact($0, call) }
    case ("DELETE", 2) where path.last == "delete": return number.map { deleteContact($0, call) }
    case ("GET", 2) where path.last == "segments": return number.map { segments(ofContact: $0) }
    default: return contactPoints(call, number)
    }
  }

  private mutating func contactPoints(_ call: MauticCall, _ number: Int?) -> SimulatedAnswer? {
    let path = Array(call.path.dropFirst())
    guard let number, path.count >= 3, path[1] == "points" else { return nil }
    if path[2] == "groups" {
      guard settings.hasPointGroups else { return nil }
      return contactGroups(number, Array(path.dropFirst(3)), call)
    }
    guard call.method == "POST", path.count == 4 else { return nil }
    return changePoints(of: number, path[2], path[3], call)
  }
}

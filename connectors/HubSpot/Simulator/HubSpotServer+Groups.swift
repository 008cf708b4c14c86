import Platform
import SimulatorJSON

/// Groups of properties.
extension HubSpotServer {
  mutating func groupRoute(
    _ type: ObjectType, _ rest: [String], _ call: HubSpotCall
  ) throws(Refusal) -> SimulatedAnswer {
    switch (call.method, rest.count) {
    case ("GET", 0):
      let groups = spaces[type].groups.filter { !$0.isArchived }
      return .json(200, ["results": .list(groups.map { $0.json })])
    case ("POST", 0): return try createGroup(type, call.body)
    case ("GET", 1): return .json(200, spaces[type].groups[try group(type, rest[0])].json)
    case ("PATCH", 1):
      let place = try group(type, rest[0])
      if let label = call.body["label"]?.string { spaces[type].groups[place].label = label }
      if let order = call.body["displayOrder"]?.whole { spaces[type].groups[place].displayOrder = order }
      return .json(200, spaces[type].groups[place].json)
    case ("DELETE", 1):
      spaces[type].groups[try group(type, rest[0])].isArchived = true
      return .done
    default: throw .noRoute(call.target)
    }
  }

  private func group(_ type: ObjectType, _ name: String) throws(Refusal) -> Int {
    guard let place = spaces[type].groups.firstIndex(where: { $0.name == name && !$0.isArchived }) else {
      throw .notFound("Property group \(name) does not exist")
    }
    return place
  }

  private mutating func createGroup(_ type: ObjectType, _ body: JSON) throws(Refusal) -> SimulatedAnswer {
    guard let name = body["name"]?.string, let label = body["label"]?.string else {
      throw .badInput("Some required fields were not set: [name, label]")
    }
    guard !spaces[type].groups.contains(where: { $0.name == name && !$0.isArchived }) else {
      // The message is itself a JSON text, which nobody should take apart.
      let inner: JSON = [
        "message": .text("A property group named '\(name)' already exists."), "name": .text(name),
      ]
      throw Refusal(
        status: 409, message: String(decoding: inner.bytes, as: UTF8.self), category: "OBJECT_ALREADY_EXISTS",
        subCategory: "Properties.PROPERTY_GROUP_WITH_NAME_EXISTS")
    }
    spaces[type].groups.removeAll { $0.name == name }
    let group = PropertyGroup(name: name, label: label, displayOrder: body["displayOrder"]?.whole ?? -1)
    spaces[type].groups.append(group)
    return .json(201, group.json)
  }
}

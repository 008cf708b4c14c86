import Platform
import SimulatorJSON

/// Making of records by requests.
extension HubSpotServer {
  /// `POST /crm/objects/{version}/{type}`.
  mutating func createRecord(_ type: ObjectType, _ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    let members = call.body["properties"]?.members ?? []
    var problems: [JSON] = []
    let changes = changes(type, members, &problems)
    try Self.refuse(problems)
    try refuseKnown(type, members)
    let contacts = try linked(by: call, type)
    let place = create(type, changes, now: call.now)
    if !contacts.isEmpty { spaces[type].links[spaces[type].store[place].id] = contacts }
    return .json(201, json(spaces[type].store[place], projection(type, members.map { $0.name })))
  }

  /// The contacts that a new record is to be linked with. The number of the link has to fit the type.
  private func linked(by call: HubSpotCall, _ type: ObjectType) throws(Refusal) -> [Int64] {
    var contacts: [Int64] = []
    for link in call.body["associations"]?.elements ?? [] {
      let text = link["to"]?["id"]?.scalar ?? ""
      guard link["types"]?.elements.first?["associationTypeId"]?.whole == type.linkToContact else {
        throw .invalid("invalid association type for \(type.singular) to contact")
      }
      guard let id = Int64(text), let place = spaces[.contacts].livePlace(of: id) else {
        throw .invalid("Object not found. objectId are usually numeric: \(text)")
      }
      contacts.append(spaces[.contacts].store[place].id)
    }
    return contacts
  }

  private func refuseKnown(_ type: ObjectType, _ members: [JSON.Member]) throws(Refusal) {
    guard type == .contacts, let email = members.last(where: { $0.name == "email" })?.value.string,
      let owner = addresses[email.lowercased()]
    else { return }
    throw Refusal(
      status: 409, message: "Contact already exists. Existing ID: \(owner)", category: "CONFLICT")
  }

  /// Makes a record and gives its place.
  mutating func create(_ type: ObjectType, _ changes: Changes, now: Moment) -> Int {
    let stamp = stamp(now)
    let place = spaces[type].store.add(created: stamp)
    var record = spaces[type].store[place]
    for change in changes { record[change.place] = change.text }
    if type == .contacts {
      for address in allAddresses(of: record) { addresses[address] = record.id }
    }
    replace(at: place, of: type, by: record, seenFrom: nil, now: now)
    return place
  }

  /// `POST .../batch/create`: one that exists stops all.
  mutating func batchCreate(_ type: ObjectType, _ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    let inputs = try call.inputs(most: 100)
    var problems: [JSON] = []
    var all: [Changes] = []
    for input in inputs { all.append(changes(type, input["properties"]?.members ?? [], &problems)) }
    try Self.refuse(problems)
    for input in inputs { try refuseKnown(type, input["properties"]?.members ?? []) }
    let shown = projection(type, Self.names(inputs))
    var results: [JSON] = []
    for changes in all {
      let place = create(type, changes, now: call.now)
      results.append(json(spaces[type].store[place], shown))
    }
    return .json(201, batch(results, at: call.now))
  }

  /// `POST .../batch/upsert`: makes who is not there, which is why nobody should write scores with it.
  mutating func batchUpsert(_ type: ObjectType, _ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    let inputs = try call.inputs(most: 100)
    guard type == .contacts, inputs.allSatisfy({ $0["idProperty"]?.string == "email" }) else {
      throw .invalid("Unable to perform update/upsert by non-unique \(type.number) property")
    }
    var problems: [JSON] = []
    var all: [(email: String, changes: Changes)] = []
    for input in inputs {
      let email = input["id"]?.scalar ?? ""
      let members = [JSON.Member("email", .text(email))] + (input["properties"]?.members ?? [])
      all.append((email, changes(type, members, &problems)))
    }
    try Self.refuse(problems)
    let shown = projection(type, Self.names(inputs))
    let stamp = stamp(call.now)
    var results: [JSON] = []
    for item in all {
      let known = addresses[item.email.lowercased()].flatMap { spaces[type].livePlace(of: $0) }
      let place: Int
      if let known {
        write(Array(item.changes.dropFirst()), to: known, of: type, stamp: stamp, now: call.now)
        place = known
      } else {
        place = create(type, item.changes, now: call.now)
      }
      results.append(
        json(spaces[type].store[place], shown, others: [JSON.Member("new", .bool(known == nil))]))
    }
    return .json(200, batch(results, at: call.now))
  }

  private static func names(_ inputs: [JSON]) -> [String] {
    Array(Set(inputs.flatMap { ($0["properties"]?.members ?? []).map { $0.name } }))
  }
}

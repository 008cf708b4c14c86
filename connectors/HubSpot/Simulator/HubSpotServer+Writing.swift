import Platform
import SimulatorJSON

/// Writing of records by requests.
extension HubSpotServer {
  /// New values, checked, with the places of their properties.
  typealias Changes = [(place: Int, text: String)]

  /// Checks values as HubSpot does: all that is wrong with a batch stands in one refusal, which names no record.
  func changes(
    _ type: ObjectType, _ properties: [JSON.Member], _ problems: inout [JSON]
  ) -> Changes {
    var result: Changes = []
    for member in properties {
      let registry = spaces[type].properties
      guard let place = registry.usable(member.name) else {
        problems.append(ValueProblem.unknown(member.name).json)
        continue
      }
      let text = member.value.scalar ?? ""
      if let problem = ValueProblem.check(text, for: registry[place]) {
        problems.append(problem.json)
      } else {
        result.append((place, text))
      }
    }
    return result
  }

  /// Refuses if any value was wrong.
  static func refuse(_ problems: [JSON]) throws(Refusal) {
    guard !problems.isEmpty else { return }
    let inner = problems.map { problem -> JSON in
      [
        "isValid": false, "message": problem["message"] ?? "", "error": problem["code"] ?? "",
        "name": problem["context"]?["propertyName"]?.elements.first ?? "",
      ]
    }
    let text = String(decoding: JSON.list(inner).bytes, as: UTF8.self)
    throw .invalid("Property values were not valid: \(text)", errors: problems)
  }

  /// Writes checked values into a record.
  mutating func write(
    _ changes: Changes, to place: Int, of type: ObjectType, stamp: Moment, now: Moment
  ) {
    let before = spaces[type].store[place]
    var after = before
    for change in changes {
      let definition = spaces[type].properties[change.place]
      after[change.place] = Self.appended(change.text, to: before[change.place], definition)
    }
    let isEqual = changes.allSatisfy { before[$0.place] == after[$0.place] }
    guard !isEqual || settings.equalWritesMoveModified else { return }
    after.modified = stamp
    if type == .contacts { moveAddress(from: before, to: after) }
    replace(at: place, of: type, by: after, seenFrom: before, now: now)
  }

  /// A leading semicolon adds to a multi-checkbox.
  private static func appended(
    _ text: String, to held: String?, _ definition: PropertyDefinition
  ) -> String {
    guard definition.isMany else { return text }
    var values = text.hasPrefix(";") ? (held ?? "").split(separator: ";") : []
    for value in text.split(separator: ";") where !values.contains(value) { values.append(value) }
    return values.joined(separator: ";")
  }

  /// Puts a changed record in its place; a search sees it later.
  mutating func replace(
    at place: Int, of type: ObjectType, by record: CRMRecord, seenFrom before: CRMRecord?, now: Moment
  ) {
    spaces[type].store[place] = record
    guard settings.indexLag > 0 else { return }
    spaces[type].index.change(
      from: before, to: record, due: Moment(now.milliseconds + settings.indexLag * 1_000))
  }

  private mutating func moveAddress(from before: CRMRecord, to after: CRMRecord) {
    guard let place = spaces[.contacts].properties.place(of: "email"), before[place] != after[place] else {
      return
    }
    if let old = before[place] { addresses[old.lowercased()] = nil }
    if let new = after[place] { addresses[new.lowercased()] = after.id }
  }

  /// `POST .../batch/update`: by id. A bad value or an id that stands twice stops the whole batch.
  mutating func batchUpdate(_ type: ObjectType, _ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    let inputs = try call.inputs(most: 100)
    for input in inputs {
      if let name = input["idProperty"]?.string {
        throw .invalid("Unable to perform update/upsert by non-unique \(type.number) property \(name)")
      }
    }
    try Self.refuseDoubles(inputs)
    var problems: [JSON] = []
    var writes: [(place: Int, changes: Changes)] = []
    var missing: [String] = []
    for input in inputs {
      let changes = changes(type, input["properties"]?.members ?? [], &problems)
      // An address where an id belongs is neither refused nor missed: nothing happens.
      guard let text = input["id"]?.scalar, let id = Int64(text) else { continue }
      if let place = spaces[type].livePlace(of: id) {
        if let message = refusals[id] {
          problems.append(["message": .text(message), "code": "INVALID_RECORD"])
        }
        writes.append((place, changes))
      } else {
        missing.append(text)
      }
    }
    try Self.refuse(problems)
    let stamp = stamp(call.now)
    for write in writes {
      self.write(write.changes, to: write.place, of: type, stamp: stamp, now: call.now)
    }
    let names = Set(inputs.flatMap { ($0["properties"]?.members ?? []).map { $0.name } })
    let shown = projection(type, Array(names))
    let results = writes.reversed().map { json(spaces[type].store[$0.place], shown) }
    return .json(
      missing.isEmpty ? 200 : 207, batch(results, errors: Self.missing(type, missing), at: call.now))
  }

  private static func refuseDoubles(_ inputs: [JSON]) throws(Refusal) {
    var seen: Set<String> = []
    var doubles: [String] = []
    for id in inputs.compactMap({ $0["id"]?.scalar }) where !seen.insert(id).inserted {
      if !doubles.contains(id) { doubles.append(id) }
    }
    guard doubles.isEmpty else {
      throw .invalid(
        "Duplicate IDs found in batch input: [\(doubles.joined(separator: ", "))]. IDs must be unique",
        context: ["ids": .list(doubles.map { .text($0) })])
    }
  }

  /// `PATCH .../{id}`.
  mutating func updateRecord(
    _ type: ObjectType, _ text: String, _ call: HubSpotCall
  ) throws(Refusal) -> SimulatedAnswer {
    guard let id = Int64(text), let place = spaces[type].livePlace(of: id) else {
      throw .notFound("resource not found")
    }
    var problems: [JSON] = []
    let members = call.body["properties"]?.members ?? []
    let changes = changes(type, members, &problems)
    if let message = refusals[id] { problems.append(["message": .text(message), "code": "INVALID_RECORD"]) }
    try Self.refuse(problems)
    write(changes, to: place, of: type, stamp: stamp(call.now), now: call.now)
    return .json(
      200, json(spaces[type].store[place], projection(type, members.map { $0.name })))
  }

  /// `DELETE .../{id}`: it can be restored for ninety days.
  mutating func archiveRecord(
    _ type: ObjectType, _ text: String, _ call: HubSpotCall
  ) throws(Refusal) -> SimulatedAnswer {
    if let id = Int64(text) { archive(id, of: type, now: call.now) }
    return .done
  }

  /// `POST .../batch/archive`.
  mutating func batchArchive(_ type: ObjectType, _ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    for input in try call.inputs(most: 100) {
      if let id = input["id"]?.whole { archive(id, of: type, now: call.now) }
    }
    return .done
  }

  mutating func archive(_ id: Int64, of type: ObjectType, now: Moment) {
    guard let place = spaces[type].livePlace(of: id) else { return }
    let stamp = stamp(now)
    spaces[type].store[place].archived = stamp
    spaces[type].store[place].modified = stamp
    if type == .contacts { forgetAddresses(of: id) }
  }

  mutating func forgetAddresses(of id: Int64) {
    guard let place = spaces[.contacts].store.place(of: id) else { return }
    for address in allAddresses(of: spaces[.contacts].store[place]) {
      if addresses[address] == id { addresses[address] = nil }
    }
  }

  /// The primary and the additional addresses, in small letters.
  func allAddresses(of record: CRMRecord) -> [String] {
    let properties = spaces[.contacts].properties
    let held = ["email", "hs_additional_emails"].compactMap { properties.place(of: $0) }
      .compactMap { record[$0] }
    return held.flatMap { $0.split(separator: ";") }.map { $0.lowercased() }
  }
}

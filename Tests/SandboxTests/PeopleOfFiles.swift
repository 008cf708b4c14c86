import Sandbox
import Scoring

/// Who is who in the files of a sandbox, by their addresses alone.
struct PeopleOfFiles {
  /// A contact in one of the files.
  struct Record {
    let connection: String
    let row: [String: String]
    let addresses: Set<EmailAddress>
  }

  /// All contacts, those of `web` first, by id.
  let records: [Record]
  /// Indices of records for each person.
  let people: [[Int]]

  init(_ written: WrittenSandbox) throws {
    var records: [Record] = []
    for name in written.sandbox.world.connectionNames {
      let rows = try written.contacts(name).sorted { $0["id", default: ""] < $1["id", default: ""] }
      for row in rows {
        let texts =
          [row["email", default: ""]] + row["emails", default: ""].split(separator: ";").map(String.init)
        records.append(
          Record(connection: name, row: row, addresses: Set(texts.compactMap { EmailAddress($0) })))
      }
    }
    var users: [EmailAddress: [Int]] = [:]
    for (index, record) in records.enumerated() {
      for address in record.addresses { users[address, default: []].append(index) }
    }
    var roots = Array(records.indices)
    func root(_ index: Int) -> Int {
      var index = index
      while roots[index] != index { index = roots[index] }
      return index
    }
    for indices in users.values {
      let counts = Dictionary(grouping: indices) { records[$0].connection }.mapValues(\.count)
      if counts.values.contains(where: { $0 > 10 }) { continue }
      for index in indices {
        let (left, right) = (root(index), root(indices[0]))
        roots[max(left, right)] = min(left, right)
      }
    }
    self.records = records
    people = Dictionary(grouping: records.indices, by: root).sorted { $0.key < $1.key }.map {
      $0.value.sorted()
    }
  }

  /// People with contacts on both connections.
  var shared: Int {
    people.count { Set($0.map { records[$0].connection }).count == 2 }
  }

  /// What the sandbox's own model says of the people.
  struct Verdict {
    /// How many people stand in each band; `none` for those in none.
    var bands: [String: Int] = [:]
    /// How many people each rule gives points to or takes points from.
    var rules: [String: Int] = [:]
  }

  /// Scores everybody at the world's now.
  func verdict(_ written: WrittenSandbox) throws -> Verdict {
    let model = try Model(yaml: written.text("model.yaml"), file: "model.yaml")
    let texts = TextTable()
    let names = written.sandbox.world.connectionNames
    var engine = try ScoringEngine(
      model: model, domains: .empty, connections: names.map { ConnectionLabel(name: $0, platform: "files") },
      texts: texts)
    var entries: [Int: [PersonBuffer.Entry]] = [:]
    var byID: [String: Int] = [:]
    var byAddress: [String: Int] = [:]
    for (index, record) in records.enumerated() {
      byID["\(record.connection)/\(record.row["id", default: ""])"] = index
      byAddress["\(record.connection)/\(record.row["email", default: ""].lowercased())"] = index
    }
    for (number, name) in names.enumerated() {
      for row in try written.activities(name) {
        guard
          let record = row["contact"] != ""
            ? byID["\(name)/\(row["contact", default: ""])"]
            : byAddress["\(name)/\(row["email", default: ""])"],
          let kind = ActivityKind(row["kind", default: ""]), let time = Timestamp(row["at", default: ""])
        else { throw Unreadable(row: row) }
        entries[record, default: []].append(
          PersonBuffer.Entry(
            time: time.seconds, value: Double(row["value", default: ""]) ?? .nan,
            target: texts.id(of: row["target"] == "" ? nil : row["target"]),
            campaign: texts.id(of: row["campaign"] == "" ? nil : row["campaign"]), kind: texts.code(of: kind),
            contact: UInt16(number), connection: UInt8(number)))
      }
    }
    var buffer = engine.makeBuffer()
    var verdict = Verdict(rules: Dictionary(uniqueKeysWithValues: model.ruleIDs.map { ($0, 0) }))
    for person in people {
      buffer.reset()
      for index in person {
        let row = records[index].row
        for (slot, field) in engine.fields.enumerated() { buffer.setField(slot, to: row[field, default: ""]) }
        if let created = Timestamp(row["created_at", default: ""]) { buffer.note(createdAt: created.seconds) }
        for entry in entries[index, default: []] { buffer.append(entry) }
      }
      buffer.finish()
      let band = try engine.score(buffer, at: written.sandbox.world.now).band
      verdict.bands[band.map { model.bands[$0].name } ?? "none", default: 0] += 1
      for (id, outcome) in zip(model.ruleIDs, engine.outcomes) where outcome.units != 0 {
        verdict.rules[id, default: 0] += 1
      }
    }
    return verdict
  }

  struct Unreadable: Error {
    let row: [String: String]
  }
}

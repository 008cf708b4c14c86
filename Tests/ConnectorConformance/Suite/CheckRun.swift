import Platform
import Scoring

/// What one check works with: a subject and a fresh account of it.
struct CheckRun: Sendable {
  let subject: any ConformanceSubject
  let account: any ConformanceAccount

  var layout: WriteLayout { subject.layout }

  func supports(_ ability: ConformanceAbility) -> Bool {
    !subject.unsupported.contains { $0.ability == ability }
  }

  func connector() async throws -> any Connector { try await account.connector() }

  /// Adds contacts with addresses `p1@example.com` …; their ids in ascending order.
  func addContacts(_ count: Int) async throws -> [ContactID] {
    var ids: [ContactID] = []
    for number in 1...count {
      ids.append(
        try await account.addContact(email: "p\(number)@example.com", firstName: "Person\(number)"))
    }
    return ids.sorted()
  }

  /// Adds contacts and, for each of them, one activity.
  func addPeople(_ count: Int) async throws -> [ContactID] {
    let ids = try await addContacts(count)
    guard supports(.activities) else { return ids }
    for (number, id) in ids.enumerated() { try await addActivity(of: id, number) }
    return ids
  }

  /// Adds an activity that happened within the last two days.
  func addActivity(of contact: ContactID, _ number: Int) async throws {
    let now = try await account.window().now
    let time = Timestamp(now.seconds - 86_400 - Int64(number) * 60)
    try await account.addActivity(of: contact, number: number, at: time)
  }

  /// Reads all there is, an hour after whatever was before.
  func pull(
    _ reader: inout ConformanceReader, from connector: (any Connector)? = nil,
    afterPage: (StreamDescription, Page) async throws -> Void = { _, _ in }
  ) async throws {
    try await account.passTime(seconds: 3_600)
    let source: any Connector
    if let connector { source = connector } else { source = try await self.connector() }
    try await reader.pull(source, try await account.window(), afterPage: afterPage)
  }

  /// What a store knows that reads everything from the start.
  func fresh() async throws -> ConformanceReader {
    var reader = ConformanceReader()
    try await pull(&reader)
    return reader
  }

  // MARK: Writing

  /// An absolute state with short reasons; tags and band fit each other.
  func state(
    _ contact: ContactID, score: Int, band: Int? = 0, add: [String] = [], remove: [String] = []
  ) async throws -> ContactWrite {
    let name = band.flatMap { layout.bandNames.indices.contains($0) ? layout.bandNames[$0] : nil }
    let tags = layout.fields.tags && supports(.tags)
    return ContactWrite(
      contact: contact, email: nil, score: score, band: name, reasons: "Clicked a link +\(score)",
      addTags: tags ? add : [], removeTags: tags ? remove : [], asOf: try await account.window().now)
  }

  /// One whole apply: prepare, all batches in ascending order, commit.
  @discardableResult
  func apply(
    _ writes: [ContactWrite], with connector: any Connector
  ) async throws -> (outcomes: [ContactID: WriteOutcome], cursors: [StreamName: Cursor]) {
    try await connector.prepare(layout)
    let outcomes = try await write(writes, with: connector)
    return (outcomes, try await connector.commit())
  }

  /// All batches in ascending order.
  func write(
    _ writes: [ContactWrite], with connector: any Connector
  ) async throws -> [ContactID: WriteOutcome] {
    var outcomes: [ContactID: WriteOutcome] = [:]
    var rest = writes.sorted { $0.contact < $1.contact }[...]
    while !rest.isEmpty {
      let batch = Array(rest.prefix(max(1, connector.capabilities.batchSize)))
      rest = rest.dropFirst(batch.count)
      let answers = try await connector.write(batch)
      try require(
        answers.count == batch.count, "The outcomes of a batch of \(batch.count)", "\(batch.count)",
        "\(answers.count)")
      for (write, answer) in zip(batch, answers) { outcomes[write.contact] = answer }
    }
    return outcomes
  }

  /// Applies states that nothing hinders; every outcome must be `written` or `staged`.
  @discardableResult
  func applySmoothly(
    _ writes: [ContactWrite], with connector: any Connector
  ) async throws -> (outcomes: [ContactID: WriteOutcome], cursors: [StreamName: Cursor]) {
    let result = try await apply(writes, with: connector)
    for write in writes { try requireDone(result.outcomes[write.contact], write.contact) }
    return result
  }

  func requireDone(_ outcome: WriteOutcome?, _ contact: ContactID) throws {
    switch outcome {
    case .written, .staged: return
    default:
      throw ConformanceFailure(
        "The outcome of \(contact)", expected: "written or staged",
        found: outcome.map { "\($0)" } ?? "nothing")
    }
  }

  /// What the platform must hold after a write, by the layout; only owned tags are looked at.
  func requireHeld(_ write: ContactWrite, _ when: String, storesZero: Bool = true) async throws {
    let found = try await account.held(write.contact)
    try compare(found, with: write, "\(when), what the platform holds for \(write.contact)", storesZero)
  }

  func compare(
    _ found: HeldState?, with write: ContactWrite, _ what: String, _ storesZero: Bool = true
  ) throws {
    guard let found else { throw ConformanceFailure(what, expected: "a contact", found: "none") }
    let isZero = write.score == 0 && !storesZero
    try require(
      found.score == write.heldScore || (isZero && found.score == nil), "\(what): the score",
      text(write.heldScore), text(found.score))
    if layout.fields.band != nil {
      try require(found.band == write.band, "\(what): the band", text(write.band), text(found.band))
    }
    if layout.fields.reasons != nil {
      try require(
        found.reasons == write.reasons, "\(what): the reasons", write.reasons, text(found.reasons))
    }
    let missing = write.addTags.filter { !found.tags.contains($0) }
    let left = write.removeTags.filter { found.tags.contains($0) }
    try require(
      missing.isEmpty && left.isEmpty, "\(what): the tags", "\(write.addTags) and not \(write.removeTags)",
      "\(found.tags.sorted())")
  }

  // MARK: Saying what is wrong

  func require(_ holds: Bool, _ what: String, _ expected: String, _ found: String) throws {
    if !holds { throw ConformanceFailure(what, expected: expected, found: found) }
  }

  func requireSame(_ found: Set<String>, _ expected: Set<String>, _ what: String) throws {
    guard found != expected else { return }
    func some(_ lines: Set<String>) -> String {
      lines.isEmpty ? "nothing" : lines.sorted().prefix(3).joined(separator: " / ")
    }
    throw ConformanceFailure(
      what, expected: "also \(some(expected.subtracting(found)))",
      found: "instead \(some(found.subtracting(expected)))")
  }

  func text(_ value: (some Any)?) -> String { value.map { "\($0)" } ?? "nothing" }
}

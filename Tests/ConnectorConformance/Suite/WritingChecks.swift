import Platform
import Scoring

/// What is written, and that nothing else is.
extension ConformanceSuite {
  /// The owned tag of this number; none if the layout has fewer.
  private static func tag(_ run: CheckRun, _ number: Int) -> [String] {
    run.layout.ownedTags.indices.contains(number) ? [run.layout.ownedTags[number]] : []
  }

  static func writes(_ run: CheckRun) async throws {
    let ids = try await run.addContacts(3)
    var states: [ContactWrite] = []
    for (number, id) in ids.enumerated() {
      states.append(
        try await run.state(id, score: 11 + number * 20, band: number % 2, add: tag(run, number % 2)))
    }
    try await run.applySmoothly(states, with: try await run.connector())
    let later = try await run.connector()
    var reader = ConformanceReader()
    try await run.pull(&reader)
    for state in states {
      try await run.requireHeld(state, "After writing")
      if case .present(let held)? = try await later.current([state.contact])[state.contact] {
        try run.compare(held, with: state, "What is read back for \(state.contact)")
      } else {
        throw ConformanceFailure("What is read back", expected: "present", found: "something else")
      }
      guard let held = reader.intake.held[state.contact] else { continue }
      try run.compare(held, with: state, "What a reading says is held for \(state.contact)")
    }
  }

  static func clears(_ run: CheckRun) async throws {
    let ids = try await run.addContacts(2)
    let first = try await run.state(ids[0], score: 70, add: tag(run, 0))
    try await run.applySmoothly([first], with: try await run.connector())
    let second = try await run.state(
      ids[0], score: 3, band: nil, add: tag(run, 1), remove: tag(run, 0))
    try await run.applySmoothly([second], with: try await run.connector())
    try await run.requireHeld(second, "After clearing")
    guard run.layout.fields.score != .native, try await run.connector().capabilities.canClearScore else {
      return
    }
    var third = try await run.state(ids[0], score: 0, band: nil, remove: tag(run, 1))
    third.clearsScore = true
    third.reasons = ""
    try await run.applySmoothly([third], with: try await run.connector())
    let held = try await run.account.held(ids[0])
    try run.require(
      held?.score == nil && held?.reasons == nil, "What is held once a score was cleared", "nothing",
      "\(run.text(held?.score)), \(run.text(held?.reasons))")
  }

  static func writesAbsolutely(_ run: CheckRun) async throws {
    let ids = try await run.addContacts(2)
    let first = try await run.state(ids[0], score: 10, band: 1, add: tag(run, 1))
    let connector = try await run.connector()
    try await run.applySmoothly([first], with: connector)
    let second = try await run.state(ids[0], score: 30, add: tag(run, 0), remove: tag(run, 1))
    for (instance, when) in [
      (connector, "After a second write"), (connector, "After the same write again"),
      (try await run.connector(), "After the same write in a new instance"),
    ] {
      try await run.applySmoothly([second], with: instance)
      try await run.requireHeld(second, when)
    }
    guard !connector.capabilities.wantsWritesInOrder else { return }
    try await connector.prepare(run.layout)
    for _ in 0..<2 {
      try run.requireDone(try await run.write([second], with: connector)[ids[0]], ids[0])
    }
    _ = try await connector.commit()
    _ = try await connector.commit()
    try await run.requireHeld(second, "After the same write twice in one apply")
  }

  static func ordersOutcomes(_ run: CheckRun) async throws {
    let connector = try await run.connector()
    let size = connector.capabilities.batchSize
    let ids = try await run.addContacts(max(1, min(size, 4) - 1))
    var states: [ContactWrite] = []
    for (number, id) in (ids + [run.subject.unknownContact]).enumerated() {
      states.append(try await run.state(id, score: 10 + number))
    }
    try await connector.prepare(run.layout)
    let outcomes = try await run.write(states, with: connector)
    _ = try await connector.commit()
    for id in ids { try run.requireDone(outcomes[id], id) }
    let unknown = outcomes[run.subject.unknownContact]
    try run.require(unknown == .gone, "The outcome of a contact that is not there", "gone", run.text(unknown))
    for state in states.dropLast() {
      try await run.requireHeld(state, "After a batch")
      guard case .written(let version?)? = outcomes[state.contact],
        case .present(let held)? = try await connector.current([state.contact])[state.contact],
        let now = held.version
      else { continue }
      try run.require(now == version, "The version of \(state.contact)", "\(version), as written", now)
    }
    try await connector.prepare(run.layout)
    let none = try await connector.write([])
    try run.require(none.isEmpty, "The outcomes of an empty batch", "none", "\(none)")
    _ = try await connector.commit()
  }

  static func knowsOwnWrites(_ run: CheckRun) async throws {
    let ids = try await run.addPeople(run.subject.recordsForThreePages)
    let connector = try await run.connector()
    var reader = ConformanceReader()
    for round in 1...2 {
      try await run.pull(&reader, from: connector)
      let known = reader.intake.lines
      var states: [ContactWrite] = []
      for id in ids.prefix(3) {
        states.append(try await run.state(id, score: round * 20, band: round - 1, add: tag(run, 0)))
      }
      let (outcomes, cursors) = try await run.applySmoothly(states, with: connector)
      reader.cursors.merge(cursors) { $1 }
      try await run.pull(&reader)
      try run.requireSame(reader.intake.lines, known, "What is known of the contacts after our own write")
      for state in states {
        guard let held = reader.intake.held[state.contact] else { continue }
        // A cursor from `commit` stands behind our writes: what was held before them may still be known.
        if cursors.isEmpty { try run.compare(held, with: state, "What the next reading says is held") }
        guard case .written(let version?)? = outcomes[state.contact], let now = held.version else { continue }
        try run.require(now == version, "The version in the next reading", "\(version), as written", now)
      }
    }
  }

  static func seesOthersEdits(_ run: CheckRun) async throws {
    let ids = try await run.addContacts(3)
    let connector = try await run.connector()
    var states: [ContactWrite] = []
    for id in ids { states.append(try await run.state(id, score: 10)) }
    try await run.applySmoothly(states, with: connector)
    var reader = ConformanceReader()
    try await run.pull(&reader, from: connector)
    guard reader.intake.held[ids[0]] != nil else {
      print("\(run.subject.name): no reading tells what is held; only `current` can see others' edits")
      return
    }
    try await run.account.editScore(ids[0], 77)
    let write = try await run.state(ids[1], score: 50)
    let (_, cursors) = try await run.applySmoothly([write], with: connector)
    reader.cursors.merge(cursors) { $1 }
    try await run.pull(&reader)
    let found = reader.intake.held[ids[0]]?.score
    try run.require(found == 77, "The score that somebody else set", "77", run.text(found))
  }

  static func storesZero(_ run: CheckRun) async throws {
    let ids = try await run.addContacts(1)
    let connector = try await run.connector()
    try await run.applySmoothly([try await run.state(ids[0], score: 5)], with: connector)
    let zero = try await run.state(ids[0], score: 0, band: 1)
    try await run.applySmoothly([zero], with: connector)
    try await run.requireHeld(
      zero, "After writing 0", storesZero: connector.capabilities.storesZero)
  }

  static func leavesForeignFields(_ run: CheckRun) async throws {
    let ids = try await run.addContacts(2)
    try await run.account.setForeignField(ids[0], "somebody else's")
    var before: [ContactID: [String: String]] = [:]
    for id in ids { before[id] = try await run.account.foreignFields(id) }
    let connector = try await run.connector()
    for score in [40, 50] {
      var states: [ContactWrite] = []
      for id in ids { states.append(try await run.state(id, score: score, add: tag(run, 0))) }
      try await run.applySmoothly(states, with: connector)
    }
    for id in ids {
      let now = try await run.account.foreignFields(id)
      let old = before[id] ?? [:]
      let changed = Set(now.keys).union(old.keys).filter { now[$0] != old[$0] }.sorted()
      try run.require(
        changed.isEmpty, "The fields of \(id) that are not ours", "\(changed.map { old[$0] })",
        "\(changed.map { "\($0): \(now[$0] ?? "nothing")" })")
    }
  }

  static func leavesForeignTags(_ run: CheckRun) async throws {
    let ids = try await run.addContacts(2)
    let connector = try await run.connector()
    let first = try await run.state(ids[0], score: 10, add: tag(run, 1))
    try await run.applySmoothly([first], with: connector)
    for id in ids { try await run.account.addForeignTag(id, "vip") }
    for (score, add, remove) in [(40, tag(run, 0), []), (50, [], tag(run, 0))] {
      var states: [ContactWrite] = []
      for id in ids { states.append(try await run.state(id, score: score, add: add, remove: remove)) }
      try await run.applySmoothly(states, with: connector)
      for id in ids {
        let found = try await run.account.held(id)?.tags
        let expected = Set(["vip"] + add + (id == ids[0] ? tag(run, 1) : []))
        try run.require(
          found == expected, "The tags of \(id)", "\(expected.sorted())", "\(found?.sorted() ?? [])")
      }
    }
  }

  static func leavesOthers(_ run: CheckRun) async throws {
    let ids = try await run.addPeople(3)
    let connector = try await run.connector()
    var states: [ContactWrite] = []
    for (number, id) in ids.enumerated() {
      states.append(try await run.state(id, score: 10 + number, add: tag(run, 0)))
    }
    try await run.applySmoothly(states, with: connector)
    let known = try await run.fresh().intake.lines
    try await run.applySmoothly([try await run.state(ids[1], score: 60, band: 1)], with: connector)
    try await run.requireHeld(states[0], "After a write to another contact")
    try await run.requireHeld(states[2], "After a write to another contact")
    try run.requireSame(try await run.fresh().intake.lines, known, "The contacts after a write")
  }

  static func stages(_ run: CheckRun) async throws {
    let ids = try await run.addContacts(3)
    var (old, new): ([ContactWrite], [ContactWrite]) = ([], [])
    for (number, id) in ids.enumerated() {
      old.append(try await run.state(id, score: 5 + number, band: 1))
      new.append(try await run.state(id, score: 50 + number, add: tag(run, 0)))
    }
    let connector = try await run.connector()
    try await run.applySmoothly(old, with: connector)
    let killed = try await run.connector()
    try await killed.prepare(run.layout)
    let outcomes = try await run.write(new, with: killed)
    for (before, after) in zip(old, new) {
      if outcomes[after.contact] == .staged {
        try await run.requireHeld(before, "Before the commit")
      } else {
        try run.requireDone(outcomes[after.contact], after.contact)
        try await run.requireHeld(after, "After a write that was not staged")
      }
    }
    let next = try await run.connector()
    try await run.applySmoothly(new, with: next)
    for state in new { try await run.requireHeld(state, "After the commit") }
  }
}

import Platform
import Scoring

/// What a second reading gives.
extension ConformanceSuite {
  static func bringsNothingTwice(_ run: CheckRun) async throws {
    _ = try await run.addPeople(run.subject.recordsForThreePages)
    var reader = ConformanceReader()
    try await run.pull(&reader)
    let first = reader.intake.lines
    try await run.pull(&reader)
    try run.requireSame(reader.intake.lines, first, "What is known after a second reading")
    let fresh = try await run.fresh()
    try run.requireSame(fresh.intake.lines, first, "What is known after reading from the start again")
    try run.require(
      Set(fresh.intake.activities.keys) == Set(reader.intake.activities.keys), "The activities' identities",
      "the same in every reading", "others")
  }

  static func missesNoChange(_ run: CheckRun) async throws {
    let ids = try await run.addPeople(run.subject.recordsForThreePages)
    var reader = ConformanceReader()
    var edited: Set<StreamName> = []
    var added: [ContactID] = []
    try await run.pull(&reader) { stream, page in
      guard page.hasMore, edited.insert(stream.name).inserted else { return }
      let round = edited.count
      // Only once: a later change of the same contact would make up for one that was missed.
      if round == 1 {
        try await run.account.rename(ids[0], firstName: "First")
        try await run.account.rename(ids[ids.count - 1], firstName: "Last")
      }
      added.append(
        try await run.account.addContact(email: "between\(round)@example.com", firstName: "Between"))
      if run.supports(.activities) { try await run.addActivity(of: ids[0], 100 + round) }
    }
    let contacts = reader.steps.first.map(\.stream.name)
    try run.require(
      contacts.map(edited.contains) == true, "The pages of the first stream", "more than one", "one")
    try await run.pull(&reader)
    try requireName(run, reader, ids[0], "First")
    try requireName(run, reader, ids[ids.count - 1], "Last")
    for id in added { try requireName(run, reader, id, "Between") }
    if run.supports(.activities) {
      let count = reader.intake.activityCount(of: ids[0])
      try run.require(
        count == 1 + edited.count, "The activities of \(ids[0])", "\(1 + edited.count)", "\(count)")
    }
    let fresh = try await run.fresh()
    try run.requireSame(reader.intake.lines, fresh.intake.lines, "What is known after the next reading")
  }

  private static func requireName(
    _ run: CheckRun, _ reader: ConformanceReader, _ id: ContactID, _ name: String
  ) throws {
    let found = reader.intake.contacts[id]?.fields.first { $0.name == "first_name" }?.value
    try run.require(found == name, "The first name of \(id)", name, run.text(found))
  }

  static func seesChanges(_ run: CheckRun) async throws {
    let ids = try await run.addPeople(3)
    var reader = ConformanceReader()
    try await run.pull(&reader)
    try await run.account.rename(ids[1], firstName: "Renamed")
    let late = try await run.account.addContact(email: "late@example.com", firstName: "Late")
    if run.supports(.activities) { try await run.addActivity(of: ids[2], 50) }
    try await run.pull(&reader)
    try requireName(run, reader, ids[1], "Renamed")
    try requireName(run, reader, late, "Late")
    guard run.supports(.activities) else { return }
    let count = reader.intake.activityCount(of: ids[2])
    try run.require(count == 2, "The activities of \(ids[2])", "2", "\(count)")
  }

  static func seesRemovals(_ run: CheckRun) async throws {
    let ids = try await run.addPeople(run.subject.recordsForThreePages)
    var reader = ConformanceReader()
    try await run.pull(&reader)
    try await run.account.remove(ids[1])
    for _ in 0..<run.subject.readingsUntilRemovalShows { try await run.pull(&reader) }
    let expected = Set(ids).subtracting([ids[1]])
    try run.require(
      Set(reader.intake.contacts.keys) == expected, "The contacts after \(ids[1]) was removed",
      "\(expected.sorted())", "\(reader.intake.contacts.keys.sorted())")
  }

  static func seesMerges(_ run: CheckRun) async throws {
    let ids = try await run.addPeople(3)
    var reader = ConformanceReader()
    try await run.pull(&reader)
    try await run.account.merge(ids[0], into: ids[2])
    for _ in 0..<run.subject.readingsUntilRemovalShows { try await run.pull(&reader) }
    try run.require(
      Set(reader.intake.contacts.keys) == [ids[1], ids[2]], "The contacts after a merge",
      "\([ids[1], ids[2]])", "\(reader.intake.contacts.keys.sorted())")
    guard run.supports(.activities) else { return }
    let count = reader.intake.activityCount(of: ids[2])
    try run.require(count == 2, "The activities of the winner", "2", "\(count)")
  }

  static func countsAlike(_ run: CheckRun) async throws {
    let ids = try await run.addContacts(2)
    for number in [1, 1, 2] { try await run.addActivity(of: ids[0], number) }
    for number in 3..<3 + run.subject.recordsForThreePages { try await run.addActivity(of: ids[1], number) }
    let all = run.supports(.alikeActivities) ? 3 : 2
    var reader = ConformanceReader()
    func look(_ reader: ConformanceReader, _ when: String) throws {
      let count = reader.intake.activityCount(of: ids[0])
      try run.require(count == all, "The activities of \(ids[0]) \(when)", "\(all)", "\(count)")
    }
    try await run.pull(&reader)
    try look(reader, "after the first reading")
    let snapshots = reader.snapshots
    try await run.pull(&reader)
    try look(reader, "after the second reading")
    for (number, snapshot) in zip(1..., snapshots) {
      var resumed = ConformanceReader()
      (resumed.intake, resumed.cursors) = snapshot
      try await run.pull(&resumed)
      try look(resumed, "going on from cursor \(number)")
    }
  }

  static func leavesOutOld(_ run: CheckRun) async throws {
    let ids = try await run.addContacts(1)
    let since = try await run.account.window().since
    try await run.account.addActivity(of: ids[0], number: 1, at: Timestamp(since.seconds - 86_400))
    try await run.addActivity(of: ids[0], 2)
    let count = try await run.fresh().intake.activityCount(of: ids[0])
    try run.require(count == 1, "The activities within the window", "1", "\(count)")
  }
}

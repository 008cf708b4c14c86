import Platform
import Scoring

/// What a reading gives, how it goes on, and that it changes nothing.
extension ConformanceSuite {
  static func declaresItself(_ run: CheckRun) async throws {
    let connector = try await run.connector()
    let can = connector.capabilities
    try run.require(!connector.platform.isEmpty, "The platform's name", "some text", "none")
    try run.require(can.batchSize > 0, "The batch size", "more than 0", "\(can.batchSize)")
    try run.require(can.readBackSize > 0, "The read-back size", "more than 0", "\(can.readBackSize)")
    try run.require(
      can.canWrite == run.supports(.writing), "Whether the connection can write",
      "what the subject says under `unsupported`", "\(can.canWrite)")
    let streams = try await connector.streams()
    try run.require(streams.first?.role == .contacts, "The first stream", "contacts", run.text(streams.first))
    let afterContacts = streams.drop { $0.role == .contacts }
    try run.require(
      !afterContacts.contains { $0.role == .contacts }, "The order of the streams", "contacts come first",
      "\(streams.map(\.name))")
    try run.require(
      Set(streams.map(\.name)).count == streams.count, "The streams' names", "all different",
      "\(streams.map(\.name))")
    let again = try await run.connector().streams()
    try run.require(again == streams, "The streams of a new instance", "\(streams)", "\(again)")
  }

  static func findsAreFine(_ run: CheckRun) async throws {
    _ = try await run.addPeople(2)
    let findings = try await run.connector().check(now: try await run.account.window().now)
    try run.require(!findings.isEmpty, "The findings", "at least one line", "none")
    let bad = findings.filter { $0.severity == .error }
    try run.require(bad.isEmpty, "The findings", "no error", "\(bad.map(\.text))")
    try run.require(findings.allSatisfy { !$0.text.isEmpty }, "The findings", "text in each", "\(findings)")
  }

  static func readsEverything(_ run: CheckRun) async throws {
    let ids = try await run.addPeople(run.subject.recordsForThreePages)
    let reader = try await run.fresh()
    try run.require(
      Set(reader.intake.contacts.keys) == Set(ids), "The contacts of the first reading", "\(ids)",
      "\(reader.intake.contacts.keys.sorted())")
    for id in ids {
      let contact = reader.intake.contacts[id]
      let name = contact?.fields.first { $0.name == "first_name" }?.value ?? ""
      let number = name.hasPrefix("Person") ? name.dropFirst(6) : "?"
      try run.require(
        contact?.emails.first.flatMap { EmailAddress($0)?.normalized } == "p\(number)@example.com",
        "The address and first name of \(id)", "those of one person",
        "\(contact?.emails ?? []) and \"\(name)\"")
      guard run.supports(.activities) else { continue }
      let count = reader.intake.activityCount(of: id)
      try run.require(count == 1, "The activities of \(id)", "1", "\(count)")
    }
    try run.require(reader.intake.rejected.isEmpty, "Rejected", "nothing", "\(reader.intake.rejected)")
  }

  static func endsListings(_ run: CheckRun) async throws {
    _ = try await run.addPeople(run.subject.recordsForThreePages)
    var reader = ConformanceReader()
    for _ in 0..<2 {
      try await run.pull(&reader)
      for (stream, steps) in Dictionary(grouping: reader.steps, by: \.stream) {
        let pages = steps.map(\.page)
        for (page, number) in zip(pages, 1...) {
          let given =
            page.contacts.count + page.activities.count + page.holdings.count + page.outcomes.count
            + page.rejected.count + page.skippedAsOlder
          try run.require(
            given == 0 || page.recordsRead > 0, "Page \(number) of \(stream.name): recordsRead",
            "more than 0", "\(page.recordsRead)")
          let isLast = number == pages.count
          let (what, found) = ("The listing of page \(number) of \(stream.name)", "\(page.listing)")
          switch pages[0].listing {
          case .changes: try run.require(page.listing == .changes, what, "changes, like page 1", found)
          case .everything, .everythingAndDone:
            let expected = isLast ? Listing.everythingAndDone : .everything
            try run.require(page.listing == expected, what, "\(expected)", found)
          }
          try run.require(
            page.reading == pages[0].reading, "The reading of page \(number) of \(stream.name)",
            "\(pages[0].reading)", "\(page.reading)")
        }
      }
    }
  }

  static func repeatsPages(_ run: CheckRun) async throws {
    _ = try await run.addPeople(run.subject.recordsForThreePages)
    var reader = ConformanceReader()
    try await run.pull(&reader)
    let window = try await run.account.window()
    let connector = try await run.connector()
    for step in reader.steps {
      for time in ["once", "twice"] {
        let again = try await ConformanceReader.page(
          of: step.stream.name, after: step.before, window, from: connector)
        let what = "The page of \(step.stream.name) after \(run.text(step.before?.text)), asked for \(time)"
        try run.requireSame(records(again), records(step.page), what)
      }
    }
  }

  private static func records(_ page: Page) -> Set<String> {
    var lines: [String: Int] = [:]
    for contact in page.contacts { lines["contact \(contact.id) \(contact.emails)", default: 0] += 1 }
    for holding in page.holdings { lines["held by \(holding.contact)", default: 0] += 1 }
    for activity in page.activities {
      lines["activity \(activity.identity) of \(activity.subject)", default: 0] += 1
    }
    for outcome in page.outcomes { lines["outcome of \(outcome.subject) \(outcome.time)", default: 0] += 1 }
    return Set(lines.map { "\($0.key) × \($0.value)" })
  }

  static func resumes(_ run: CheckRun) async throws {
    let ids = try await run.addPeople(run.subject.recordsForThreePages)
    var reader = ConformanceReader()
    try await run.pull(&reader)
    let pages = reader.steps.filter { $0.stream.role == .contacts }.count
    try run.require(pages >= 3, "The pages of \(ids.count) contacts", "at least 3", "\(pages)")
    var snapshots = reader.snapshots
    try await resume(run, snapshots, readings: 1, "in an unchanged account")
    try await run.account.rename(ids[1], firstName: "Renamed")
    _ = try await run.account.addContact(email: "late@example.com", firstName: "Late")
    if run.supports(.activities) { try await run.addActivity(of: ids[0], 100) }
    try await run.pull(&reader)
    snapshots += reader.snapshots
    // A listing may go on behind the place of a change, which is then in the next reading.
    try await resume(run, snapshots, readings: 2, "after changes")
  }

  private static func resume(
    _ run: CheckRun, _ snapshots: [(intake: Intake, cursors: [StreamName: Cursor])], readings: Int,
    _ when: String
  ) async throws {
    let expected = try await run.fresh().intake.lines
    for (number, snapshot) in zip(1..., snapshots) {
      var resumed = ConformanceReader()
      (resumed.intake, resumed.cursors) = snapshot
      for _ in 0..<readings { try await run.pull(&resumed) }
      try run.requireSame(
        resumed.intake.lines, expected, "Going on from cursor \(number) of \(snapshots.count) \(when)")
    }
  }

  static func reportsUnusable(_ run: CheckRun) async throws {
    let ids = try await run.addPeople(3)
    try await run.account.provoke(.unusableRecord)
    let reader = try await run.fresh()
    try run.require(!reader.intake.rejected.isEmpty, "The rejected records", "at least one", "none")
    for record in reader.intake.rejected {
      try run.require(
        !record.place.isEmpty && !record.reason.isEmpty, "A rejected record", "place and reason",
        "\(record)")
    }
    let known = reader.intake.contacts.keys
    try run.require(
      ids.allSatisfy(known.contains), "The contacts beside it", "\(ids)", "\(known.sorted())")
  }

  static func readingChangesNothing(_ run: CheckRun) async throws {
    let ids = try await run.addPeople(run.subject.recordsForThreePages)
    let connector = try await run.connector()
    if run.supports(.writing) {
      try await run.applySmoothly([try await run.state(ids[0], score: 5)], with: connector)
    }
    let before = try await run.account.changingRequests()
    func look(_ call: String) async throws {
      let now = try await run.account.changingRequests()
      try run.require(now == before, "Changing requests after \(call)", "\(before)", "\(now)")
    }
    _ = try await connector.streams()
    try await look("streams")
    var reader = ConformanceReader()
    for _ in 0..<2 { try await run.pull(&reader, from: connector) }
    try await look("pages")
    _ = try await connector.current(Array(ids.prefix(connector.capabilities.readBackSize)))
    try await look("current")
    _ = await connector.check(now: try await run.account.window().now)
    try await look("check")
  }

  static func answersEveryID(_ run: CheckRun) async throws {
    let ids = try await run.addContacts(3)
    let connector = try await run.connector()
    let asked = ids + [run.subject.unknownContact]
    let size = max(1, connector.capabilities.readBackSize)
    for start in stride(from: 0, to: asked.count, by: size) {
      let part = Array(asked[start..<min(asked.count, start + size)])
      let answers = try await connector.current(part)
      for id in part {
        let what = "What is there now for \(id)"
        switch answers[id] {
        case .present: try run.require(ids.contains(id), what, "gone", "present")
        case .gone: try run.require(!ids.contains(id), what, "present", "gone")
        default: throw ConformanceFailure(what, expected: "an answer", found: run.text(answers[id]))
        }
      }
    }
    let nothing = try await connector.current([])
    try run.require(nothing.isEmpty, "What is there now for nobody", "nothing", "\(nothing)")
  }
}

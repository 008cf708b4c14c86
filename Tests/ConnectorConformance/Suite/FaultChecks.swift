import Foundation
import Platform
import Scoring

/// What happens when something goes wrong.
extension ConformanceSuite {
  /// Three contacts that hold 5, 6 and 7, and the states that they are to get.
  private static func prepared(
    _ run: CheckRun
  ) async throws -> (ids: [ContactID], old: [ContactWrite], new: [ContactWrite]) {
    let ids = try await run.addContacts(3)
    var (old, new): ([ContactWrite], [ContactWrite]) = ([], [])
    for (number, id) in ids.enumerated() {
      old.append(try await run.state(id, score: 5 + number, band: 1))
      new.append(try await run.state(id, score: 50 + number))
    }
    try await run.applySmoothly(old, with: try await run.connector())
    return (ids, old, new)
  }

  static func refuses(_ run: CheckRun) async throws {
    let (ids, old, new) = try await prepared(run)
    try await run.account.provoke(.refusal(ids[1]))
    let (outcomes, _) = try await run.apply(new, with: try await run.connector())
    guard case .refused(let reason)? = outcomes[ids[1]] else {
      throw ConformanceFailure(
        "The outcome of \(ids[1])", expected: "refused", found: run.text(outcomes[ids[1]]))
    }
    try run.require(!reason.isEmpty, "The reason of the refusal", "some text", "none")
    try await run.requireHeld(old[1], "After a refusal")
    for number in [0, 2] {
      try run.requireDone(outcomes[ids[number]], ids[number])
      try await run.requireHeld(new[number], "Beside a refusal")
    }
    try await run.account.calm()
    try await run.applySmoothly([new[1]], with: try await run.connector())
    try await run.requireHeld(new[1], "After the refusal was over")
  }

  static func saysGone(_ run: CheckRun) async throws {
    let (ids, _, new) = try await prepared(run)
    let known = try await run.fresh().intake.contacts.keys.sorted()
    let unknown = run.subject.unknownContact
    var gone = [unknown]
    if run.supports(.removing) {
      try await run.account.remove(ids[1])
      gone.append(ids[1])
    }
    let states = new + [try await run.state(unknown, score: 40)]
    let (outcomes, _) = try await run.apply(states, with: try await run.connector())
    for (number, id) in ids.enumerated() where !gone.contains(id) {
      try run.requireDone(outcomes[id], id)
      try await run.requireHeld(new[number], "Beside a contact that is gone")
    }
    for id in gone {
      try run.require(outcomes[id] == .gone, "The outcome of \(id)", "gone", run.text(outcomes[id]))
      let held = try await run.account.held(id)
      try run.require(held == nil, "What the platform holds for \(id)", "nothing", run.text(held))
    }
    let now = try await run.fresh().intake.contacts.keys.sorted()
    let expected = known.filter { !gone.contains($0) }
    try run.require(now == expected, "The contacts afterwards", "\(expected)", "\(now)")
  }

  static func saysMoved(_ run: CheckRun) async throws {
    let (ids, old, new) = try await prepared(run)
    try await run.account.merge(ids[1], into: ids[0])
    let connector = try await run.connector()
    let (outcomes, _) = try await run.apply([new[1], new[2]], with: connector)
    let moved = outcomes[ids[1]]
    try run.require(
      moved == .moved(to: ids[0]), "The outcome of \(ids[1])", "moved to \(ids[0])", run.text(moved))
    try run.requireDone(outcomes[ids[2]], ids[2])
    try await run.requireHeld(old[0], "After a write to the one merged into it")
    let now = try await connector.current([ids[1]])[ids[1]]
    try run.require(now == .moved(to: ids[0]), "What is there now", "moved to \(ids[0])", run.text(now))
  }

  static func admitsLossAfter(_ run: CheckRun) async throws { try await admitsLoss(run, written: true) }

  static func admitsLossBefore(_ run: CheckRun) async throws { try await admitsLoss(run, written: false) }

  private static func admitsLoss(_ run: CheckRun, written: Bool) async throws {
    let (ids, _, new) = try await prepared(run)
    try await run.account.provoke(.lostAnswer(ids[1], written: written))
    let before = try await run.account.changingRequests()
    let (outcomes, _) = try await run.apply(new, with: try await run.connector())
    let sent = try await run.account.changingRequests() - before
    for state in new {
      switch outcomes[state.contact] {
      case .unknown: break
      case .written, .staged: try await run.requireHeld(state, "After a write that was said to be done")
      default:
        throw ConformanceFailure(
          "The outcome of \(state.contact) after a lost answer", expected: "unknown, or written if it is",
          found: run.text(outcomes[state.contact]))
      }
    }
    try await run.account.calm()
    let connector = try await run.connector()
    for id in ids {
      guard case .present? = try await connector.current([id])[id] else {
        throw ConformanceFailure("Reading back \(id)", expected: "present", found: "something else")
      }
    }
    let between = try await run.account.changingRequests()
    try await run.applySmoothly(new, with: connector)
    for state in new { try await run.requireHeld(state, "After writing again") }
    let needed = try await run.account.changingRequests() - between
    try run.require(
      sent <= needed, "Writing requests when an answer was lost", "at most \(needed), as else", "\(sent)")
  }

  static func survivesOutages(_ run: CheckRun) async throws {
    let ids = try await run.addPeople(run.subject.recordsForThreePages)
    var reader = ConformanceReader()
    let source = try await run.connector()
    var isFirst = true
    try await run.pull(&reader, from: source) { stream, page in
      guard isFirst, page.hasMore else { return }
      isFirst = false
      try await run.account.provoke(.outage)
      let window = try await run.account.window()
      do {
        _ = try await source.page(of: stream.name, after: page.cursor, window: window)
        throw ConformanceFailure("A page during an outage", expected: "a failure", found: "a page")
      } catch let failure as ConnectorFailure {
        try run.require(!failure.what.isEmpty, "The failure", "to say what happened", "no text")
      }
      let findings = await source.check(now: window.now)
      try run.require(
        findings.contains { $0.severity == .error }, "The findings during an outage", "an error",
        "\(findings.map(\.text))")
      try await run.account.calm()
    }
    let fresh = try await run.fresh()
    try run.requireSame(reader.intake.lines, fresh.intake.lines, "What is known after an outage")
    guard run.supports(.writing) else { return }
    let connector = try await run.connector()
    let state = try await run.state(ids[0], score: 33)
    try await connector.prepare(run.layout)
    try await run.account.provoke(.outage)
    if let outcome = try? await connector.write([state]).first {
      switch outcome {
      case .unknown, .staged: break
      default:
        throw ConformanceFailure(
          "The outcome during an outage", expected: "a failure, unknown or staged", found: "\(outcome)")
      }
    }
    _ = try? await connector.commit()
    try await run.account.calm()
    try await run.applySmoothly([state], with: connector)
    try await run.requireHeld(state, "After an outage")
  }

  static func saysForbidden(_ run: CheckRun) async throws {
    _ = try await run.addContacts(1)
    let connector = try await run.connector()
    try await run.account.provoke(.wrongCredentials)
    let window = try await run.account.window()
    do {
      for stream in try await connector.streams() {
        _ = try await connector.page(of: stream.name, after: nil, window: window)
      }
      throw ConformanceFailure("Reading with wrong credentials", expected: "a failure", found: "pages")
    } catch let failure as ConnectorFailure {
      try run.require(failure.kind == .forbidden, "The failure's kind", "forbidden", "\(failure.kind)")
      try run.require(!failure.cure.isEmpty, "The failure's cure", "some text", "none")
    }
    let errors = await connector.check(now: window.now).filter { $0.severity == .error }
    try run.require(
      errors.contains { !$0.cure.isEmpty }, "The findings", "an error with its cure", "\(errors)")
  }

  static func keepsSecrets(_ run: CheckRun) async throws {
    let ids = try await run.addPeople(3)
    let faults: [(ConformanceAbility, ConformanceFault)] = [
      (.outages, .outage), (.wrongCredentials, .wrongCredentials), (.unusableRecords, .unusableRecord),
      (.refusing, .refusal(ids[0])), (.losingAnswersAfterWriting, .lostAnswer(ids[0], written: true)),
      (.losingAnswersBeforeWriting, .lostAnswer(ids[0], written: false)),
    ]
    try look(run, in: try await everythingSaid(run, ids), "a healthy account")
    for (ability, fault) in faults where run.supports(ability) {
      try await run.account.provoke(fault)
      let said = try await everythingSaid(run, ids)
      try await run.account.calm()
      try look(run, in: said, "\(fault)")
    }
  }

  private static func look(_ run: CheckRun, in said: [String], _ when: String) throws {
    for secret in run.subject.secrets where !secret.isEmpty {
      let forms = [
        secret, secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? secret,
        Data(secret.utf8).base64EncodedString(),
      ]
      for text in said where forms.contains(where: text.contains) {
        let hidden = forms.reduce(text) { $0.replacingOccurrences(of: $1, with: "[secret]") }
        throw ConformanceFailure("What is said during \(when)", expected: "no secret", found: hidden)
      }
    }
  }

  /// The text of every failure, finding, outcome and rejected record of one round of all calls.
  private static func everythingSaid(_ run: CheckRun, _ ids: [ContactID]) async throws -> [String] {
    let connector = try await run.connector()
    let window = try await run.account.window()
    var said: [String] = []
    func note(_ call: () async throws -> Void) async {
      do { try await call() } catch { said += ["\(error)", String(reflecting: error)] }
    }
    await note {
      for stream in try await connector.streams() {
        await note {
          var cursor: Cursor?
          for _ in 0..<3 {
            let page = try await connector.page(of: stream.name, after: cursor, window: window)
            said += page.rejected.map { "\($0.place): \($0.reason)" }
            cursor = page.cursor
          }
        }
      }
    }
    await note { _ = try await connector.current([ids[0]]) }
    if run.supports(.writing) {
      let state = try await run.state(ids[0], score: 44)
      await note { try await connector.prepare(run.layout) }
      await note { said += try await connector.write([state]).map { "\($0)" } }
      await note { _ = try await connector.commit() }
    }
    said += await connector.check(now: window.now).map { "\($0.text) \($0.cure)" }
    return said
  }
}

import Foundation
import Platform
import Scoring
import WebAPI

/// A platform's adapter as it is fuzzed.
struct WebSubject: Sendable {
  /// Makes a connector of a sort of account. The folder is empty and private.
  let connector: @Sendable (_ sort: Int, _ folder: String?, _ surroundings: WebSurroundings) -> any Connector
  /// What is written to that sort of account.
  let layout: @Sendable (_ sort: Int) -> WriteLayout
  /// Whether that sort keeps something beside the state.
  let keeps: @Sendable (_ sort: Int) -> Bool
  /// Ids as the platform makes them, and one that it never makes.
  let ids: [String]
  /// What is in no text that leaves an adapter of that sort.
  let secrets: @Sendable (_ sort: Int) -> [String]
}

/// A connector, in front of a platform that answers whatever the fuzzer likes.
///
/// Whatever that is, a call ends in what it was asked for or in a `ConnectorFailure`, after a bounded number of
/// requests and with waits that a run can bear; nobody and nothing comes out that no answer spoke of; no secret
/// comes out.
enum WebFuzz {
  /// A quota of a day may have to be waited for; no more.
  private static let longestWait = 26.0 * 3_600
  private static let start = Timestamp(1_795_000_000)

  /// Another transport than the script's, with its clock, is for writing down what a stand-in answers.
  static func run(
    _ bytes: [UInt8], _ subject: WebSubject, through other: (any WebTransport)? = nil,
    clock: (any WebClock)? = nil
  ) throws(BrokenPromise) {
    let script = WebScript(bytes)
    let folder = subject.keeps(script.sort) ? FuzzFolder.make() : nil
    defer { if let folder { FuzzFolder.remove(folder) } }
    let result = Pump.wait { () -> Result<Void, BrokenPromise> in
      let session = WebFuzzSession(
        script: script, subject: subject, folder: folder, through: other, otherClock: clock)
      do throws(BrokenPromise) {
        try await session.run()
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  /// What is known while one input is worked through.
  private final class WebFuzzSession {
    let script: WebScript
    let subject: WebSubject
    let web: ScriptedWeb
    let clock = FuzzClock(Double(WebFuzz.start.seconds))
    let connector: any Connector
    let isRecording: Bool
    var told = ToldValues()
    var known: [ContactID] = []
    var cursors: [StreamName: Cursor] = [:]

    init(
      script: WebScript, subject: WebSubject, folder: String?, through other: (any WebTransport)?,
      otherClock: (any WebClock)?
    ) {
      isRecording = other != nil
      self.script = script
      self.subject = subject
      web = ScriptedWeb(script)
      let surroundings = WebSurroundings(
        transport: other ?? web, clock: otherClock ?? clock, random: { 0.5 })
      connector = subject.connector(script.sort, folder, surroundings)
    }

    func run() async throws(BrokenPromise) {
      if script.steps.contains(.check) {
        let findings = await connector.check(now: WebFuzz.start)
        for finding in findings { try text(finding.text + finding.cure, "a finding") }
        try await endOfCall("check")
      }
      try await pull()
      if script.steps.contains(.pullTwice) {
        clock.advance(3_600)
        try await pull()
      }
      let asked = (known.prefix(3) + subject.ids.map { ContactID($0) }).reduce(into: [ContactID]()) {
        if !$0.contains($1) { $0.append($1) }
      }
      if script.steps.contains(.prepare) {
        _ = try await call("prepare") { () async throws(ConnectorFailure) in
          try await self.connector.prepare(self.subject.layout(self.script.sort))
        }
      }
      if script.steps.contains(.current) { try await current(asked) }
      if script.steps.contains(.write) { try await write(asked) }
      if script.steps.contains(.task), connector.capabilities.createsTasks, let contact = asked.first {
        let task = HandoffTask(key: "k", title: "An is hot", lines: ["72 points"], at: WebFuzz.start)
        _ = try await call("createTask") { () async throws(ConnectorFailure) in
          try await self.connector.createTask(task, for: contact)
        }
      }
      _ = await connector.quotas()
      _ = await connector.forecast(writes: 1_000)
      await connector.close()
    }

    // MARK: Reading

    private func pull() async throws(BrokenPromise) {
      let streams =
        try await call("streams") { () async throws(ConnectorFailure) in try await self.connector.streams() }
        ?? []
      for stream in streams {
        for _ in 0..<30 {
          let (name, cursor) = (stream.name, cursors[stream.name])
          let window = PullWindow(
            since: Timestamp(WebFuzz.start.seconds - 365 * 86_400),
            now: Timestamp(Int64(clock.now().rounded(.down))))
          let page = try await call("page of \(name)") { () async throws(ConnectorFailure) in
            try await self.connector.page(of: name, after: cursor, window: window)
          }
          guard let page else { break }
          try check(page, of: stream)
          try demand(!page.hasMore || page.cursor != cursor, "\(name) goes on where it was")
          cursors[name] = page.cursor
          if !page.hasMore { break }
        }
      }
    }

    private func check(_ page: Page, of stream: StreamDescription) throws(BrokenPromise) {
      let name = stream.name
      if isRecording {
        known += page.contacts.map(\.id)
        return
      }
      for contact in page.contacts {
        try demand(!contact.id.text.isEmpty, "\(name) gives a contact without an id")
        try demand(told.has(id: contact.id.text), "\(name) gives a contact nobody spoke of: \(contact.id)")
        known.append(contact.id)
      }
      for activity in page.activities {
        switch activity.subject {
        case .contact(let id):
          try demand(told.has(id: id.text), "\(name) gives an activity of a contact nobody spoke of: \(id)")
        case .address(let address):
          try demand(told.has(address), "\(name) gives an activity of an address nobody spoke of: \(address)")
        }
        if let value = activity.value { try demand(value.isFinite, "\(name) gives the value \(value)") }
      }
      for id in page.removals {
        try demand(told.has(id: id.text), "\(name) removes a contact nobody spoke of: \(id)")
      }
      for merge in page.merges {
        try demand(
          told.has(id: merge.loser.text) && told.has(id: merge.winner.text),
          "\(name) merges contacts nobody spoke of: \(merge.loser), \(merge.winner)")
      }
      for record in page.rejected { try text(record.place + record.reason, "a rejected record") }
      if stream.role != .contacts && stream.role != .holdings {
        try demand(page.listing != .everythingAndDone, "\(name) says who is gone")
      }
      try demand(
        [page.leftOut, page.skippedAsOlder, page.recordsRead].allSatisfy {
          (0...1_000_000_000_000).contains($0)
        },
        "\(name) counts \(page.leftOut), \(page.skippedAsOlder), \(page.recordsRead)")
      if let progress = page.progress { try demand(progress.isFinite, "\(name) is at \(progress)") }
    }

    private func current(_ asked: [ContactID]) async throws(BrokenPromise) {
      let answered = try await call("current") { () async throws(ConnectorFailure) in
        try await self.connector.current(asked)
      }
      guard let answered else { return }
      try demand(Set(answered.keys) == Set(asked), "current answers for \(answered.keys), not for \(asked)")
    }

    // MARK: Writing

    private func write(_ asked: [ContactID]) async throws(BrokenPromise) {
      let layout = subject.layout(script.sort)
      let batch = asked.prefix(connector.capabilities.batchSize).enumerated().map { number, id in
        ContactWrite(
          contact: id, email: "p\(number)@example.test", score: number * 30,
          clearsScore: connector.capabilities.canClearScore && number == 4,
          band: number == 1 ? nil : layout.bandNames[0], reasons: "Saw the pricing page +40",
          addTags: number == 2 ? [] : [layout.ownedTags[0]],
          removeTags: number == 3 ? [] : [layout.ownedTags[1]], asOf: WebFuzz.start)
      }
      let outcomes = try await call("write") { () async throws(ConnectorFailure) in
        try await self.connector.write(batch)
      }
      if let outcomes {
        try demand(outcomes.count == batch.count, "\(outcomes.count) outcomes for \(batch.count) writes")
        for case .refused(let reason) in outcomes {
          try demand(!reason.isEmpty, "a refusal without a reason")
          try text(reason, "a refusal")
        }
      }
      _ = try await call("commit") { () async throws(ConnectorFailure) in try await self.connector.commit() }
    }

    // MARK: What holds for every call

    private func call<Answer: Sendable>(
      _ name: String, _ body: () async throws(ConnectorFailure) -> Answer
    ) async throws(BrokenPromise) -> Answer? {
      web.begin()
      let answer: Answer?
      do throws(ConnectorFailure) {
        answer = try await body()
      } catch {
        try demand(!error.what.isEmpty, "\(name) fails without a word")
        try text(error.what + error.cure, "the failure of \(name)")
        answer = nil
      }
      try await endOfCall(name)
      return answer
    }

    private func endOfCall(_ name: String) async throws(BrokenPromise) {
      try demand(!web.isRunaway, "\(name) sends more than \(ScriptedWeb.mostRequests) requests")
      try demand(clock.longestWait <= WebFuzz.longestWait, "\(name) waits for \(clock.longestWait) s")
      web.begin()
      for body in web.takeBodies() { told.take(body) }
    }

    private func text(_ text: String, _ place: String) throws(BrokenPromise) {
      for secret in subject.secrets(script.sort) {
        try demand(!text.contains(secret), "a secret stands in \(place): \(text)")
      }
    }
  }
}

/// Every value that some answer held, as text.
struct ToldValues {
  private var values: Set<String> = []
  /// Nobody looks into an answer before somebody asks what was told.
  private var unread: [[UInt8]] = []

  mutating func take(_ body: [UInt8]) { unread.append(body) }

  private mutating func take(_ value: JSONValue) {
    if value.isObject || value.isArray {
      for member in value.members {
        if value.isObject { take(member.key) }
        take(member.value)
      }
    } else {
      if let text = value.text { take(text) }
      if let integer = value.integer { values.insert("\(integer)") }
    }
  }

  private mutating func take(_ text: String) {
    values.insert(text)
    if text.contains(where: \.isWhitespace) {
      values.insert(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    // Lists of ids are texts on some platforms: `1;2`, `C_7`.
    for part in text.split(whereSeparator: { ";,:_ |".contains($0) }) { values.insert(String(part)) }
  }

  mutating func has(_ text: String) -> Bool {
    for body in unread { if let json = try? JSONValue.parse(body) { take(json) } }
    unread = []
    return values.contains(text)
  }

  /// Whether an id was told, or the number behind a letter that the adapter sets before it.
  mutating func has(id: String) -> Bool {
    has(id) || (id.first.map { $0.isLetter } ?? false) && has(String(id.dropFirst()))
  }
}

/// Folders in memory that live as long as one input.
enum FuzzFolder {
  static let root =
    (FileManager.default.fileExists(atPath: "/dev/shm")
      ? "/dev/shm" : FileManager.default.temporaryDirectory.path)
    + "/leadgauge-fuzz-\(ProcessInfo.processInfo.processIdentifier)"

  static func make() -> String? {
    let path = root + "-\(UInt64.random(in: 0 ... .max))"
    guard mkdir(path, 0o700) == 0 else { return nil }
    return path
  }

  static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}

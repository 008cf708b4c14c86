import Foundation
import Platform
import Testing

@Suite("notify: tells of people and of runs")
struct NotifyTests {
  /// Three people of whom everything was written once; An is hot since.
  private func place(_ port: Int, first: Bool = false) async throws -> Workplace {
    let place = try Workplace.small()
    try place.replace("tag: lead_hot }", by: "tag: lead_hot, handoff: true }", in: "model.yaml")
    let activities = try place.text("activities.csv")
    if !first { try place.write("activities.csv", "email,kind,at,target\n") }
    try place.append(
      "leadgauge.yaml",
      """
      notify:
        ping: "http://127.0.0.1:\(port)/ping/geheim-hunter2-and-more"
        metrics: run.prom
        handoff: { webhook: "http://127.0.0.1:\(port)/hook/geheim-hunter2-and-more", first: \(first) }

      """)
    if !first {
      #expect(try await place.runAsOf("sync", "--quiet").status == 0)
      try place.write("activities.csv", activities)
    }
    return place
  }

  @Test("a sync tells of who became hot, says so, and the watchman hears of start and success")
  func told() async throws {
    try await NotifyReceiver.with { host, port in
      let place = try await place(port)
      let sync = try await place.runAsOf("sync")
      #expect(
        sync.out == """
          As of 2026-11-01T00:00:00Z: 2 changes among 3 contacts.
          2 contacts written.
          Sales were told of 1 person.

          """)
      #expect(sync.err.isEmpty)
      #expect(try host.handoffs().mapValues(\.count) == ["an.tran@acme.example": 1])
      let others = host.messages().suffix(3).map { "\($0.method) \($0.path)" }
      #expect(
        others == [
          "GET /ping/geheim-hunter2-and-more/start", "POST /hook/geheim-hunter2-and-more",
          "GET /ping/geheim-hunter2-and-more",
        ])
      #expect(try place.text("run.prom").hasSuffix("# EOF\n"))
    }
  }

  @Test("a webhook that is down fails nothing, is quiet with --quiet, and status says who waits and why")
  func down() async throws {
    try await NotifyReceiver.with(status: 503) { host, port in
      let place = try await place(port)
      let sync = try await place.runAsOf("sync", "--quiet")
      #expect(sync.status == 0 && sync.out.isEmpty && sync.err.isEmpty, "\(sync)")
      let status = try await place.run("status")
      let words = status.out.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      #expect(words.contains("1 person waits to be told of (webhook) since"), "\(status)")
      #expect(words.contains("The last try: it answered 503"))
      #expect(
        try await place.run("status", "--json").out.contains(#""outbox":[{"target":"webhook","waiting":1"#))
      #expect(try place.text("run.prom").contains(#"leadgauge_outbox_waiting_persons{target="webhook"} 1"#))
    }
  }

  @Test("a webhook that is gone is said even with --quiet, without its address")
  func gone() async throws {
    try await NotifyReceiver.with(status: 404) { host, port in
      let place = try await place(port)
      let sync = try await place.runAsOf("sync", "--quiet")
      #expect(sync.status == 0 && sync.out.isEmpty, "\(sync)")
      #expect(sync.err.contains("handoff: 127.0.0.1:\(port): it answered 404"), "\(sync)")
    }
  }

  @Test("a redirect is not followed")
  func redirect() async throws {
    try await NotifyReceiver.with { elsewhere, otherPort in
      let headers = [SimulatedPair("Location", "http://127.0.0.1:\(otherPort)/hook")]
      try await NotifyReceiver.with(status: 307, headers: headers) { host, port in
        let place = try await place(port)
        let sync = try await place.runAsOf("sync")
        #expect(sync.out.contains("redirects are not"), "\(sync)")
        #expect(elsewhere.messages().isEmpty)
      }
    }
  }

  @Test("a failed run is told to the watchman with the reason, and leaves figures too")
  func failed() async throws {
    try await NotifyReceiver.with { host, port in
      let place = try await place(port)
      try place.remove("contacts.csv")
      let sync = try await place.runAsOf("sync")
      #expect(sync.status == 78, "\(sync)")
      let last = try #require(host.messages().last)
      #expect(last.method == "POST" && last.path.hasSuffix("/fail"))
      #expect(String(decoding: last.body, as: UTF8.self).hasPrefix("leadgauge: exit 78\n"))
      let figures = try place.text("run.prom")
      #expect(figures.contains("leadgauge_run_exit_status 78\n"))
      #expect(figures.contains("leadgauge_last_success_timestamp_seconds"))
    }
  }

  @Test("a run that cannot begin is told to the watchman, but not one that finds another at work")
  func notBegun() async throws {
    try await NotifyReceiver.with { host, port in
      let place = try await place(port)
      try place.replace("points: 10", by: "points: ten", in: "model.yaml")
      #expect(try await place.runAsOf("sync").status == 65)
      #expect(host.messages().last?.path.hasSuffix("/fail") == true)
      try place.replace("points: ten", by: "points: 10", in: "model.yaml")
      let before = host.messages().count
      let lock = open(place.at("state/leadgauge.db.lock"), O_RDWR | O_CLOEXEC)
      defer { close(lock) }
      try #require(flock(lock, LOCK_EX | LOCK_NB) == 0)
      #expect(try await place.runAsOf("sync").status == 75)
      #expect(host.messages().count == before)
    }
  }

  @Test("commands that are no runs of a schedule ping nobody")
  func others() async throws {
    try await NotifyReceiver.with { host, port in
      let place = try await place(port)
      let before = host.messages().count
      for command in [["plan"], ["pull"], ["backfill", "--since", "2026-01-01", "--no-write"], ["status"]] {
        #expect(try await Program.run(command, in: place.path).status == 0)
      }
      #expect(host.messages().count == before)
    }
  }

  @Test("--trace shows the messages with their addresses masked")
  func traced() async throws {
    try await NotifyReceiver.with { host, port in
      let place = try await place(port)
      #expect(try await place.runAsOf("sync", "--trace", "trace.har", "--verbose").status == 0)
      let trace = try place.text("trace.har")
      #expect(trace.contains("127.0.0.1:\(port)***") && trace.contains("Idempotency-Key"))
      #expect(!trace.contains("hunter2"))
    }
  }

  // MARK: Killed

  private func kill(
    _ arguments: [String], in place: Workplace, environment: [String: String], by victim: FatalServer.Victim
  ) async throws -> Int32 {
    let process = Program.process(arguments, in: place.path, environment: environment)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    return try await Program.status(of: process) { victim.become(process.processIdentifier) }
  }

  @Test(
    "a run that is killed while it tells people has told everybody after the next one, by the same keys",
    arguments: [1, 2, 3, 4, 5])
  func killedWhileTelling(request: Int) async throws {
    let victim = FatalServer.Victim()
    let fatal = { FatalServer($0, victim: victim, signal: SIGKILL, atRequest: request) }
    try await NotifyReceiver.with(behind: fatal) { host, port in
      let place = try Workplace.crowd(3)
      try place.replace("tag: lead_hot }", by: "tag: lead_hot, handoff: true }", in: "model.yaml")
      try place.append(
        "leadgauge.yaml",
        """
        notify:
          ping: "http://127.0.0.1:\(port)/ping"
          handoff: { webhook: "http://127.0.0.1:\(port)/hook", first: true }

        """)
      try place.warmUp(1...3)
      let sync = ["sync"] + Workplace.asOf
      #expect(try await kill(sync, in: place, environment: [:], by: victim) == 128 + SIGKILL)
      #expect(try await place.runAsOf("sync").status == 0)
      let keys = try host.handoffs()
      #expect(keys.keys.sorted() == ["p1@example.com", "p2@example.com", "p3@example.com"])
      #expect(keys.values.allSatisfy { Set($0).count == 1 }, "\(keys)")
    }
  }

  @Test(
    "a run that is killed in any request to the platform has told everybody once after the next one",
    arguments: [3, 8, 12, 14, 16, 17, 18, 19, 20, 21, 22])
  func killedWhileWriting(request: Int) async throws {
    let victim = FatalServer.Victim()
    let fatal = { FatalServer($0, victim: victim, signal: SIGKILL, atRequest: request) }
    try await NotifyReceiver.with { host, port in
      try await MauticPlace.with(behind: fatal) { mautic in
        let place = mautic.place
        try place.replace("tag: lead_hot }", by: "tag: lead_hot, handoff: true }", in: "model.yaml")
        try place.append(
          "leadgauge.yaml",
          "notify: { handoff: { webhook: \"http://127.0.0.1:\(port)/hook\", first: true } }\n")
        let status = try await kill(
          ["sync"], in: place, environment: MauticPlace.environment(), by: victim)
        let asked = mautic.host.requests.all
        #expect(status == (asked >= request ? 128 + SIGKILL : 0))
        #expect(try await mautic.run("sync").status == 0)
        let hot = (1...MauticPlace.people).filter { $0 % 5 >= 3 }.map { "p\($0)@example.com" }
        let keys = try host.handoffs()
        #expect(Set(keys.keys) == Set(hot))
        #expect(keys.values.allSatisfy { Set($0).count == 1 })
      }
    }
  }
}

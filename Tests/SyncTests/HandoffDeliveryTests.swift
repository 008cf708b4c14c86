import ConnectorConformance
import Foundation
import Platform
import Scoring
import Store
import Sync
import Testing

@Suite("What waits to be told")
struct HandoffDeliveryTests {
  /// Ten people of whom everything was written once; these are hot now, and nobody was told yet.
  private func bench(hot numbers: Int...) async throws -> HandoffBench {
    let bench = try HandoffBench()
    bench.people(1...10)
    try await bench.sync()
    for number in numbers { bench.warmUp(number) }
    return bench
  }

  static func answer(_ status: Int, _ text: String = "", after: Double? = nil) -> MessageOutcome {
    .answered(status: status, text: text, retryAfter: after)
  }

  @Test(
    "is tried by every run until it is taken, with the same key and the same words, and never fails a run",
    arguments: [
      MessageOutcome.failed("nobody there"), HandoffDeliveryTests.answer(500),
      HandoffDeliveryTests.answer(503),
      HandoffDeliveryTests.answer(404, "no_team"), HandoffDeliveryTests.answer(301),
      HandoffDeliveryTests.answer(408), HandoffDeliveryTests.answer(410),
    ])
  func untilTaken(outcome: MessageOutcome) async throws {
    let bench = try await bench(hot: 1)
    bench.receiver.answer(outcome, outcome)
    for _ in 1...2 {
      let result = try await bench.sync()
      #expect(Sync.ExitStatus.of(result) == .done)
      #expect(result.handoff?.waiting.map(\.waiting) == [1])
      #expect(result.handoff?.troubles.count == 1)
    }
    bench.pass(.days(2))
    bench.connector.edit { $0.contacts["1"]?.fields["first_name"] = "Renamed" }
    let result = try await bench.sync()
    #expect(result.handoff?.told == 1 && result.handoff?.waiting.isEmpty == true)
    #expect(bench.receiver.tried.count == 3)
    #expect(Set(bench.receiver.tried.map(\.key)).count == 1)
    #expect(Set(bench.receiver.tried.map(\.body)).count == 1)
  }

  @Test("is said loudly where trying again will not help", arguments: [400, 401, 403, 404, 410, 302])
  func loudly(status: Int) async throws {
    let bench = try await bench(hot: 1)
    bench.receiver.answer(HandoffDeliveryTests.answer(status))
    #expect(try await bench.sync().handoff?.troubles.first?.needsSomebody == true)
  }

  @Test("is said softly where it may", arguments: [408, 500, 502, 503])
  func softly(status: Int) async throws {
    let bench = try await bench(hot: 1)
    bench.receiver.answer(HandoffDeliveryTests.answer(status))
    #expect(try await bench.sync().handoff?.troubles.first?.needsSomebody == false)
  }

  @Test("is left for the next run after three failures in a row")
  func threeInARow() async throws {
    let bench = try await bench(hot: 1, 2, 3, 4, 5)
    let down = MessageOutcome.failed("nobody there")
    bench.receiver.answer(down, down, down, down)
    #expect(try await bench.sync().handoff?.waiting.first?.waiting == 5)
    #expect(bench.receiver.tried.count == 3)
  }

  @Test("goes on past one person whom the receiver does not want")
  func oneUnwanted() async throws {
    let bench = try await bench(hot: 1, 2, 3, 4, 5)
    let bad = HandoffDeliveryTests.answer(422, "invalid_blocks")
    bench.receiver.answer(bad, bad, bad, bad)
    let result = try await bench.sync()
    #expect(result.handoff?.told == 1 && result.handoff?.waiting.first?.waiting == 4)
    #expect(bench.receiver.tried.count == 5)
  }

  @Test("waits when the receiver asks for a pause, and for the next run when the pause is long")
  func pause() async throws {
    let bench = try await bench(hot: 1, 2)
    bench.receiver.answer(
      HandoffDeliveryTests.answer(429, after: 7), HandoffDeliveryTests.answer(429, after: 5))
    #expect(try await bench.sync().handoff?.told == 2)
    #expect(bench.receiver.waited == [7, 5])
    bench.warmUp(3, 4)
    bench.receiver.answer(HandoffDeliveryTests.answer(429, after: 3_600))
    let result = try await bench.sync()
    #expect(result.handoff?.told == 0 && result.handoff?.waiting.first?.waiting == 2)
    #expect(bench.receiver.waited == [7, 5])
  }

  @Test("is tried by a run that fails, and by one that a fuse holds back")
  func badRuns() async throws {
    let bench = try await bench(hot: 1)
    bench.receiver.answer(.failed("nobody there"), .failed("nobody there"))
    try await bench.sync()
    bench.connector.fail(nil)
    await #expect(throws: ConnectorFailure.self) { try await bench.sync() }
    #expect(bench.receiver.tried.count == 2)
    bench.connector.calm()
    bench.warmUp(2)
    let held = try await bench.sync(
      bench.context(fuses: FuseLimits(maxChanges: 2_500, maxWrites: 0, maxShrink: 2_000)), approves: false)
    #expect(held.isHeldBack)
    #expect(bench.receiver.accepted.map(\.email) == ["p1@example.com"])
  }

  @Test("is not told of a contact that was deleted meanwhile, and nothing of it is kept")
  func deleted() async throws {
    let bench = try await bench(hot: 1, 2)
    bench.receiver.answer(.failed("down"), .failed("down"))
    try await bench.sync()
    bench.connector.edit { $0.contacts["1"] = nil }
    #expect(try await bench.sync().handoff?.waiting.isEmpty == true)
    #expect(bench.receiver.accepted.map(\.email) == ["p2@example.com"])
  }

  @Test("is kept, and counted, while no webhook is named")
  func noWebhook() async throws {
    let bench = try await bench(hot: 1)
    bench.receiver.answer(.failed("down"))
    try await bench.sync()
    let result = try await bench.sync(bench.context(tells: false))
    #expect(result.handoff?.waiting.map(\.waiting) == [1])
    try await bench.sync()
    #expect(bench.receiver.accepted.count == 1)
  }

  // MARK: Words

  private func told(
    _ format: HandoffSettings.Format, webhook: String, name: String = "An <!channel> & \"Co\"\u{202E}\n*x*"
  ) async throws -> (object: [String: Any], url: String) {
    let bench = try await bench(hot: 1)
    bench.connector.edit { $0.contacts["1"]?.fields = ["first_name": name] }
    try await bench.sync(bench.context(format: format, webhook: webhook))
    let told = try #require(bench.receiver.accepted.first)
    let object = try JSONSerialization.jsonObject(with: Data(told.body.utf8))
    return (try #require(object as? [String: Any]), try #require(bench.receiver.urls.first))
  }

  @Test("is written for Slack so that no name mentions anybody")
  func slack() async throws {
    let (object, _) = try await told(.slack, webhook: "https://hooks.slack.com/services/T/B/X")
    let text = try #require(object["text"] as? String)
    #expect(text.hasPrefix("*An &lt;!channel&gt; &amp; \"Co\" *x* is hot: 40 points*\n"))
    #expect(!text.contains("<!channel>") && !text.contains("\u{202E}"))
    #expect((object["blocks"] as? [[String: Any]])?.count == 1)
  }

  @Test("is written for Teams as a card whose texts know no marks")
  func teams() async throws {
    let (object, _) = try await told(.teams, webhook: "https://x.webhook.office.com/a")
    let attachment = try #require((object["attachments"] as? [[String: Any]])?.first)
    #expect(attachment["contentType"] as? String == "application/vnd.microsoft.card.adaptive")
    let card = try #require(attachment["content"] as? [String: Any])
    let body = try #require(card["body"] as? [[String: Any]])
    #expect(body.allSatisfy { $0["type"] as? String == "RichTextBlock" })
    let runs = try #require(body.first?["inlines"] as? [[String: Any]])
    #expect(runs.first?["text"] as? String == "An <!channel> & \"Co\" *x* is hot: 40 points")
  }

  @Test("is written for Telegram as HTML, to the chat that the address names")
  func telegram() async throws {
    let (object, url) = try await told(
      .telegram, webhook: "https://api.telegram.org/bot1:AbC/sendMessage?chat_id=-100123")
    #expect(url == "https://api.telegram.org/bot1:AbC/sendMessage")
    #expect(object["chat_id"] as? String == "-100123" && object["parse_mode"] as? String == "HTML")
    let text = try #require(object["text"] as? String)
    #expect(text.hasPrefix("<b>An &lt;!channel&gt; &amp; \"Co\" *x* is hot: 40 points</b>\n"))
  }

  @Test("is written for Zalo as plain text of at most 2,000 characters")
  func zalo() async throws {
    let (object, url) = try await told(
      .zalo, webhook: "https://bot-api.zaloplatforms.com/bot1:AbC/sendMessage?chat_id=7f",
      name: String(repeating: "Nguyễn ", count: 2_000))
    #expect(url == "https://bot-api.zaloplatforms.com/bot1:AbC/sendMessage")
    #expect(object["chat_id"] as? String == "7f")
    let text = try #require(object["text"] as? String)
    #expect(text.count <= 2_000 && text.contains("is hot: 40 points"))
  }

  @Test("fits into a message whatever a name is made of", arguments: HandoffSettings.Format.allCases)
  func longName(format: HandoffSettings.Format) async throws {
    let marks = "a" + String(repeating: "\u{301}", count: 50_000)
    let (object, _) = try await told(format, webhook: "https://x.example.com/a?chat_id=1", name: marks)
    if let text = object["text"] as? String {
      #expect(text.contains(" is hot: 40 points") && text.utf16.count <= 4_096)
    }
  }

  @Test("waits if a chat says with status 200 that it did not take it")
  func notOK() async throws {
    let bench = try await bench(hot: 1)
    bench.receiver.answer(
      HandoffDeliveryTests.answer(200, #"{"ok":false,"error_code":400,"description":"chat not found"}"#))
    let result = try await bench.sync(
      bench.context(format: .zalo, webhook: "https://bot-api.zaloplatforms.com/b/sendMessage?chat_id=7"))
    #expect(result.handoff?.told == 0 && result.handoff?.waiting.count == 1)
    #expect(result.handoff?.troubles.first?.what == "it answered 200: chat not found")
  }
}

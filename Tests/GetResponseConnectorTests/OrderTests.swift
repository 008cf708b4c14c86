import ConnectorConformance
import GetResponseSimulator
import Platform
import Scoring
import Testing

@testable import GetResponseConnector

@Suite("Orders, carts and transactional e-mail of GetResponse")
struct OrderTests {
  private let account = GetResponseTestAccount()

  private func read(_ pull: inout Pull, _ stream: String, _ needs: PullNeeds? = nil) async throws {
    var settings = account.settings
    settings.fullList = .days(1)
    settings.activityRefresh = TimeSpan(seconds: 6 * 3_600)
    try await pull.read(stream, account.getResponse(pageSize: 1_000, settings: settings), account.year(needs))
  }

  @Test("An order is a purchase with its price, and its description or its number as target")
  func orders() async throws {
    let ids = try await account.people(2)
    account.change { server, now in
      server.addOrder(ids[0].text, total: 99.5, description: "Course", at: Timestamp(now.seconds - 9_000))
      server.addOrder(ids[1].text, total: 12, at: Timestamp(now.seconds - 8_000))
    }
    var pull = Pull()
    try await read(&pull, "orders")
    let found = pull.activities("orders")
    #expect(found.map(\.kind) == [.known(.purchase), .known(.purchase)])
    #expect(found.map(\.value) == [99.5, 12])
    #expect(found.map(\.subject) == ids.map { .contact($0) })
    #expect(found.first?.target == "Course")
    #expect(found.last?.target != nil)
  }

  @Test("A run in which nothing was bought is one call a list of a shop, and looks three days back")
  func quiet() async throws {
    let ids = try await account.people(1)
    account.change { server, now in
      server.addOrder(ids[0].text, total: 5, at: Timestamp(now.seconds - 9_000))
    }
    var pull = Pull()
    try await read(&pull, "orders")
    account.clock.advance(3_600)
    let before = account.network.requests.count
    try await read(&pull, "orders")
    #expect(account.routes(since: before).count == 2)
    #expect(account.routes(since: before).allSatisfy { $0.hasPrefix("GET /v3/shops/") })
    // The same order once more, under the same identity.
    #expect(pull.activities("orders").count == 1)
    for _ in 0..<2 {
      account.clock.advance(4 * 86_400)
      try await read(&pull, "orders")
    }
    #expect(pull.activities("orders").isEmpty)
  }

  @Test("A clock of ours that was weeks ahead hides nothing of what is bought then")
  func clockAhead() async throws {
    let ids = try await account.people(1)
    account.change { server, now in
      server.addOrder(ids[0].text, total: 5, at: Timestamp(now.seconds - 40 * 86_400))
    }
    var pull = Pull()
    let window = account.year()
    let ahead = PullWindow(since: window.since, now: Timestamp(window.now.seconds + 30 * 86_400))
    try await pull.read("orders", account.getResponse(), ahead)
    account.clock.advance(60)
    account.change { server, now in server.addOrder(ids[0].text, total: 6, at: now) }
    account.clock.advance(60)
    try await read(&pull, "orders")
    #expect(pull.activities("orders").map(\.value) == [6])
  }

  @Test("A cart is an activity of its own kind, read only if the model counts it or anything")
  func carts() async throws {
    _ = try await account.people(1)
    account.change { server, now in
      server.add(
        SimulatedActivity(
          contact: 1, kind: .custom("cart"), time: Timestamp(now.seconds - 9_000), value: 30))
    }
    var pull = Pull()
    try await read(&pull, "orders")
    #expect(pull.activities("orders").map(\.kind) == [.custom("cart")])
    pull = Pull()
    try await read(&pull, "orders", .model(kinds: [.known(.purchase)]))
    #expect(pull.activities("orders").isEmpty)
    account.clock.advance(3_600)
    try await read(&pull, "orders", .model(kinds: [.known(.purchase), .custom("cart")]))
    #expect(pull.activities("orders").count == 1)
  }

  @Test("A plan without shops or transactional mail is said once, and stops nothing")
  func missing() async throws {
    account.change { server, _ in server.settings.missingFeatures = [.shops, .transactional] }
    _ = try await account.people(1)
    for stream in ["orders", "transactional"] {
      var pull = Pull()
      try await read(&pull, stream)
      #expect(pull.rejected(stream).count == 1)
      #expect(pull.rejected(stream).first?.reason.contains("plan") == true)
      account.clock.advance(3_600)
      try await read(&pull, stream)
      #expect(pull.rejected(stream).isEmpty)
    }
  }

  @Test("What was bought before the plan had shops is read once it has them")
  func allowedLater() async throws {
    account.change { server, _ in server.settings.missingFeatures = [.shops] }
    let ids = try await account.people(1)
    var pull = Pull()
    try await read(&pull, "orders")
    account.change { server, now in
      server.settings.missingFeatures = []
      server.addOrder(ids[0].text, total: 5, at: Timestamp(now.seconds - 30 * 86_400))
    }
    account.clock.advance(3_600)
    try await read(&pull, "orders")
    #expect(pull.activities("orders").count == 1)
  }

  @Test("Transactional mail is told by the address, with details of those alone to which something happened")
  func transactional() async throws {
    _ = try await account.people(1)
    account.change { server, now in
      func ago(_ seconds: Int64) -> Timestamp { Timestamp(now.seconds - seconds) }
      _ = server.addMail(to: "p1@example.test", at: ago(5_000))
      _ = server.addMail(to: "p1@example.test", at: ago(5_000), opened: ago(4_000), clicked: ago(3_900))
      _ = server.addMail(to: "p1@example.test", at: ago(5_000), bounced: ago(4_500))
      _ = server.addMail(to: "p1@example.test", at: ago(5_000), complained: ago(100))
    }
    var pull = Pull()
    let before = account.network.requests.count
    try await read(&pull, "transactional")
    let found = pull.activities("transactional")
    #expect(
      Set(found.map(\.kind.name)) == ["email_open", "email_click", "email_bounce", "email_complaint"])
    #expect(found.allSatisfy { $0.subject == .address("p1@example.test") && $0.campaign == "Receipt" })
    #expect(account.routes(since: before).count == 4)
  }

  @Test("A later run asks for no details that it has, and for those of a mail whose state has changed")
  func changedState() async throws {
    _ = try await account.people(1)
    account.change { server, now in
      let (first, second) = (Timestamp(now.seconds - 5_000), Timestamp(now.seconds + 1_800))
      _ = server.addMail(to: "p1@example.test", at: first, bounced: Timestamp(now.seconds - 4_000))
      _ = server.addMail(to: "p1@example.test", at: first, opened: second)
    }
    var pull = Pull()
    try await read(&pull, "transactional")
    #expect(pull.activities("transactional").map(\.kind.name) == ["email_bounce"])
    account.clock.advance(3_600)
    var before = account.network.requests.count
    try await read(&pull, "transactional")
    #expect(pull.activities("transactional").map(\.kind.name) == ["email_open"])
    #expect(account.routes(since: before).count == 2)
    account.clock.advance(60)
    before = account.network.requests.count
    try await read(&pull, "transactional")
    #expect(account.routes(since: before).count == 1)
  }

  @Test("That a mail was sent is read if the model names that kind")
  func sent() async throws {
    _ = try await account.people(1)
    account.change { server, now in
      _ = server.addMail(to: "p1@example.test", at: Timestamp(now.seconds - 5_000))
    }
    var pull = Pull()
    try await read(&pull, "transactional", .model(kinds: [.known(.emailOpen)]))
    #expect(pull.activities("transactional").isEmpty)
    try await read(&pull, "transactional", .model(kinds: [.known(.emailOpen), .known(.emailSent)]))
    #expect(pull.activities("transactional").map(\.kind.name) == ["email_sent"])
  }

  @Test("Transactional mail can be left out")
  func leftOut() async throws {
    var settings = account.settings
    settings.transactional = false
    let names = try await account.getResponse(settings: settings).streams().map(\.name.text)
    #expect(!names.contains("transactional"))
  }
}

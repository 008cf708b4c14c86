import Bitrix24Simulator
import ConnectorConformance
import Platform
import Scoring
import Testing
import WebAPI

@testable import Bitrix24Connector

@Suite("Reading what happened from Bitrix24")
struct ActivityTests {
  private func read(_ portal: Bitrix24TestPortal) async throws -> Pull {
    var pull = Pull()
    try await pull.read(portal.bitrix24(), portal.window())
    return pull
  }

  @Test("Activities become calls, meetings, tasks, e-mails, forms and chats")
  func kinds() async throws {
    let portal = Bitrix24TestPortal()
    let id = try await portal.people(1)[0].text
    portal.did(1, .call, target: "Call", value: 65)
    portal.did(1, .meeting, ago: 7_200, target: "Demo")
    portal.did(1, .task, target: "Send offer")
    portal.did(1, .emailSent, campaign: "Offer")
    portal.did(1, .emailReply, campaign: "Offer")
    portal.did(1, .formSubmit, target: "Contact us")
    portal.did(1, .chat, target: "WhatsApp")
    let lines = Set(try await read(portal).activities().map(\.line))
    #expect(
      lines == [
        "call of \(id): Call (65.0)", "meeting of \(id): Demo", "task of \(id): Send offer",
        "email_sent of \(id): Offer", "email_reply of \(id): Re: Offer", "form_submit of \(id): Contact us",
        "chat of \(id): WhatsApp",
      ])
  }

  @Test("The pages that were seen before a form was sent are visits, each at its own time")
  func visits() async throws {
    let portal = Bitrix24TestPortal()
    _ = try await portal.people(1)
    portal.did(1, .pageVisit, ago: 300, target: "https://a.example/pricing")
    portal.did(1, .pageVisit, ago: 200, target: "https://a.example/demo")
    portal.did(1, .formSubmit, ago: 100, target: "Demo")
    let visits = try await read(portal).activities().filter { $0.kind == .known(.pageVisit) }
    #expect(visits.map(\.target) == ["https://a.example/pricing", "https://a.example/demo"])
    let now = Int64(portal.clock.now())
    #expect(visits.map(\.time.seconds) == [now - 300, now - 200])
    #expect(Set(visits.map(\.identity)).count == 2)
  }

  @Test("An activity that a deal or a company owns is still the contact's")
  func owners() async throws {
    let portal = Bitrix24TestPortal()
    let id = portal.person(1, [ContactField("company", "Engines Ltd"), ContactField("phone", "+44 1")]).text
    portal.did(1, .dealCreated, ago: 1_000, target: "Deal", value: 100)
    for number in 1...12 { portal.did(1, .call, target: "Call \(number)", value: 10) }
    let activities = try await read(portal).activities()
    #expect(activities.count == 12)
    #expect(activities.allSatisfy { $0.subject == .contact(ContactID(id)) })
  }

  @Test("Where a portal gives bindings with the activities they are not asked for")
  func bindings() async throws {
    let portal = Bitrix24TestPortal { $0.givesBindings = true }
    _ = portal.person(1, [ContactField("company", "Engines Ltd")])
    for number in 1...12 { portal.did(1, .meeting, ago: 7_200, target: "Meeting \(number)") }
    #expect(try await read(portal).activities().count == 12)
    #expect(portal.commands(of: "crm.activity.binding.list").isEmpty)
  }

  @Test("A call that nobody answered is none, by the statistics")
  func unanswered() async throws {
    let portal = Bitrix24TestPortal()
    _ = try await portal.people(1)
    portal.did(1, .call, target: "Missed", value: 0)
    portal.did(1, .call, target: "Talked", value: 30)
    #expect(try await read(portal).activities().map(\.target) == ["Talked"])
  }

  @Test("Without the right to statistics calls count without seconds")
  func noStatistics() async throws {
    let portal = Bitrix24TestPortal { $0.scopes.remove("telephony") }
    _ = try await portal.people(1)
    portal.did(1, .call, target: "Talked", value: 30)
    let pull = try await read(portal)
    #expect(pull.activities().map(\.target) == ["Talked"])
    #expect(pull.activities().first?.value == nil)
    #expect(pull.rejected("activities").isEmpty)
  }

  @Test("A meeting counts once it is done")
  func planned() async throws {
    let portal = Bitrix24TestPortal()
    _ = try await portal.people(1)
    let start = Timestamp(Int64(portal.clock.now()) + 3_600)
    let meeting = portal.network.withServer { server, _ in
      server.planMeeting(with: 1, subject: "Demo", at: start)
    }
    var pull = Pull()
    try await pull.read(portal.bitrix24(), portal.window())
    #expect(pull.activities().isEmpty)
    portal.clock.advance(86_400)
    portal.act { server, now in server.editActivity(meeting, subject: "Demo", at: now) }
    portal.clock.advance(60)
    try await pull.read(portal.bitrix24(), portal.window())
    #expect(pull.activities().map(\.time) == [start])
  }

  @Test("Deals are created, won and lost with their amounts, and say what became of their contacts")
  func deals() async throws {
    let portal = Bitrix24TestPortal()
    let ids = try await portal.people(2).map(\.text)
    portal.did(1, .dealCreated, ago: 900, target: "Big", value: 5_000)
    portal.did(1, .dealWon, ago: 300, target: "Big", value: 5_000)
    portal.did(2, .dealCreated, ago: 800, target: "Small", value: 10)
    portal.did(2, .dealLost, ago: 200, target: "Small", value: 10)
    let pull = try await read(portal)
    let kinds = pull.activities("deals").map { "\($0.kind.name) \($0.subject) \($0.value ?? 0)" }
    #expect(
      Set(kinds) == [
        "deal_created contact(\(ids[0])) 5000.0", "deal_won contact(\(ids[0])) 5000.0",
        "deal_created contact(\(ids[1])) 10.0", "deal_lost contact(\(ids[1])) 10.0",
      ])
    #expect(Set(pull.outcomes().map(\.result)) == [.won, .lost])
    #expect(pull.outcomes().first { $0.result == .won }?.amount == 5_000)
  }

  @Test("Numbers and texts in the history of stages are read alike, and whether it counts its rows or not")
  func history() async throws {
    for (hasNumbers, skips) in [(true, true), (false, false), (true, false)] {
      let portal = Bitrix24TestPortal {
        $0.historyHasNumbers = hasNumbers
        $0.historySkipsCount = skips
      }
      _ = try await portal.people(5)
      for number in 1...5 { portal.did(number, .dealWon, target: "Deal \(number)", value: 1) }
      #expect(try await read(portal).outcomes().count == 5)
    }
  }

  @Test("What is refused for good is reported, and the rest is read")
  func refused() async throws {
    let portal = Bitrix24TestPortal { $0.missingMethods = ["crm.stagehistory.list"] }
    _ = try await portal.people(1)
    portal.did(1, .call, value: 5)
    let pull = try await read(portal)
    #expect(pull.activities().count == 1)
    #expect(pull.rejected("deals").count == 1)
  }

  @Test("An activity that is edited comes again under the same identity")
  func edited() async throws {
    let portal = Bitrix24TestPortal()
    _ = try await portal.people(1)
    portal.did(1, .meeting, ago: 7_200, target: "Demo")
    var pull = Pull()
    try await pull.read(portal.bitrix24(), portal.window())
    let first = try #require(pull.activities().first)
    guard case .id(let text) = first.identity,
      let number = text.split(separator: "/").last.flatMap({ Int64($0) })
    else {
      Issue.record("no number: \(first.identity)")
      return
    }
    portal.clock.advance(3_600)
    portal.act { server, now in server.editActivity(number, subject: "Demo", at: now) }
    portal.clock.advance(60)
    try await pull.read(portal.bitrix24(), portal.window())
    #expect(pull.activities().map(\.identity) == [first.identity])
  }
}

import ConnectorConformance
import MauticSimulator
import Platform
import Scoring
import Testing

@testable import MauticConnector

@Suite("Contacts by their dates, where the audit log is not to be had")
struct DatesTests {
  private let account = MauticTestAccount(.withoutAudit)

  /// Now by the server's clock.
  private func serverNow(_ offset: Int64) -> Timestamp { Timestamp(Int64(account.clock.now()) + offset) }

  private func add(_ number: Int, at time: Timestamp) -> String {
    let id = account.network.withServer { server, _ in
      server.add(SimulatedContact(number: number, email: "n\(number)@example.test", createdAt: time))
      return server.id(ofContact: number) ?? 0
    }
    return "\(id)"
  }

  @Test(
    "Nothing is missed, whether the server's clock is right, behind or ahead",
    arguments: [0, -3_600, 3_600] as [Int64])
  func clocks(_ offset: Int64) async throws {
    account.change { $0.settings.clockOffset = offset }
    let ids = (1...3).map { add($0, at: serverNow(offset)) }
    account.clock.advance(1_000)
    let connector = account.mautic(pageSize: 100)
    var pull = Pull()
    try await pull.read("contacts", connector, account.window())
    #expect(pull.contacts() == ids)
    for round in 1...4 {
      account.clock.advance(1_000)
      let now = serverNow(offset)
      let changed = ids[round % 3]
      account.change { $0.rename(Int(changed) ?? 0, to: "Round \(round)", at: now) }
      let new = add(10 + round, at: now)
      account.clock.advance(1_000)
      try await pull.read("contacts", connector, account.window())
      #expect(pull.contacts() == [changed, new], "in round \(round)")
      #expect(pull.pages["contacts"]?.map(\.listing) == [.changes])
    }
  }

  @Test("What happened shortly before the last reading began comes again")
  func overlap() async throws {
    let early = add(1, at: serverNow(-700))
    let late = add(2, at: serverNow(-500))
    let connector = account.mautic(pageSize: 100)
    var pull = Pull()
    try await pull.read("contacts", connector, account.window())
    #expect(pull.contacts() == [early, late])
    try await pull.read("contacts", connector, account.window())
    #expect(pull.contacts() == [late])
  }

  @Test("Changes fill several pages")
  func pages() async throws {
    let connector = account.mautic(pageSize: 2)
    var pull = Pull()
    try await pull.read("contacts", connector, account.window())
    account.clock.advance(3_600)
    let ids = (1...5).map { add($0, at: serverNow(0)) }
    try await pull.read("contacts", connector, account.window())
    #expect(pull.contacts() == ids)
    #expect(pull.pages["contacts"]?.count == 3)
    #expect(
      pull.pages["contacts"]?.allSatisfy { $0.reading == Reading(number: 2, isContinuation: true) } == true)
  }

  @Test("After a week everybody is listed again, so that who is gone shows")
  func weekly() async throws {
    let ids = try await account.people(3)
    account.clock.advance(1_000)
    let connector = account.mautic(pageSize: 100)
    var pull = Pull()
    try await pull.read("contacts", connector, account.window())
    let now = serverNow(0)
    account.change { $0.remove(ids[0], at: now) }
    account.clock.advance(6 * 86_400)
    try await pull.read("contacts", connector, account.window())
    #expect(pull.contacts().isEmpty)
    #expect(pull.pages["contacts"]?.map(\.listing) == [.changes])
    account.clock.advance(86_400)
    try await pull.read("contacts", connector, account.window())
    #expect(pull.contacts() == ["\(ids[1])", "\(ids[2])"])
    #expect(pull.pages["contacts"]?.map(\.listing) == [.everythingAndDone])
  }

  @Test("A log that is to be had again is used after the next listing")
  func logIsBack() async throws {
    _ = try await account.people(1)
    let connector = account.mautic(pageSize: 100)
    var pull = Pull()
    try await pull.read("contacts", connector, account.window())
    account.change { $0.settings.auditLogAllowed = true }
    account.clock.advance(7 * 86_400)
    try await pull.read("contacts", connector, account.window())
    #expect(pull.pages["contacts"]?.map(\.listing) == [.everythingAndDone])
    let cursor = try ContactCursor(try #require(pull.cursors[StreamName("contacts")]))
    #expect(cursor.audit == 1)
  }

  @Test("Visitors whom nobody knows are left out and counted")
  func anonymous() async throws {
    let connector = account.mautic(pageSize: 100)
    var pull = Pull()
    try await pull.read("contacts", connector, account.window())
    let now = serverNow(0)
    account.change { $0.addAnonymousVisitor(at: now) }
    try await pull.read("contacts", connector, account.window())
    #expect(pull.contacts().isEmpty)
    #expect(pull.pages["contacts"]?.map(\.leftOut) == [1])
  }
}

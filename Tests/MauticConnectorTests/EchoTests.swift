import ConnectorConformance
import MauticSimulator
import Platform
import Scoring
import Testing

@testable import MauticConnector

@Suite("Our own writes are known again")
struct EchoTests {
  private let name = StreamName("contacts")

  /// Three contacts that were read, and two of them written.
  private func written(
    _ account: MauticTestAccount, meanwhile: (([Int]) -> Void)? = nil
  ) async throws -> (Pull, MauticConnector, [Int]) {
    let ids = try await account.people(3)
    let connector = try await account.prepared()
    var pull = Pull()
    try await pull.read("contacts", connector, account.window())
    let states = ids.prefix(2).map { ContactWrite($0, 40, band: "warm", add: ["lead_warm"]) }
    #expect(try await connector.write(states) == [.written(version: nil), .written(version: nil)])
    meanwhile?(ids)
    pull.cursors.merge(try await connector.commit()) { $1 }
    return (pull, connector, ids)
  }

  @Test("After a write and its commit the next reading asks for none of our contacts")
  func quiet() async throws {
    for sort in [MauticSubject.Sort.usual, .client, .seven] {
      let account = MauticTestAccount(sort)
      var (pull, _, _) = try await written(account)
      let before = account.network.requests.count
      try await pull.read("contacts", account.mautic(pageSize: 100), account.window())
      #expect(pull.contacts().isEmpty)
      #expect(
        account.routes(since: before).filter { !$0.contains("oauth") }
          == ["GET /api/stats/audit_log", "GET /api/stats/audit_log"], "\(sort)")
    }
  }

  @Test("A foreign edit in between is not passed over")
  func foreignEdit() async throws {
    let account = MauticTestAccount()
    let time = Timestamp(1_795_000_000)
    var (pull, connector, ids) = try await written(account) { ids in
      account.change { $0.rename(ids[1], to: "Renamed", at: time) }
    }
    try await pull.read("contacts", connector, account.window())
    #expect(pull.contacts() == ["\(ids[0])", "\(ids[1])"])
    #expect(
      pull.pages["contacts"]?.first?.contacts.last?.fields.contains(ContactField("first_name", "Renamed"))
        == true)
  }

  @Test("An edit of ours that was not sent is one of others")
  func sameUserElsewhere() async throws {
    let account = MauticTestAccount()
    let (_, connector, ids) = try await written(account)
    let other = account.mautic(pageSize: 100)
    _ = try await other.write([ContactWrite(ids[2], 9, band: "cold")])
    _ = try await connector.write([ContactWrite(ids[0], 9, band: "cold")])
    #expect(try await connector.commit().isEmpty)
  }

  @Test("More edits of a contact than were sent are not all ours")
  func moreThanSent() async throws {
    let account = MauticTestAccount()
    let (_, connector, ids) = try await written(account)
    _ = try await account.mautic(pageSize: 100).write([ContactWrite(ids[0], 8, band: "cold")])
    _ = try await connector.write([ContactWrite(ids[0], 9, band: "cold")])
    #expect(try await connector.commit().isEmpty)
  }

  @Test("A foreign edit of a contact that our write left as it was is not ours")
  func foreignEditOfUnchanged() async throws {
    let account = MauticTestAccount()
    let time = Timestamp(1_795_000_000)
    let (_, connector, ids) = try await written(account)
    let same = ContactWrite(ids[0], 40, band: "warm", add: ["lead_warm"])
    #expect(try await connector.write([same]) == [.written(version: nil)])
    account.change { $0.rename(ids[0], to: "Renamed", at: time) }
    #expect(try await connector.commit().isEmpty)
  }

  @Test(
    "What our user did otherwise than by a write is not passed over",
    arguments: ["delete", "merge", "create"])
  func otherAction(_ action: String) async throws {
    let account = MauticTestAccount()
    let (_, connector, ids) = try await written(account)
    _ = try await connector.write([ContactWrite(ids[0], 9, band: "cold")])
    account.alter({ $0.path == "/api/stats/audit_log" }) {
      $0.replacingOccurrences(of: "\"action\":\"update\"", with: "\"action\":\"\(action)\"")
    }
    #expect(try await connector.commit().isEmpty)
  }

  @Test("Without writes, without a whole reading, or without a log there is no cursor")
  func noCursor() async throws {
    let account = MauticTestAccount()
    let (_, connector, ids) = try await written(account)
    let before = account.network.requests.count
    #expect(try await connector.commit().isEmpty, "all of it is committed")
    #expect(account.network.requests.count == before)
    let fresh = account.mautic(pageSize: 100)
    _ = try await fresh.write([ContactWrite(ids[0], 9, band: "cold")])
    #expect(try await fresh.commit().isEmpty, "nothing was read")
    let half = account.mautic(pageSize: 1)
    _ = try await half.page(of: name, after: nil, window: account.window())
    _ = try await half.write([ContactWrite(ids[0], 8, band: "cold")])
    #expect(try await half.commit().isEmpty, "not all was read")
    let blind = MauticTestAccount(.withoutAudit)
    let (pull, _, _) = try await written(blind)
    #expect(try ContactCursor(try #require(pull.cursors[name])).audit == nil)
  }

  @Test("A log that is refused at the commit gives no cursor, and no failure either")
  func refused() async throws {
    let account = MauticTestAccount()
    let (_, connector, ids) = try await written(account)
    account.change { $0.settings.auditLogAllowed = false }
    _ = try await connector.write([ContactWrite(ids[0], 9, band: "cold")])
    #expect(try await connector.commit().isEmpty)
  }
}

import ConnectorConformance
import MauticSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import MauticConnector

@Suite("Mautic's own points as the score")
struct NativePointsTests {
  private let account: MauticTestAccount

  init() {
    var layout = WriteLayout.standard
    layout.fields = WrittenFields(score: .native, band: nil, reasons: nil, tags: true)
    account = MauticTestAccount(.native, layout: layout)
  }

  private func written(_ points: Int) async throws -> (MauticConnector, Int) {
    let id = try await account.people(1)[0]
    let connector = account.mautic(pageSize: 100)
    #expect(try await connector.write([ContactWrite(id, points)]) == [.written(version: nil)])
    return (connector, id)
  }

  private var changes: [String] {
    account.routes().filter { !$0.hasPrefix("GET") }
  }

  @Test("Points are set, and read back as the score")
  func set() async throws {
    let (connector, id) = try await written(35)
    #expect(account.held(id)?.points == 35)
    let contact = ContactID("\(id)")
    #expect(try await connector.current([contact]) == [contact: .present(HeldState(score: 35))])
    var pull = Pull()
    let page = try #require(
      try await pull.read("contacts", connector, account.window()).first)
    #expect(page.contacts.first?.held?.score == 35)
    #expect(page.contacts.first?.fields.contains { $0.name == "points" } == false)
  }

  @Test("0 takes away what there is", arguments: [35, -12])
  func zero(_ points: Int) async throws {
    let (connector, id) = try await written(points)
    #expect(try await connector.write([ContactWrite(id, 0)]) == [.written(version: nil)])
    #expect(account.held(id)?.points == 0)
    #expect(
      changes.suffix(2) == [
        "PATCH /api/contacts/batch/edit",
        "POST /api/contacts/\(id)/points/\(points > 0 ? "minus" : "plus")/\(abs(points))",
      ])
  }

  @Test("0 where there are no points needs no second call")
  func stillZero() async throws {
    let (_, id) = try await written(0)
    #expect(account.held(id)?.points == 0)
    #expect(changes == ["PATCH /api/contacts/batch/edit"])
  }

  @Test("Points that cannot be taken away are refused with what stayed")
  func kept() async throws {
    let (connector, id) = try await written(35)
    account.alter({ _ in true }) { _ in
      let contact = "{\"id\":\(id),\"points\":7}"
      return "{\"contacts\":[\(contact)],\"statusCodes\":[200],\"contact\":\(contact)}"
    }
    #expect(
      try await connector.write([ContactWrite(id, 0)]) == [
        .refused(reason: "Mautic kept the score 7 instead of 0")
      ])
  }

  @Test("The check warns that changing points has effects")
  func warning() async throws {
    let (connector, _) = try await written(5)
    let findings = await connector.check(now: Timestamp(Int64(account.clock.now())))
    let found = findings.filter { $0.severity == .warning }
    #expect(found.count == 1)
    #expect(found.first?.text.contains("point triggers") == true)
    #expect(found.first?.cure.isEmpty == false)
  }
}

import ConnectorConformance
import GetResponseSimulator
import Platform
import Scoring
import Testing

@testable import GetResponseConnector

@Suite("Who holds which tag and band")
struct MarkTests {
  @Test("Tags are listed by one search each, and add up")
  func tags() async throws {
    let account = GetResponseTestAccount()
    let ids = try await account.people(5)
    account.change { server, now in
      for id in ids.prefix(3) { server.addTag(id.text, "lead_hot", at: now) }
      server.addTag(ids[0].text, "lead_cold", at: now)
      server.addTag(ids[4].text, "vip", at: now)
    }
    var pull = Pull()
    let connector = account.getResponse(pageSize: 1_000)
    let before = account.network.requests.count
    try await pull.read("marks", connector, account.year(.model()))
    let told = pull.holdings().map { "\($0.contact) \($0.state.tags.sorted())" }
    #expect(
      Set(told)
        == Set(ids.prefix(3).map { "\($0) [\"lead_hot\"]" } + ["\(ids[0]) [\"lead_cold\"]"]))
    #expect(pull.holdings().allSatisfy { $0.parts == [.tags] })
    #expect(pull.pages["marks"]?.last?.listing == .everythingAndDone)
    // Lists, tags, and the two of the three tags that there are.
    #expect(account.routes(since: before).count == 4)
  }

  @Test("Between lists of everybody no call is made, unless the model gets another tag")
  func cadence() async throws {
    let account = GetResponseTestAccount(.usual)
    _ = try await account.people(1)
    var settings = account.settings
    settings.fullList = .days(1)
    let connector = account.getResponse(settings: settings)
    var pull = Pull()
    try await pull.read("marks", connector, account.year(.model()))
    account.clock.advance(3_600)
    var before = account.network.requests.count
    try await pull.read("marks", connector, account.year(.model()))
    #expect(account.routes(since: before).isEmpty)
    #expect(pull.pages["marks"]?.map(\.listing) == [.changes])
    account.change { server, now in _ = server.makeTag("lead_new", at: now) }
    before = account.network.requests.count
    try await pull.read("marks", connector, account.year(.model(tags: ["lead_hot", "lead_new"])))
    #expect(!account.routes(since: before).isEmpty)
    #expect(pull.pages["marks"]?.last?.listing == .everythingAndDone)
  }

  @Test("A band in a custom field is listed by its value, and without knowing the bands by the details")
  func bands() async throws {
    let account = GetResponseTestAccount(.banded)
    let ids = try await account.people(3)
    account.change { server, now in
      server.setField(ids[0].text, "lead_band", to: "hot", at: now)
      server.setField(ids[1].text, "lead_band", to: "cold", at: now)
    }
    for needs in [PullNeeds.model(), nil] {
      var pull = Pull()
      try await pull.read("marks", account.getResponse(), account.year(needs))
      let bands = pull.holdings().filter { $0.parts == [.band] }.map {
        "\($0.contact) \($0.state.band ?? "?")"
      }
      #expect(Set(bands) == ["\(ids[0]) hot", "\(ids[1]) cold"])
    }
  }

  @Test("Where details tell everything there is no such stream")
  func noStream() async throws {
    func names(_ sort: GetResponseSubject.Sort) async throws -> [String] {
      try await GetResponseTestAccount(sort).getResponse().streams().map(\.name.text)
    }
    #expect(try await names(.fields) == ["contacts", "activities", "orders", "transactional"])
    #expect(try await names(.daily) == ["contacts", "activities", "orders", "transactional"])
    #expect(try await names(.usual) == ["contacts", "marks", "activities", "orders", "transactional"])
  }
}

import ConnectorConformance
import GetResponseSimulator
import Platform
import Scoring
import Testing

@testable import GetResponseConnector

@Suite("Tags, custom fields and segments of GetResponse")
struct SetupTests {
  @Test("What is missing is made once, as GetResponse wants it")
  func made() async throws {
    let account = GetResponseTestAccount(.fields)
    _ = try await account.prepared()
    account.change { server, _ in
      #expect(
        server.hasField("lead_score") && server.hasField("lead_band") && server.hasField("lead_reasons"))
      #expect(server.hasTag("lead_hot") && server.hasTag("lead_cold"))
    }
    let made = account.network.requests.filter { $0.method == "POST" && $0.path == "/v3/custom-fields" }
    #expect(
      made.map { String(decoding: $0.body, as: UTF8.self) }.contains(
        #"{"name":"lead_score","type":"number","format":"text","hidden":"true","values":[]}"#))
    let before = account.network.requests.count
    _ = try await account.prepared()
    #expect(
      !account.routes(since: before).contains { $0.hasPrefix("POST /v3/custom") || $0 == "POST /v3/tags" })
  }

  @Test("A tag or field that somebody else has just made is looked up")
  func duplicate() async throws {
    let account = GetResponseTestAccount(.fields)
    for path in ["/v3/tags", "/v3/custom-fields"] {
      // Made, but the answer says that there was one: a try of ours whose answer was lost.
      account.network.decide { request in
        request.method == "POST" && request.path == path
          ? .altered { _ in .trouble(409, 1008) } : .answered
      }
      _ = try await account.prepared()
    }
    account.change { server, _ in #expect(server.hasTag("lead_warm") && server.hasField("lead_band")) }
  }

  @Test("A field of another type is not written to")
  func wrongType() async throws {
    let account = GetResponseTestAccount(.fields)
    account.change { server, _ in server.addField("lead_score", type: "date") }
    let found = await failure { _ = try await account.prepared() }
    #expect(found?.kind == .configuration)
    #expect(found?.what.contains("lead_score") == true)
  }

  @Test("Each band is a saved segment on the score, made once, whose members need no call")
  func segments() async throws {
    let account = GetResponseTestAccount()
    let ids = try await account.people(3)
    var settings = account.settings
    settings.segments = true
    let connector = try await account.prepared(settings: settings)
    for (id, score) in zip(ids, [90, 40, 0]) { _ = try await connector.write([ContactWrite(id, score)]) }
    func members(_ band: String) -> [String]? {
      account.network.withServer { $0.members(ofSegment: "Leadgauge \(band)", at: $1) }
    }
    #expect(members("hot") == ["p1@example.test"])
    #expect(members("warm") == ["p2@example.test"])
    #expect(members("cold") == ["p3@example.test"])
    let before = account.network.requests.count
    _ = try await account.prepared(settings: settings)
    #expect(!account.routes(since: before).contains { $0.hasPrefix("POST /v3/search-contacts") })
  }

  @Test("A new list and other bounds are put into the segments")
  func changedSegments() async throws {
    let account = GetResponseTestAccount()
    let ids = try await account.people(1)
    var settings = account.settings
    settings.segments = true
    let connector = try await account.prepared(settings: settings)
    _ = try await connector.write([ContactWrite(ids[0], 50)])
    account.change { server, now in
      server.addList("new", at: now)
      server.move(ids[0].text, to: "new", at: now)
    }
    var layout = account.layout
    layout.bandFloors = [50, 20, 0]
    try await account.getResponse(settings: settings).prepare(layout)
    let members = account.network.withServer { $0.members(ofSegment: "Leadgauge hot", at: $1) }
    #expect(members == ["p1@example.test"])
  }
}

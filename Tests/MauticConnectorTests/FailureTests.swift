import ConnectorConformance
import Foundation
import MauticSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import MauticConnector

@Suite("What goes wrong, and what is said about it")
struct FailureTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let kind: ConnectorFailure.Kind
    /// Has to stand in what is said.
    let says: String
    var sort = MauticSubject.Sort.usual
    var stream = "contacts"
    let breaks: @Sendable (MauticTestAccount) -> Void

    init(
      _ name: String, _ kind: ConnectorFailure.Kind, says: String, sort: MauticSubject.Sort = .usual,
      stream: String = "contacts", breaks: @escaping @Sendable (MauticTestAccount) -> Void
    ) {
      testDescription = name
      self.kind = kind
      self.says = says
      self.sort = sort
      self.stream = stream
      self.breaks = breaks
    }
  }

  static let echo = "{\"errors\":[{\"message\":\"no: pass-w0rd\\n\(String(repeating: "x", count: 300))\"}]}"

  static let cases: [Case] = [
    Case("a wrong password", .forbidden, says: "refused the credentials") {
      $0.change { $0.settings.password = "another" }
    },
    Case("the API is off", .forbidden, says: "has its API switched off") {
      $0.change { $0.settings.apiEnabled = false }
    },
    Case("Basic authentication is off", .forbidden, says: "Basic authentication is not enabled") {
      $0.change { $0.settings.basicEnabled = false }
    },
    Case("no right to view contacts", .forbidden, says: "does not allow /api/contacts") {
      $0.change { $0.settings.rights.remove(.viewContacts) }
    },
    Case("no right to read tables", .forbidden, says: "page_hits", stream: "page_hits") {
      $0.change { $0.settings.rights.remove(.stats) }
    },
    Case("nobody there", .unavailable, says: "connection refused") {
      $0.network.decide { _ in .unreachable }
    },
    Case("every answer is lost", .unavailable, says: "connection reset") {
      $0.network.decide { _ in .lost(acted: false) }
    },
    Case("a page with 200", .unavailable, says: "status 200 and a web page") {
      $0.answer("GET /api/contacts", with: .page(200))
    },
    Case("a page with 401", .forbidden, says: "status 401 and a web page") {
      $0.answer("GET /api/contacts", with: .page(401))
    },
    Case("a page with 403", .forbidden, says: "status 403 and a web page") {
      $0.answer("GET /api/contacts", with: .page(403))
    },
    Case("a page with 404", .configuration, says: "status 404 and a web page") {
      $0.answer("GET /api/contacts", with: .page(404))
    },
    Case("a page with 500", .unavailable, says: "status 500 and a web page") {
      $0.answer("GET /api/contacts", with: .page(500))
    },
    Case("a page with 502", .unavailable, says: "answered 502") {
      $0.answer("GET /api/contacts", with: .page(502))
    },
    Case("nothing with 200", .unavailable, says: "status 200 and nothing") {
      $0.answer("GET /api/contacts", with: .json(""))
    },
    Case("half an answer", .unavailable, says: "something that is no JSON") {
      $0.answer("GET /api/contacts", with: .json("{\"total\":"))
    },
    Case("a bare number", .unavailable, says: "something that is no JSON") {
      $0.answer("GET /api/contacts", with: .json("12"))
    },
    Case("a redirect", .configuration, says: "sends /api/contacts on to another address") {
      $0.answer("GET /api/contacts", with: SimulatedAnswer(status: 302))
    },
    Case(
      "an error with 200", .badData, says: "cannot answer /api/stats/page_hits: gone away",
      stream: "page_hits"
    ) {
      $0.answer(
        "GET /api/stats/page_hits", with: .json("{\"errors\":[{\"message\":\"gone away\",\"code\":2006}]}"))
    },
    Case("a right missing, with 200", .forbidden, says: "does not allow", stream: "email_stats") {
      $0.answer(
        "GET /api/stats/email_stats", with: .json("{\"errors\":[{\"message\":\"no view\",\"code\":403}]}"))
    },
    Case("an error of very old versions", .forbidden, says: "too old") {
      $0.answer(
        "GET /api/contacts", with: .json("{\"error\":{\"message\":\"too old\",\"code\":403}}", status: 403))
    },
    Case("the server's own fault", .unavailable, says: "status 500: Looks like I encountered an error") {
      $0.change { $0.failNext(9, status: 500) }
    },
    Case("a server that repeats the password", .unavailable, says: "no: ***") {
      $0.answer("GET /api/contacts", with: .json(echo, status: 418))
    },
    Case("a wrong client secret", .forbidden, says: "gave no access token", sort: .client) {
      $0.change { $0.settings.clientSecret = "another" }
    },
    Case("a token server that is down", .unavailable, says: "answered 503", sort: .client) {
      $0.answer("POST /oauth/v2/token", with: .page(503))
    },
    Case("a client whose API is off", .forbidden, says: "has its API switched off", sort: .client) {
      $0.change { $0.settings.apiEnabled = false }
    },
  ]

  @Test(arguments: cases)
  func says(_ example: Case) async throws {
    let account = MauticTestAccount(example.sort)
    _ = try await account.people(1)
    example.breaks(account)
    let failed = await failure {
      _ = try await account.mautic().page(
        of: StreamName(example.stream), after: nil, window: account.window())
    }
    let found = try #require(failed)
    #expect(found.kind == example.kind)
    #expect(found.what.contains(example.says), "\(found)")
    #expect(found.what.hasPrefix("Mautic"))
    #expect(!found.cure.isEmpty)
    #expect(!found.what.contains("\n"))
    #expect(found.what.count < 400)
    let basic = Data("api:pass-w0rd".utf8).base64EncodedString()
    for secret in ["pass-w0rd", "client-s3cret", basic] {
      #expect(!found.description.contains(secret))
    }
  }

  @Test("A reason that repeats the password is refused without it")
  func secretInReason() async throws {
    let account = MauticTestAccount()
    let id = try await account.people(1)[0]
    let connector = try await account.prepared()
    account.change { $0.refuse(id, message: "user api:pass-w0rd may not") }
    let outcomes = try await connector.write([ContactWrite(id, 4)])
    #expect(outcomes == [.refused(reason: "400: user api:*** may not")])
  }

  @Test("A limit that ends soon is waited for")
  func limitSoon() async throws {
    let account = MauticTestAccount()
    _ = try await account.people(1)
    let connector = account.mautic()
    account.change { $0.settings.rateLimit = 2 }
    _ = try await connector.current([ContactID("1")])
    _ = try await connector.current([ContactID("1")])
    account.clock.advance(3_600 - 200)
    let before = account.clock.now()
    _ = try await connector.current([ContactID("1")])
    #expect(account.clock.now() - before == 200)
    #expect(account.network.requests.count == 3)
  }

  @Test("A limit that ends far away fails the call with the time, and nothing is sent")
  func limitFarAway() async throws {
    let account = MauticTestAccount()
    _ = try await account.people(1)
    let connector = account.mautic()
    account.change { $0.settings.rateLimit = 1 }
    _ = try await connector.current([ContactID("1")])
    let end = Timestamp(Int64(account.clock.now()) + 3_600)
    account.clock.advance(100)
    let failed = await failure { _ = try await connector.current([ContactID("1")]) }
    #expect(failed?.kind == .unavailable)
    #expect(failed?.what.contains("is used up until \(end), so the request was not sent") == true)
    #expect(failed?.cure.contains("rate limit") == true)
    #expect(account.network.requests.count == 1)
  }

  @Test("A token that ends in the middle of a pull is fetched again, once")
  func tokenEnds() async throws {
    let account = MauticTestAccount(.client)
    let ids = try await account.people(5)
    let connector = account.mautic(pageSize: 2)
    let name = StreamName("contacts")
    let first = try await connector.page(of: name, after: nil, window: account.window())
    account.clock.advance(1)
    account.change { $0.revokeTokens() }
    var pull = Pull()
    pull.cursors[name] = first.cursor
    try await pull.read("contacts", connector, account.window())
    #expect((first.contacts.map(\.id.text) + pull.contacts()) == ids.map { "\($0)" })
    #expect(account.routes().filter { $0 == "POST /oauth/v2/token" }.count == 2)
    account.clock.advance(3_600)
    try await pull.read("contacts", connector, account.window())
    #expect(account.routes().filter { $0 == "POST /oauth/v2/token" }.count == 3)
  }

  private func told(_ kind: APIFailure.Kind) -> ConnectorFailure {
    let api = MauticAPI(
      client: APIClient(
        base: "https://m.example.com", authorization: NoAuthorization(),
        surroundings: WebSurroundings(transport: ScriptedTransport([]), clock: VirtualClock(0))),
      place: "web")
    return api.failure(APIFailure(kind: kind, tries: 1, what: "it failed"))
  }

  @Test("Every failure of the way has its kind and its cure")
  func ways() {
    let kinds: [(APIFailure.Kind, ConnectorFailure.Kind)] = [
      (.unreachable, .unavailable), (.lost, .unavailable), (.busy(status: 429), .unavailable),
      (.busy(status: 503), .unavailable), (.certificate, .unavailable), (.badRequest, .configuration),
      (.tooLarge, .unavailable), (.unauthorized("no"), .forbidden),
    ]
    for (kind, expected) in kinds {
      #expect(told(kind).kind == expected)
      #expect(!told(kind).cure.isEmpty)
    }
    #expect(told(.cancelled).kind == .cancelled)
  }

  @Test("A wait that nobody can count ends in a failure, not in a trap")
  func endlessWait() async throws {
    let account = MauticTestAccount()
    account.network.decide { _ in
      .altered { _ in
        SimulatedAnswer(
          status: 429, headers: [SimulatedPair("Retry-After", "99999999999999999999")],
          body: Array("{}".utf8))
      }
    }
    let window = try await account.window()
    let found = await failure {
      _ = try await account.mautic().page(of: StreamName("contacts"), after: nil, window: window)
    }
    #expect(found?.kind == .unavailable)
    #expect(found?.what.contains("a time far away") == true, "\(found?.what ?? "none")")
  }

  @Test("A server that gives other contacts than those asked for has said nothing about them")
  func others() async throws {
    let account = MauticTestAccount()
    let ids = try await account.people(3)
    account.network.decide { request in
      guard request.path == "/api/contacts" else { return .answered }
      return .altered { _ in .json(#"{"total":"1","contacts":{"9":{"id":9},"\#(ids[0])":{"id":\#(ids[0])}}}"#)
      }
    }
    let asked = ids.map { ContactID("\($0)") }
    let answers = try await account.mautic().current(asked)
    #expect(Set(answers.keys) == Set(asked))
  }
}

import Foundation
import Testing

@testable import WebAPI

@Suite("Logging in by OAuth 2 refresh tokens")
struct OAuth2RefreshTokenTests {
  private let folder: TokenFolder

  init() throws {
    folder = try TokenFolder()
  }

  private func record() throws -> TokenRecord? {
    guard case .record(let record) = try TokenFile(path: folder.file).read() else { return nil }
    return record
  }

  @Test("the refresh token is sent in a form, with the client's id and secret")
  func asksByForm() async throws {
    let user = TokenUser(TokenPlatform(), file: folder.file)
    #expect(try await user.read() == 200)
    let asked = user.transport.requests[0]
    #expect(asked.method == "POST")
    #expect(
      String(decoding: asked.body ?? [], as: UTF8.self)
        == "grant_type=refresh_token&client_id=id%201&client_secret=client-se%3Acret&refresh_token=refresh0")
    #expect(user.used == ["access1"])
  }

  @Test("the id and the secret may stand in a Basic header, beside headers of the service")
  func asksByHeader() async throws {
    let service = OAuth2TokenService(
      tokenURL: TokenPlatform.tokenURL, placement: .basicHeader,
      headers: [WebHeader("X-Domain", "shop.example.test")])
    let user = TokenUser(TokenPlatform(), file: folder.file, service: service)
    _ = try await user.read()
    let asked = user.transport.requests[0]
    let pair = Data("id%201:client-se%3Acret".utf8).base64EncodedString()
    #expect(asked.headers.value(of: "Authorization") == "Basic \(pair)")
    #expect(asked.headers.value(of: "X-Domain") == "shop.example.test")
    #expect(asked.body == Array("grant_type=refresh_token&refresh_token=refresh0".utf8))
  }

  @Test("a service may want a GET with a query")
  func asksByQuery() async throws {
    let service = OAuth2TokenService(tokenURL: TokenPlatform.tokenURL + "/", question: .getQuery)
    let user = TokenUser(TokenPlatform(), file: folder.file, service: service)
    _ = try await user.read()
    let asked = user.transport.requests[0]
    #expect(asked.method == "GET")
    #expect(
      asked.url == TokenPlatform.tokenURL + "/?grant_type=refresh_token&client_id=id%201"
        + "&client_secret=client-se%3Acret&refresh_token=refresh0")
    #expect(asked.body == nil)
  }

  @Test("fifty waiting calls renew once")
  func renewsOnceForAll() async throws {
    let latch = Latch()
    let platform = TokenPlatform(accidents: .init(meanwhile: { _ in _ = await latch.wait() }))
    let first = TokenUser(platform, file: folder.file)
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<50 {
        let user = TokenUser(first.transport, first.authorization, clock: first.clock)
        group.addTask { try await user.read() }
      }
      while first.authorization.waiterCount < 50 { await Task.yield() }
      latch.open()
      for try await status in group { #expect(status == 200) }
    }
    #expect(platform.sent == ["refresh0"])
  }

  @Test("each renewal uses the refresh token of the one before")
  func follows() async throws {
    let platform = TokenPlatform()
    let user = TokenUser(platform, file: folder.file)
    for _ in 0..<3 {
      _ = try await user.read()
      user.clock.advance(by: 3600)
    }
    #expect(platform.sent == ["refresh0", "refresh1", "refresh2"])
    #expect(user.used == ["access1", "access2", "access3"])
  }

  @Test("a platform that gives no new refresh token is asked with the old one")
  func keepsOldToken() async throws {
    let platform = TokenPlatform(rotates: false)
    let user = TokenUser(platform, file: folder.file)
    for _ in 0..<2 {
      _ = try await user.read()
      user.clock.advance(by: 3600)
    }
    #expect(platform.sent == ["refresh0", "refresh0"])
  }

  @Test("the rotated token is in the file before its access token is used")
  func savesFirst() async throws {
    let file = TokenFile(path: folder.file)
    let log = Log()
    let platform = TokenPlatform()
    let inner = platform.transport
    let transport = ScriptedTransport { request, _ in
      if !request.url.hasPrefix(TokenPlatform.tokenURL), case .record(let record)? = try? file.read() {
        log.add(record.refreshToken)
      }
      do throws(TransportFailure) { return .success(try await inner.send(request)) } catch {
        return .failure(error)
      }
    }
    let made = TokenUser(platform, file: folder.file)
    _ = try await TokenUser(transport, made.authorization, clock: made.clock).read()
    #expect(log.entries == ["refresh1"])
  }

  @Test("the next run uses the access token of the file, without asking")
  func nextRunUsesFile() async throws {
    let platform = TokenPlatform()
    _ = try await TokenUser(platform, file: folder.file).read()
    let next = TokenUser(platform, file: folder.file)
    #expect(try await next.read() == 200)
    #expect(platform.sent.count == 1)
  }

  @Test("the next run renews with the rotated token when the access token has ended")
  func nextRunUsesRotatedToken() async throws {
    let platform = TokenPlatform()
    _ = try await TokenUser(platform, file: folder.file).read()
    let next = TokenUser(platform, file: folder.file)
    next.clock.advance(by: 86_400)
    #expect(try await next.read() == 200)
    #expect(platform.sent == ["refresh0", "refresh1"])
  }

  @Test("a new refresh token in the configuration takes the place of the stored chain")
  func newConfigurationWins() async throws {
    let old = TokenPlatform()
    _ = try await TokenUser(old, file: folder.file, configured: "refresh0").read()
    let platform = TokenPlatform(accidents: .init(instead: { _ in .answer(200, body: Self.fresh) }))
    _ = await TokenUser(platform, file: folder.file, configured: "brand-new").failure()
    #expect(platform.sent.first == "brand-new")
    #expect(try record()?.refreshToken == "newest")
  }

  private static let fresh = #"{"access_token":"a","refresh_token":"newest"}"#

  @Test("a new refresh token that is refused leaves the stored chain as it is")
  func refusedConfigurationSpoilsNothing() async throws {
    let platform = TokenPlatform()
    _ = try await TokenUser(platform, file: folder.file).read()
    _ = await TokenUser(platform, file: folder.file, configured: "mistyped").failure()
    #expect(try record()?.refreshToken == "refresh1")
  }

  @Test("the named members of the answer are kept, also for the next run, and when a later answer lacks them")
  func keepsMembers() async throws {
    let service = OAuth2TokenService(tokenURL: TokenPlatform.tokenURL, members: ["hub_id", "place"])
    let first = TokenUser(
      TokenPlatform(life: #","hub_id":12,"place":"https://p.test/","scope":"x""#), file: folder.file,
      service: service)
    _ = try await first.read()
    #expect(try first.authorization.members() == ["hub_id": "12", "place": "https://p.test/"])
    let next = TokenUser(
      TokenPlatform(
        accidents: .init(instead: { _ in .answer(200, body: #"{"access_token":"b","hub_id":13}"#) })),
      file: folder.file, service: service)
    #expect(try next.authorization.members() == ["hub_id": "12", "place": "https://p.test/"])
    _ = try await next.read()
    #expect(try next.authorization.members() == ["hub_id": "13", "place": "https://p.test/"])
  }

  @Test("a renewal that is answered by 503 is tried again")
  func repeatsBusy() async throws {
    let platform = TokenPlatform(accidents: .init(instead: { $0 == 1 ? .answer(503) : nil }))
    let user = TokenUser(platform, file: folder.file, clock: VirtualClock(), policy: .standard)
    #expect(try await user.read() == 200)
    #expect(platform.sent == ["refresh0", "refresh0"])
  }

  @Test(
    "an answer without a token fails with the platform's own words",
    arguments: [
      (200, "{}", "the answer holds no access_token"), (200, "<html>", "the answer holds no access_token"),
      (200, #"{"access_token":"two words"}"#, "the answer holds no access_token"),
      (200, #"{"error":"PAYMENT_REQUIRED"}"#, "PAYMENT_REQUIRED"), (502, "<html>", nil),
      (403, "<html>", "status 403"), (401, #"{"error":"invalid_client","error_description":"Who?"}"#, "Who?"),
      (400, #"{"error":"x","error_description":"client-se:cret and refresh0"}"#, "*** and ***"),
    ])
  func fails(status: Int, body: String, said: String?) async throws {
    let platform = TokenPlatform(accidents: .init(instead: { _ in .answer(status, body: body) }))
    let failure = await TokenUser(platform, file: folder.file).failure()
    #expect(failure?.kind == said.map { .unauthorized($0) } ?? .busy(status: status))
    #expect(folder.names == ["crm.token.lock"])
  }

  @Test(
    "a dead refresh token fails with the cure",
    arguments: [(400, "invalid_grant"), (401, "INVALID_GRANT"), (200, "invalid_grant")])
  func tellsCure(status: Int, code: String) async throws {
    let body = #"{"error":"\#(code)","error_description":"refresh0 was revoked"}"#
    let platform = TokenPlatform(accidents: .init(instead: { _ in .answer(status, body: body) }))
    let failure = await TokenUser(platform, file: folder.file).failure()
    #expect(
      failure?.what
        == "the refresh token of the configuration is not good any more (*** was revoked); authorise the "
        + "application again and put the new refresh token into the configuration")
    #expect(platform.sent == ["refresh0"])
  }

  @Test("no failure of a stored chain shows a token")
  func masksStoredTokens() async throws {
    let platform = TokenPlatform(
      accidents: .init(instead: {
        $0 == 1
          ? nil
          : .answer(400, body: #"{"error":"invalid_grant","error_description":"refresh1 access1 refresh0"}"#)
      }))
    let user = TokenUser(platform, file: folder.file)
    _ = try await user.read()
    user.clock.advance(by: 3600)
    let failure = await user.failure()
    #expect(
      failure?.what
        == "the refresh token in \(folder.file) is not good any more (*** *** ***); authorise the application "
        + "again and put the new refresh token into the configuration")
  }

  @Test("a failure of the way shows no token of the query")
  func masksQuery() async throws {
    let service = OAuth2TokenService(tokenURL: TokenPlatform.tokenURL, question: .getQuery)
    let platform = TokenPlatform(
      accidents: .init(instead: { _ in .none(.badRequest, .neverSent, what: "refresh0&client-se%3Acret") }))
    let failure = await TokenUser(platform, file: folder.file, service: service).failure()
    #expect(failure?.what == "fetching an access token: ***&*** (1 try)")
  }
}

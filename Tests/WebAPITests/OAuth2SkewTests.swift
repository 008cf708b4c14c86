import Testing

@testable import WebAPI

@Suite("The life of tokens, and clocks that are wrong")
struct OAuth2SkewTests {
  private let folder: TokenFolder

  init() throws {
    folder = try TokenFolder()
  }

  private static func service(_ renewal: OAuth2TokenService.Renewal) -> OAuth2TokenService {
    OAuth2TokenService(tokenURL: TokenPlatform.tokenURL, renewal: renewal)
  }

  /// The clock of a test stands at 1795779660: 2026-11-27T11:41:00Z.
  @Test(
    "a token is used until shortly before its end",
    arguments: [
      (#","expires_in":3600"#, nil, 3539.0, 3541.0), (#","expires_in":"100""#, nil, 89.9, 90.1),
      (#","expires":1795783260"#, nil, 3539, 3541), (#","expires":"1795783260""#, nil, 3539, 3541),
      // Our clock is an hour behind, or ahead of, the platform's.
      (#","expires":1795786860"#, "Fri, 27 Nov 2026 12:41:00 GMT", 3539, 3541),
      (#","expires":1795779660"#, "Fri, 27 Nov 2026 10:41:00 GMT", 3539, 3541),
      (#","expires":1795786860,"expires_in":3600"#, nil, 3539, 3541),
    ] as [(String, String?, Double, Double)])
  func renewsBeforeEnd(life: String, date: String?, stillGood: Double, tooLate: Double) async throws {
    let platform = TokenPlatform(life: life, date: date)
    let user = TokenUser(platform, file: folder.file)
    _ = try await user.read()
    user.clock.advance(by: stillGood)
    _ = try await user.read()
    user.clock.advance(by: tooLate - stillGood)
    _ = try await user.read()
    #expect(user.used == ["access1", "access1", "access2"])
  }

  @Test(
    "a life that makes no sense is none: the token is used until it is refused",
    arguments: [
      "", #","expires_in":0"#, #","expires_in":-5"#, #","expires_in":"soon""#, #","expires_in":null"#,
      #","expires":1000"#, #","expires_in":1e400"#,
    ])
  func passesOverNonsense(life: String) async throws {
    let platform = TokenPlatform(life: life)
    let user = TokenUser(platform, file: folder.file)
    for _ in 0..<3 {
      _ = try await user.read()
      user.clock.advance(by: 1e7)
    }
    #expect(platform.sent.count == 1)
  }

  @Test("a token whose platform wants it is not renewed before it is refused, nor at the next run")
  func renewsWhenRefused() async throws {
    let platform = TokenPlatform()
    let first = TokenUser(platform, file: folder.file, service: Self.service(.whenRefused))
    _ = try await first.read()
    let next = TokenUser(platform, file: folder.file, service: Self.service(.whenRefused))
    next.clock.advance(by: 86_400)
    _ = try await next.read()
    #expect(platform.sent.count == 1)
  }

  @Test("a refused token is renewed, and the call repeated")
  func renewsAfterRefusal() async throws {
    let platform = TokenPlatform(rotates: false)
    let user = TokenUser(platform, file: folder.file, service: Self.service(.whenRefused))
    _ = try await user.read()
    platform.revoke()
    #expect(try await user.read() == 200)
    #expect(platform.sent.count == 2)
  }

  @Test("a platform that refuses every token is asked for one more in a minute, not with every call")
  func doesNotRenewForEver() async throws {
    let platform = TokenPlatform(rotates: false)
    let inner = platform.transport
    let transport = ScriptedTransport { request, _ in
      guard request.url.hasPrefix(TokenPlatform.tokenURL) else { return .answer(401) }
      do throws(TransportFailure) { return .success(try await inner.send(request)) } catch {
        return .failure(error)
      }
    }
    let made = TokenUser(platform, file: folder.file)
    let user = TokenUser(transport, made.authorization, clock: made.clock)
    for _ in 0..<5 { #expect(try await user.read() == 401) }
    #expect(platform.sent.count == 2)
    user.clock.advance(by: 61)
    #expect(try await user.read() == 401)
    #expect(platform.sent.count == 3)
  }

  @Test("a short-lived successor of a refused token may be renewed when half its life is over")
  func trustsShortLives() async throws {
    let platform = TokenPlatform(life: #","expires_in":20"#, rotates: false)
    let user = TokenUser(platform, file: folder.file, service: Self.service(.whenRefused))
    _ = try await user.read()
    platform.revoke()
    _ = try await user.read()
    platform.revoke()
    user.clock.advance(by: 11)
    #expect(try await user.read() == 200)
  }

  @Test("a clock that jumps leads to one renewal for each jump", arguments: [-1e6, -3600, 1e6])
  func survivesJump(seconds: Double) async throws {
    let platform = TokenPlatform()
    let user = TokenUser(platform, file: folder.file)
    for _ in 0..<3 { _ = try await user.read() }
    user.clock.advance(by: seconds)
    for _ in 0..<3 { _ = try await user.read() }
    #expect(platform.sent.count == 2)
    user.clock.advance(by: 3600)
    for _ in 0..<3 { _ = try await user.read() }
    #expect(platform.sent.count == 3)
  }

  @Test("a clock that is set back a little leads to none")
  func survivesSmallStep() async throws {
    let platform = TokenPlatform()
    let user = TokenUser(platform, file: folder.file)
    _ = try await user.read()
    user.clock.advance(by: -50)
    _ = try await user.read()
    #expect(platform.sent.count == 1)
  }

  @Test(
    "a clock that jumps while the token is on its way leads to one more renewal at most",
    arguments: [-1e5, 1e5])
  func survivesJumpMeanwhile(seconds: Double) async throws {
    let clock = VirtualClock(passesBySleeping: false)
    let platform = TokenPlatform(
      accidents: .init(meanwhile: { if $0 == 1 { clock.advance(by: seconds) } }))
    let user = TokenUser(platform, file: folder.file, clock: clock)
    for _ in 0..<5 { #expect(try await user.read() == 200) }
    #expect(platform.sent.count == 2)
  }

  @Test("a token of a file that was written by a clock far ahead is renewed once")
  func survivesFileFromTheFuture() async throws {
    let platform = TokenPlatform()
    _ = try await TokenUser(
      platform, file: folder.file, clock: VirtualClock(at: 1_995_779_660, passesBySleeping: false)
    ).read()
    let next = TokenUser(platform, file: folder.file)
    for _ in 0..<3 { _ = try await next.read() }
    #expect(platform.sent.count == 2)
  }
}

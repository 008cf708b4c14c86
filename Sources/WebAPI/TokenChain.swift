import Curl

/// A chain of refresh tokens, each got for the one before, kept in a file that several processes may use.
///
/// Its functions are called by one task at a time; `members()` by any.
final class TokenChain: Sendable {
  private struct Memory {
    /// The newest record that this process knows of.
    var record: TokenRecord?
    /// Set while the newest record is not safe in the file: the refresh token that it was got for.
    var unsavedParent: String?
    /// The token that took the place of a refused one, and until when another would not help either.
    var cure: (token: AccessToken, until: Double)?
  }

  /// Seconds within which the successor of a refused token is not replaced because of a refusal itself, lest a
  /// platform that refuses for another reason is asked for a token with every call.
  private static let trial = 60.0
  /// Seconds that a request has left to end when nobody waits for it any more.
  private static let grace = 10.0

  private let service: OAuth2TokenService
  private let request: TokenRequest
  private let configured: String
  private let file: TokenFile
  private let memory = Guarded(Memory())

  init(
    service: OAuth2TokenService, clientID: String, clientSecret: String, configured: String, file: TokenFile
  ) {
    self.service = service
    self.configured = configured
    self.file = file
    request = TokenRequest(
      url: service.tokenURL, clientID: clientID, clientSecret: clientSecret, placement: service.placement,
      method: service.question == .postForm ? .postForm : .getQuery, headers: service.headers)
  }

  /// A token that may be used and is not the refused one: the file's, or else a new one.
  func token(
    insteadOf refused: [WebHeader]?, through exchange: AuthorizationExchange
  ) async throws(APIFailure) -> AccessToken {
    // Without the lock first: most runs find a good token, even while another process hangs.
    if let token = try glance(refused, at: exchange.clock.now()) { return token }
    let lock = try await TokenLock.take(of: file, clock: exchange.clock)
    defer { lock.release() }
    return try await renew(refused, through: exchange)
  }

  /// The kept members of the newest answer.
  func members() throws(APIFailure) -> [String: String] {
    if let record = memory.withLock({ $0.record }) { return record.members }
    guard case .record(let record) = try content(), belongs(record) else { return [:] }
    return record.members
  }

  // MARK: What is known already

  private func glance(_ refused: [WebHeader]?, at now: Double) throws(APIFailure) -> AccessToken? {
    guard memory.withLock({ $0.unsavedParent == nil }), case .record(let record) = try content(),
      belongs(record), let token = usable(record, refused, at: now)
    else { return nil }
    memory.withLock { $0.record = record }
    return token
  }

  /// The newest record, the file's or ours, safe in the file; nil at the beginning of a chain. For the holder of
  /// the lock alone.
  private func newest() throws(APIFailure) -> TokenRecord? {
    try carefully { () throws(TokenFileProblem) in try file.recover(ifItBelongs: belongs) }
    let (ours, unsavedParent) = memory.withLock { ($0.record, $0.unsavedParent) }
    switch try content() {
    case .record(let record) where belongs(record):
      if let ours, let unsavedParent, record.refreshToken == unsavedParent, record != ours {
        try save(ours, in: nil)
        return ours
      }
      memory.withLock {
        $0.record = record
        $0.unsavedParent = nil
      }
      return record
    case .record:
      guard ours == nil else {
        throw TokenFileProblem(
          "the token file \(file.path) was taken over with another refresh token while this program ran; each "
            + "connection needs a file of its own, and a changed configuration a new start"
        ).failure
      }
      return nil
    case .damaged: try carefully { () throws(TokenFileProblem) in try file.setAside() }
    case .nothing: break
    }
    if let ours { try save(ours, in: nil) }
    return ours
  }

  private func belongs(_ record: TokenRecord) -> Bool {
    record.configured == configured
  }

  private func usable(_ record: TokenRecord, _ refused: [WebHeader]?, at now: Double) -> AccessToken? {
    let token = accessToken(of: record)
    return token.headers != refused && token.isGood(at: now) ? token : nil
  }

  private func accessToken(of record: TokenRecord) -> AccessToken {
    switch service.renewal {
    case .beforeEnd(let margin):
      AccessToken(record.accessToken, asked: record.asked, life: record.life, margin: margin)
    case .whenRefused: AccessToken(record.accessToken, asked: record.asked, life: nil, margin: 0)
    }
  }

  // MARK: Renewing

  /// For the holder of the lock alone.
  private func renew(
    _ refused: [WebHeader]?, through exchange: AuthorizationExchange
  ) async throws(APIFailure) -> AccessToken {
    let known = try newest()
    let now = exchange.clock.now()
    if let known, let token = usable(known, refused, at: now) { return token }
    if let cure = memory.withLock({ $0.cure }), cure.token.headers == refused,
      (cure.token.asked..<cure.until).contains(now)
    {
      return cure.token
    }
    let draft = try prepared()
    defer { draft.discard() }
    var parent = known
    var reply = try await ask(parent, through: exchange)
    if case .refused(let refusal) = reply, refusal.endsChain, let newer = try successor(of: parent) {
      // Somebody who does not keep to the lock was here.
      if let token = usable(newer, refused, at: now) {
        memory.withLock { $0.record = newer }
        return token
      }
      parent = newer
      reply = try await ask(parent, through: exchange)
    }
    switch reply {
    case .refused(let refusal): throw failure(refusal, of: parent)
    case .granted(let grant):
      let token = try keep(grant, for: parent, in: draft)
      if refused != nil {
        let trial = min(TokenChain.trial, (grant.life ?? .infinity) / 2)
        memory.withLock { $0.cure = (token, until: grant.asked + trial) }
      }
      return token
    }
  }

  /// What the file holds if that is another token than the one that was sent.
  private func successor(of sent: TokenRecord?) throws(APIFailure) -> TokenRecord? {
    guard case .record(let record) = try content(), belongs(record),
      record.refreshToken != sent?.refreshToken ?? configured
    else { return nil }
    return record
  }

  /// Sends the newest refresh token, the configuration's at the beginning of a chain.
  ///
  /// A request that is on its way is not cut off when nobody waits for it any more: its answer may hold the only
  /// token that is good from then on.
  private func ask(
    _ record: TokenRecord?, through exchange: AuthorizationExchange
  ) async throws(APIFailure) -> TokenReply {
    if Task.isCancelled { throw .cancelledWhileLoggingIn }
    let token = record?.refreshToken ?? configured
    let secrets = [token, configured, record?.accessToken].compactMap(\.self)
    let result = await TokenGracefulEnd.run(grace: TokenChain.grace, clock: exchange.clock) {
      [request] () -> Result<TokenReply, APIFailure> in
      do throws(APIFailure) {
        return .success(
          try await request.send(
            grant: [("grant_type", "refresh_token"), ("refresh_token", token)], secrets: secrets,
            through: exchange))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Saves what was granted, and only then gives it away.
  private func keep(
    _ grant: TokenGrant, for parent: TokenRecord?, in draft: TokenDraft
  ) throws(APIFailure) -> AccessToken {
    var members = parent?.members ?? [:]
    for name in service.members {
      if let text = grant.answer[name].text { members[name] = text }
    }
    let old = parent?.refreshToken ?? configured
    let record = TokenRecord(
      configured: configured, refreshToken: grant.refreshToken ?? old, accessToken: grant.accessToken,
      asked: grant.asked, life: grant.life, members: members)
    memory.withLock {
      $0.record = record
      $0.unsavedParent = old
    }
    try save(record, in: draft)
    return accessToken(of: record)
  }

  /// Brings our newest record into the file. If that fails it is tried again before anything else is done.
  private func save(_ record: TokenRecord, in draft: TokenDraft?) throws(APIFailure) {
    let draft = if let draft { draft } else { try prepared() }
    defer { draft.discard() }
    try carefully { () throws(TokenFileProblem) in try draft.commit(record) }
    memory.withLock { $0.unsavedParent = nil }
  }

  // MARK: Failures

  private func content() throws(APIFailure) -> TokenFile.Content {
    try carefully { () throws(TokenFileProblem) in try file.read() }
  }

  private func prepared() throws(APIFailure) -> TokenDraft {
    try carefully { () throws(TokenFileProblem) in try file.prepare() }
  }

  private func carefully<Value>(
    _ work: () throws(TokenFileProblem) -> Value
  ) throws(APIFailure) -> Value {
    do {
      return try work()
    } catch {
      throw error.failure
    }
  }

  private func failure(_ refusal: TokenRefusal, of parent: TokenRecord?) -> APIFailure {
    guard refusal.endsChain else { return refusal.failure }
    let place = parent == nil ? "of the configuration" : "in \(file.path)"
    var what =
      "the refresh token \(place) is not good any more (\(refusal.said)); authorise the application again and "
      + "put the new refresh token into the configuration"
    if parent == nil, file.hasDamaged {
      what += " (the token file was damaged and is kept as \(file.damagedPath))"
    }
    return APIFailure(kind: .unauthorized(what), tries: 1, what: what)
  }
}

/// What all copies of a body share. When the last one goes, the transfer is cancelled, if it still runs.
final class BodySource: Sendable {
  let exchange: Exchange
  private let hold: LoopHold

  init(_ exchange: Exchange, _ hold: LoopHold) {
    self.exchange = exchange
    self.hold = hold
  }

  deinit {
    exchange.cancel()
  }
}

/// The one reader of a body. When it goes, the transfer is cancelled, if it still runs.
final class BodyReader: Sendable {
  private let source: BodySource
  private let isFirst: Bool

  init(_ source: BodySource) {
    self.source = source
    isFirst = source.exchange.claim()
  }

  deinit {
    if isFirst { source.exchange.cancel() }
  }

  func all(isolation actor: isolated (any Actor)?) async throws(HTTPFailure) -> [UInt8] {
    try check()
    return try await source.exchange.readAll(isolation: actor).get() ?? []
  }

  func next(isolation actor: isolated (any Actor)?) async throws(HTTPFailure) -> [UInt8]? {
    try check()
    return try await source.exchange.read(isolation: actor).get()
  }

  private func check() throws(HTTPFailure) {
    guard isFirst else {
      throw source.exchange.request.failure(
        .other, .maybeReceived, "the body of an answer is read only once; keep what collect() returned")
    }
  }
}

/// The body of an answer as it arrives, decompressed.
///
/// It has one reader. When the reader is slow the server is held back, so little more than 256 KiB wait here.
/// Letting go of an unread body, or of its iterator, cancels the transfer.
///
/// A body that breaks off fails as disconnected, where the server told its length or sent it in chunks. One
/// whose end is the end of the connection cannot be told from a whole one.
public struct HTTPBody: AsyncSequence, Sendable {
  /// Some bytes of the body, never none.
  public typealias Element = [UInt8]

  /// Why the rest of the body does not come.
  public typealias Failure = HTTPFailure

  private let source: BodySource

  init(_ source: BodySource) {
    self.source = source
  }

  /// The one reader. Another one fails at once.
  public func makeAsyncIterator() -> Iterator {
    Iterator(reader: BodyReader(source))
  }

  /// The whole body, which the request's `maxBodyBytes` bounds. The server is not held back.
  public func collect() async throws(HTTPFailure) -> [UInt8] {
    try await BodyReader(source).all(isolation: #isolation)
  }

  /// How the time of the request was spent, once the whole body has arrived; nil before and after a failure.
  public var timing: HTTPTiming? { source.exchange.timing }

  /// The most bytes that ever waited for the reader, for tests.
  var peakBuffered: Int { source.exchange.peakBuffered }

  /// Reads a body piece by piece.
  public struct Iterator: AsyncIteratorProtocol {
    let reader: BodyReader

    /// The next bytes, or nil at the end of the body.
    public mutating func next() async throws(HTTPFailure) -> [UInt8]? {
      try await reader.next(isolation: nil)
    }

    /// The next bytes, or nil at the end of the body, without leaving the caller's actor.
    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(HTTPFailure) -> [UInt8]? {
      try await reader.next(isolation: actor)
    }
  }
}

/// An answer whose head has arrived and whose body is on its way.
public struct HTTPResponse: Sendable {
  /// The status, for instance 200. Redirects come as they are and are never followed.
  public let status: Int

  /// The version of HTTP that the server spoke: `1.0`, `1.1` or `2`.
  public let version: String

  /// The headers in the order in which they came. Bodies are decompressed, so `Content-Length` may differ
  /// from the length of the body.
  public let headers: [HTTPHeader]

  /// The body. Whoever lets go of it unread cancels the rest of the transfer.
  public let body: HTTPBody

  /// The value of the first header with this name, in any case.
  public func header(_ name: String) -> String? {
    headers.first { $0.isNamed(name) }?.value
  }
}

/// One request over HTTP.
public struct HTTPRequest: Sendable {
  /// The method in capitals, for instance `GET` or `PATCH`.
  public var method: String

  /// The whole address. Only https, and http where the host is this machine.
  public var url: String

  /// Headers beside those that the client writes itself. Headers that belong to the connection, such as
  /// `Content-Length` or `Connection`, are refused.
  public var headers: [HTTPHeader]

  /// The body, if there is one. POST, PUT and PATCH without a body say that theirs is empty.
  public var body: [UInt8]?

  /// How long it may take.
  public var timeouts: HTTPTimeouts

  /// The most bytes of the answer's body, counted after decompression.
  public var maxBodyBytes: Int

  /// A request.
  public init(
    method: String = "GET", url: String, headers: [HTTPHeader] = [], body: [UInt8]? = nil,
    timeouts: HTTPTimeouts = HTTPTimeouts(), maxBodyBytes: Int = 64 * 1024 * 1024
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeouts = timeouts
    self.maxBodyBytes = maxBodyBytes
  }
}

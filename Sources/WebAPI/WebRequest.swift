/// One HTTP request as a transport gets it.
public struct WebRequest: Sendable {
  /// In capitals: `GET`, `PATCH`, …
  public var method: String
  /// The whole URL, percent-encoded.
  public var url: String
  /// In the order in which they are sent.
  public var headers: [WebHeader]
  /// Sent as it is; nil sends no body.
  public var body: [UInt8]?
  /// Seconds for the whole answer, body included.
  public var timeout: Double
  /// An answer whose body is longer, after decompression, fails as too large.
  public var maxBodyBytes: Int

  /// 64 MiB: well above a page of any platform, far below what a small machine has.
  public static let usualMaxBodyBytes = 64 << 20

  /// Makes a request with a limit of two minutes and 64 MiB unless others are given.
  public init(
    method: String, url: String, headers: [WebHeader] = [], body: [UInt8]? = nil, timeout: Double = 120,
    maxBodyBytes: Int = WebRequest.usualMaxBodyBytes
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeout = timeout
    self.maxBodyBytes = maxBodyBytes
  }
}

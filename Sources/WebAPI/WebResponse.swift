/// A whole HTTP answer.
public struct WebResponse: Sendable {
  /// The HTTP status, for example 200.
  public var status: Int
  /// In the order in which they came.
  public var headers: [WebHeader]
  /// Decompressed.
  public var body: [UInt8]
  /// How the time was spent; nil where the transport does not tell.
  public var timing: WebTiming?

  /// Puts an answer together.
  public init(status: Int, headers: [WebHeader] = [], body: [UInt8] = [], timing: WebTiming? = nil) {
    self.status = status
    self.headers = headers
    self.body = body
    self.timing = timing
  }

  /// The value of the first header of this name, whatever its case.
  public func header(_ name: String) -> String? {
    headers.value(of: name)
  }

  /// The moment of the answer by the server's clock, in Unix seconds; nil if it does not say.
  public var date: Double? { header("Date").flatMap(HTTPDate.parse) }

  /// Whether the status is one of 200 to 299.
  public var isSuccess: Bool { (200..<300).contains(status) }
}

/// One call of a platform's API: what is asked for, independent of the host and of how one logs in.
public struct APICall: Sendable {
  /// In capitals: `GET`, `POST`, `PATCH`, …
  public var method: String
  /// Begins with `/`; follows the client's base. Use `segment(_:)` for a part that is not known to be plain.
  /// A path may carry a query of its own, already encoded, as the "next page" links of some platforms do.
  public var path: String
  /// Percent-encoded when sent, in this order, `[` and `]` too; a name may come more than once.
  public var query: [(String, String)]
  /// A JSON text; `JSONOutput` writes one. Sent as `application/json` unless `headers` say otherwise.
  public var body: [UInt8]?
  /// Sent as `application/x-www-form-urlencoded`; a call has a body or a form, not both.
  public var form: [(String, String)]?
  /// Take the place of the client's own headers of the same name, but for those that log in.
  public var headers: [WebHeader]
  /// Whether sending it twice does no more than sending it once; decides what is repeated after a failure.
  public var isRepeatable: Bool
  /// The call without what differs from one contact to the next, for counters: `/api/contacts/{id}`. Nil: the
  /// path, its numbers and UUIDs replaced.
  public var route: String?
  /// What it asks of the limits; writing goes before reading.
  public var demand: RequestDemand
  /// Seconds for one whole answer; a repetition has the same time again.
  public var timeout: Double
  /// An answer whose body is longer fails as too large.
  public var maxBodyBytes: Int

  /// Describes a call; without `isRepeatable` only those that change nothing (GET, HEAD) are repeatable.
  public init(
    method: String = "GET", path: String, query: [(String, String)] = [], body: [UInt8]? = nil,
    form: [(String, String)]? = nil, headers: [WebHeader] = [], isRepeatable: Bool? = nil,
    route: String? = nil, demand: RequestDemand? = nil, timeout: Double = 120,
    maxBodyBytes: Int = WebRequest.usualMaxBodyBytes
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.body = body
    self.form = form
    self.headers = headers
    self.isRepeatable = isRepeatable ?? APICall.changesNothing(method)
    self.route = route
    self.demand = demand ?? RequestDemand(priority: APICall.changesNothing(method) ? .reading : .writing)
    self.timeout = timeout
    self.maxBodyBytes = maxBodyBytes
  }

  /// A text made fit to stand between two slashes of a path: with a slash or a question mark in it, and also as the
  /// dots that would lead to the folder above.
  public static func segment(_ text: String) -> String {
    text.allSatisfy { $0 == "." } ? text.replacing(".", with: "%2E") : PercentEncoding.encode(text)
  }

  /// Whether a method only reads: a call that fails cannot have acted then.
  static func changesNothing(_ method: String) -> Bool {
    ["GET", "HEAD", "OPTIONS"].contains(method.uppercased())
  }
}

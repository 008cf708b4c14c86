import Platform
import Scoring

/// A stand-in for a Mautic server: a pure value that answers as a Mautic 5.1.1 was seen to answer.
///
/// Its quirks are those of the recorded server: zeros that are dropped, batches that shift when an id is
/// missing, `where` operators that are ignored, stats errors with status 200. Hands (`rename`, `merge`,
/// `remove`, `refuse`, `failNext` and others) do what no request can.
public struct MauticServer: Simulator {
  /// Version, logins, rights and switches; may be changed while the server runs.
  public var settings: MauticServerSettings
  /// How many requests would have changed something: POST, PATCH, PUT and DELETE but for the token endpoint.
  public private(set) var changingRequests = 0
  /// How many requests came, by method and route: `GET /api/contacts/{id}`.
  public private(set) var requests: [String: Int] = [:]

  var fields = FieldRegistry()
  var contacts: ContactStore
  var tables = StatsTables()
  var tags = TagList()
  var emails = NameList()
  var forms = NameList()
  var assets = NameList()
  var pages = NameList()
  var segments: [Segment] = []
  var pointGroups: [PointGroup] = []
  /// Scores by contact and group.
  var groupScores: [Int: [Int: Int]] = [:]
  var numbers: [Int: Int] = [:]
  var statRows: [UInt64: Int] = [:]
  var doNotContact: [Int: [Int]] = [:]
  var redirects: [UInt32: Int] = [:]
  /// By contact: what every write of it is refused with.
  var refusals: [Int: String] = [:]
  var failures: (left: Int, status: Int, html: Bool)?
  var tokens: [String: Int64] = [:]
  var rateWindow: (end: Int64, used: Int)?

  /// A server without contacts.
  public init(settings: MauticServerSettings = MauticServerSettings()) {
    self.settings = settings
    contacts = ContactStore(emailPlace: fields.place(of: "email") ?? 0)
  }

  /// Answers one request; the time is the server's clock, which `clockOffset` still moves.
  public mutating func answer(_ request: SimulatedRequest, at now: Timestamp) -> SimulatedAnswer {
    let now = Timestamp(now.seconds + settings.clockOffset)
    let route = Self.route(request.path)
    requests["\(request.method) \(route)", default: 0] += 1
    if mayChange(request) { changingRequests += 1 }
    var answer = self.answer(to: request, at: now)
    answer.headers.append(SimulatedPair("Date", DateText.header(now)))
    if request.method == "HEAD" { answer.body = [] }
    return answer
  }

  /// How many requests came to a route: `requests(to: "PATCH /api/contacts/batch/edit")`.
  public func requests(to route: String) -> Int {
    requests[route] ?? 0
  }

  /// All but reading and the token endpoint.
  public func mayChange(_ request: SimulatedRequest) -> Bool {
    request.method != "GET" && request.method != "HEAD" && request.path != "/oauth/v2/token"
  }

  /// The counters start anew.
  public mutating func resetCounters() {
    changingRequests = 0
    requests = [:]
  }

  /// A path with `{id}` for every number in it.
  private static func route(_ path: String) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false)
      .map { !$0.isEmpty && $0.allSatisfy { $0.isNumber } ? "{id}" : String($0) }
      .joined(separator: "/")
  }

  private mutating func answer(to request: SimulatedRequest, at now: Timestamp) -> SimulatedAnswer {
    if let failure = failures, failure.left > 0 {
      failures?.left -= 1
      return Self.failure(failure.status, html: failure.html)
    }
    if request.path == "/oauth/v2/token" { return token(request, at: now) }
    guard request.path.hasPrefix("/api/") else {
      return SimulatedAnswer(
        status: 404, headers: [SimulatedPair("Content-Type", "text/html; charset=UTF-8")],
        body: Array("<!DOCTYPE html><title>Not found</title>".utf8))
    }
    if request.path.hasSuffix("/") { return Self.redirect(request) }
    guard settings.apiEnabled else {
      return .bare(403, "API disabled. You need to enable the API in Mautic's API settings.", "api_disabled")
    }
    let body: JSONValue
    switch Self.body(of: request) {
    case .some(let value): body = value
    case .none: return .serverError(400)
    }
    if let limited = limit(at: now) { return limited }
    let limits = rateHeaders()
    var answer: SimulatedAnswer
    switch authorize(request, at: now) {
    case .failure(let refusal): answer = refusal.answer
    case .success(let writer):
      let call = MauticCall(request: request, body: body, writer: writer, now: now.seconds)
      answer = handle(call) ?? .notFound(request.path)
      if answer.isOfController {
        answer.headers.append(SimulatedPair("Mautic-Version", settings.version))
      }
    }
    answer.headers += limits
    return answer
  }
}

/// One authorised request on its way through the routes.
struct MauticCall {
  let request: SimulatedRequest
  let body: JSONValue
  let writer: ContactWriter
  /// The server's clock.
  let now: Int64
  let query: QueryTree
  /// The path's parts behind `/api`.
  let path: [String]

  init(request: SimulatedRequest, body: JSONValue, writer: ContactWriter, now: Int64) {
    self.request = request
    self.body = body
    self.writer = writer
    self.now = now
    query = QueryTree(request.query)
    path = request.path.split(separator: "/").dropFirst().map { String($0) }
  }

  /// HEAD counts as GET.
  var method: String { request.method == "HEAD" ? "GET" : request.method }
}

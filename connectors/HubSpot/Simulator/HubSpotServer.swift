import Platform
import Scoring
import SimulatorJSON

/// A stand-in for a HubSpot account: a pure value that answers as HubSpot is documented and was seen to answer.
///
/// Its quirks are HubSpot's: a search that sees changes late and skips rows when they shift, a batch that one bad
/// value stops, an update by e-mail address that does nothing, merges that make new ids. Hands (`rename`,
/// `merge`, `archive`, `refuse`, `failNext` and others) do what no request of a lead score program does.
public struct HubSpotServer: Simulator {
  /// Plan, token, scopes, limits and switches; may be changed while the server runs.
  public var settings: HubSpotServerSettings
  /// How many requests would have changed something: neither reads by GET nor searches, batch reads and tokens.
  public private(set) var changingRequests = 0
  /// How many requests came, by method and route: `GET /crm/objects/2026-03/contacts/{id}`.
  public private(set) var requests: [String: Int] = [:]

  var spaces = ObjectSpaces()
  var counters: [Int64: ContactCounters] = [:]
  var pool = TextPool()
  /// Who has an address, primary or additional, in small letters.
  var addresses: [String: Int64] = [:]
  /// Ids that went into other records.
  var merged: [Int64: Int64] = [:]
  var numbers: [Int: Int64] = [:]
  var openDeals: [Int64: Int64] = [:]
  var emailLog = EmailEventLog()
  var occurrences = OccurrenceLog()
  var forms = FormList()
  var lists: [StaticList] = []
  /// How many lists there ever were.
  var listCount = 0
  var erased: Set<Int64> = []
  /// By record: what every write of it is refused with.
  var refusals: [Int64: String] = [:]
  var failure: ProvokedFailure?
  var limiter = RateLimiter()
  var accessTokens: [String: Moment] = [:]
  var goodRefreshToken: String?
  var tokenCount = 0
  var pendingProperties: [(due: Moment, type: ObjectType, place: Int)] = []
  private var lastStamp = Moment(.min)
  private var correlations: UInt64 = 0

  /// An account without contacts.
  public init(settings: HubSpotServerSettings = HubSpotServerSettings()) {
    self.settings = settings
  }

  /// Answers one request; the time is HubSpot's clock.
  public mutating func answer(_ request: SimulatedRequest, at now: Timestamp) -> SimulatedAnswer {
    requests["\(request.method) \(Self.route(request.path))", default: 0] += 1
    if mayChange(request) { changingRequests += 1 }
    advance(to: Moment(now))
    correlations += 1
    var answer: SimulatedAnswer
    do throws(Refusal) {
      answer = try respond(to: request, at: Moment(now))
    } catch {
      answer = error.answer(correlationID: Identifier.uuid("correlation", correlations))
    }
    answer.headers.append(SimulatedPair("Date", HeaderDate.text(now)))
    if request.method == "HEAD" { answer.body = [] }
    return answer
  }

  /// How many requests came to a route: `requests(to: "POST /crm/objects/2026-03/contacts/batch/update")`.
  public func requests(to route: String) -> Int { requests[route] ?? 0 }

  /// The counters start anew.
  public mutating func resetCounters() {
    changingRequests = 0
    requests = [:]
  }

  /// When a change is said to have happened: no two requests change something at the same millisecond.
  mutating func stamp(_ now: Moment) -> Moment {
    lastStamp = max(now, lastStamp == Moment(.min) ? now : Moment(lastStamp.milliseconds + 1))
    return lastStamp
  }

  /// Lets searches see what is due, and properties that were made be there.
  private mutating func advance(to now: Moment) {
    for type in ObjectType.allCases { spaces[type].index.advance(to: now) }
    for pending in pendingProperties where pending.due <= now {
      spaces[pending.type].properties[pending.place].isPending = false
    }
    pendingProperties.removeAll { $0.due <= now }
  }

  /// A path with `{id}` for every number in it.
  private static func route(_ path: String) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false)
      .map { !$0.isEmpty && $0.allSatisfy { $0.isNumber } ? "{id}" : String($0) }.joined(separator: "/")
  }

  /// All but reading, searches, batch reads and the token endpoint.
  public func mayChange(_ request: SimulatedRequest) -> Bool {
    guard !["GET", "HEAD", "OPTIONS"].contains(request.method) else { return false }
    return !["/search", "/batch/read", "/token"].contains { request.path.hasSuffix($0) }
  }

  private mutating func respond(
    to request: SimulatedRequest, at now: Moment
  ) throws(Refusal) -> SimulatedAnswer {
    if let broken = provokedFailure() { return broken }
    let target = Self.target(request)
    guard target.utf8.count <= settings.longestTarget else {
      return SimulatedAnswer(
        status: 414, headers: [SimulatedPair("Content-Type", "text/html")],
        body: Array("<html><head><title>414 Request-URI Too Large</title></head></html>".utf8))
    }
    guard let route = HubSpotCall.route(request.path, versions: settings.versions) else {
      throw .noRoute(request.path)
    }
    if route.area == .token { return try token(request, at: now) }
    let isOAuth = try authorize(request, at: now)
    let isSearch = route.area == .objects && route.rest.last == "search"
    try limit(isSearch: isSearch, isOAuth: isOAuth, at: now)
    guard let body = request.body.isEmpty ? JSON.map([]) : JSONInput.parse(request.body) else {
      throw .badInput("Unexpected character")
    }
    let call = HubSpotCall(
      method: request.method == "HEAD" ? "GET" : request.method, area: route.area, path: route.rest,
      query: request.query, body: body, now: now, target: target)
    var answer = try answerWithHeaders(call, isSearch: isSearch, isOAuth: isOAuth)
    if !isSearch { answer.headers += limitHeaders(isOAuth: isOAuth, at: now) }
    return answer
  }

  /// A refusal bears the headers of the limits as well.
  private mutating func answerWithHeaders(
    _ call: HubSpotCall, isSearch: Bool, isOAuth: Bool
  ) throws(Refusal) -> SimulatedAnswer {
    do throws(Refusal) {
      return try handle(call)
    } catch {
      var refusal = error
      if !isSearch { refusal.headers += limitHeaders(isOAuth: isOAuth, at: call.now) }
      throw refusal
    }
  }

  private static func target(_ request: SimulatedRequest) -> String {
    let pairs = request.query.map { "\(Escaping.encode($0.name))=\(Escaping.encode($0.value))" }
    return pairs.isEmpty ? request.path : request.path + "?" + pairs.joined(separator: "&")
  }
}

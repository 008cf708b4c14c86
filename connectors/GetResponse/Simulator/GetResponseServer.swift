import Platform
import Scoring
import SimulatorJSON

/// A stand-in for a GetResponse account: a pure value that answers as GetResponse is documented and was seen to
/// answer.
///
/// Its quirks are GetResponse's: a contact belongs to one list and a person on several is several contacts, ids
/// differ by case alone, an address is looked for in the midst of others, an update replaces all tags, a contact's
/// activities end after fourteen days unless more is asked for, and what was created appears minutes later. Hands
/// (`rename`, `remove`, `move`, `refuse`, `failNext` and others) do what no request of a lead score program does.
public struct GetResponseServer: Simulator {
  /// Logins, lists, limits and switches; may be changed while the server runs, but for the lists.
  public var settings: GetResponseServerSettings
  /// How many requests would have changed something: neither reads by GET nor searches and tokens.
  public private(set) var changingRequests = 0
  /// How many requests came, by method and route: `POST /v3/contacts/{id}/tags`.
  public private(set) var requests: [String: Int] = [:]

  var store = ContactStore()
  var lists: [ContactList] = []
  var tags: [StoredTag] = []
  var fields: [CustomField] = []
  var segments: [SavedSegment] = []
  var messages = MessageList()
  var shops: [Shop] = []
  var orders: [StoredOrder] = []
  var carts: [StoredCart] = []
  var mails: [TransactionalMail] = []
  /// By the number under which a contact was added: where its records stand, one for each list.
  var numbers: [Int: [Int]] = [:]
  var pending: [PendingContact] = []
  /// What searches do not know yet.
  var sightings: [Sighting] = []
  /// By place: with what every write of a contact is refused.
  var refusals: [Int: Refusal] = [:]
  var failure: ProvokedFailure?
  var limiter = RateLimiter()
  var accessTokens: [String: Int64] = [:]
  var goodRefreshToken: String?
  var tokenCount: UInt64 = 0
  /// Moves with everything that a search could see.
  var revision = 0
  /// What the last searches found, as long as nothing has changed.
  var found: [FoundContacts] = []
  private var errors: UInt64 = 0

  /// An account without contacts.
  public init(settings: GetResponseServerSettings = GetResponseServerSettings()) {
    self.settings = settings
    for name in settings.lists { lists.append(ContactList(name: name, created: Self.founded)) }
  }

  /// When the account and its first lists came to be.
  static let founded: Int64 = 1_577_836_800

  /// Answers one request; the time is GetResponse's clock.
  public mutating func answer(_ request: SimulatedRequest, at now: Timestamp) -> SimulatedAnswer {
    requests["\(request.method) \(Self.route(request.path))", default: 0] += 1
    if mayChange(request) { changingRequests += 1 }
    advance(to: now.seconds)
    var answer: SimulatedAnswer
    do throws(Refusal) {
      answer = try respond(to: request, at: now.seconds)
    } catch {
      errors += 1
      answer = error.answer(
        uuid: settings.sendsErrorID ? Identifier.uuid("error", errors) : nil,
        emptyContextIsList: settings.writesEmptyContextAsList)
    }
    answer.headers.append(SimulatedPair("Date", HeaderDate.text(now)))
    if request.method == "HEAD" { answer.body = [] }
    return answer
  }

  /// How many requests came to a route: `requests(to: "POST /v3/contacts/{id}")`.
  public func requests(to route: String) -> Int { requests[route] ?? 0 }

  /// The counters start anew.
  public mutating func resetCounters() {
    changingRequests = 0
    requests = [:]
  }

  /// Contacts that were created appear, and searches see what is due.
  private mutating func advance(to now: Int64) {
    for contact in pending where contact.due <= now { appear(contact) }
    pending.removeAll { $0.due <= now }
    guard !sightings.isEmpty else { return }
    for sighting in sightings where sighting.due <= now { see(sighting) }
    sightings.removeAll { $0.due <= now }
  }

  private static let words: Set<String> = [
    "batch", "contacts", "activities", "tags", "custom-fields", "orders", "carts",
  ]

  /// A path with `{id}` for every id in it.
  private static func route(_ path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return parts.enumerated().map { place, part in
      place > 2 && !part.isEmpty && !words.contains(String(part)) ? "{id}" : String(part)
    }
    .joined(separator: "/")
  }

  /// All but reads: a search of contacts and the asking for a token are POSTs that change nothing.
  public func mayChange(_ request: SimulatedRequest) -> Bool {
    guard !["GET", "HEAD", "OPTIONS"].contains(request.method) else { return false }
    return request.path != "/v3/search-contacts/contacts" && request.path != "/v3/token"
  }

  private mutating func respond(
    to request: SimulatedRequest, at now: Int64
  ) throws(Refusal) -> SimulatedAnswer {
    if settings.isWrongHost { return Self.webPage }
    if let broken = try provokedFailure() { return broken }
    let parts = request.path.split(separator: "/").map(String.init)
    guard parts.first == "v3" else { throw .notFound(request.path) }
    try checkDomain(request)
    if parts == ["v3", "token"] { return try token(request, at: now) }
    try authorize(request, at: now)
    try limit(at: now)
    return try answerWithHeaders(request, Array(parts.dropFirst()), at: now)
  }

  /// Every answer behind the login tells what is left of the limits, a refusal as well.
  private mutating func answerWithHeaders(
    _ request: SimulatedRequest, _ path: [String], at now: Int64
  ) throws(Refusal) -> SimulatedAnswer {
    do throws(Refusal) {
      let call = GetResponseCall(
        method: request.method == "HEAD" ? "GET" : request.method, path: path, query: request.query,
        body: try Self.body(of: request), now: now)
      var answer = try handle(call)
      answer.headers += limitHeaders(at: now)
      return answer
    } catch {
      var refusal = error
      refusal.headers += limitHeaders(at: now)
      throw refusal
    }
  }

  private static func body(of request: SimulatedRequest) throws(Refusal) -> JSON {
    guard !request.body.isEmpty else { return .null }
    let type = request.header("Content-Type") ?? ""
    guard type.lowercased().hasPrefix("application/json") else {
      throw Refusal(status: 400, code: 1021, message: "The header Content-Type must be application/json")
    }
    guard let body = JSONInput.parse(request.body) else { throw .invalid("body", "The body is no JSON") }
    return body
  }

  /// What the host of another region answers.
  private static let webPage = SimulatedAnswer(
    status: 301,
    headers: [
      SimulatedPair("Location", "https://www.getresponse.example/max"),
      SimulatedPair("Content-Type", "text/html; charset=utf-8"),
    ],
    body: Array("<html><head><title>301 Moved Permanently</title></head></html>".utf8))
}

import Platform
import Scoring
import SimulatorJSON

/// A stand-in for a Bitrix24 portal: a pure value that answers as Bitrix24 is documented and was seen to answer.
///
/// Its quirks are Bitrix24's: `[]` for maps with nothing in them, numbers in quotes, batches that succeed while
/// all their commands fail, an empty bound that reads the first page again, fields of several values that
/// cannot be cleared, budgets of working time. Hands (`rename`, `merge`, `delete`, `refuse`, `failNext` and
/// others) do what no request of a lead score program does.
public struct Bitrix24Server: Simulator {
  /// Login, scopes, mode, limits and switches; may be changed while the server runs.
  public var settings: Bitrix24ServerSettings
  /// How many HTTP requests would have changed something.
  public private(set) var changingRequests = 0
  /// How many HTTP requests came.
  public private(set) var requests = 0
  /// How often each method was called, in small letters and within batches too.
  public internal(set) var calls: [String: Int] = [:]
  /// How many calls were refused because the method had worked too long.
  public internal(set) var operatingRefusals = 0
  /// How many requests were refused because too many came.
  public internal(set) var rateRefusals = 0

  var spaces = EntitySpaces()
  var activities: [ActivityRow] = []
  var moves: [EntityType: [StageMove]] = [:]
  var phoneCalls: [CallRow] = []
  var directory = Directory()
  var visits: [EntityReference: [Visit]] = [:]
  var people: [Int: EntityReference] = [:]
  var openDeals: [EntityReference: Int64] = [:]
  var companies: [String: Int64] = [:]
  var nextActivityID: Int64 = 101
  var nextMoveID: Int64 = 31
  var nextCallID: Int64 = 1
  var nextChannelID: Int64 = 201
  var nextUserFieldID: Int64 = 395
  var nextOptionID: Int64 = 3_361
  var bucket = LeakyBucket()
  var ledger = OperatingLedger()
  var accessTokens: [String: Int64] = [:]
  var goodRefreshToken: String?
  var tokenCount = 0
  var refusals: [EntityReference: Refusal] = [:]
  var failure: ProvokedFailure?
  var redirect: (left: Int, base: String)?
  /// After how many commands the next batch ends.
  var cut: Int?
  /// The time of the last request.
  private(set) var clock = Int64.min

  /// A portal without contacts.
  public init(settings: Bitrix24ServerSettings = Bitrix24ServerSettings()) {
    self.settings = settings
  }

  /// Answers one request; the time is the portal's clock.
  public mutating func answer(_ request: SimulatedRequest, at now: Timestamp) -> SimulatedAnswer {
    requests += 1
    clock = max(clock, now.seconds)
    if mayChange(request) { changingRequests += 1 }
    do throws(Refusal) {
      return try respond(to: request, at: now.seconds)
    } catch {
      return .json(error.status, error.json)
    }
  }

  /// Whether a request calls a method that adds, updates or deletes, by itself or in a batch.
  public func mayChange(_ request: SimulatedRequest) -> Bool {
    guard let route = Route(request.path), case .method(let name, _) = route else { return false }
    guard name == "batch" else { return MethodKind(name).isChanging }
    let commands = Parameters.read(request)["cmd"]?.values ?? []
    return commands.contains { MethodKind(BatchCommand($0.phpText ?? "").method).isChanging }
  }

  /// Seconds that a method worked since the counters began, those of calls too short to count as well.
  public func secondsWorked(by method: String) -> Double { ledger.spent[method.lowercased()] ?? 0 }

  /// Seconds that all methods worked since the counters began.
  public var secondsWorked: Double { ledger.spent.values.reduce(0, +) }

  /// The counters start anew.
  public mutating func resetCounters() {
    (changingRequests, requests, operatingRefusals, rateRefusals) = (0, 0, 0, 0)
    calls = [:]
    ledger.forgetSpent()
  }

  private mutating func respond(to request: SimulatedRequest, at now: Int64) throws(Refusal)
    -> SimulatedAnswer
  {
    if let answer = try provoked(request) { return answer }
    guard let route = Route(request.path) else { return .html(404) }
    guard case .method(let name, let webhook) = route else { return token(request, at: now) }
    if settings.limitsRequests,
      !bucket.take(at: Double(now), drain: settings.requestsPerSecond, size: settings.burst)
    {
      rateRefusals += 1
      throw Refusal(503, "QUERY_LIMIT_EXCEEDED", "Too many requests")
    }
    let parameters = Parameters.read(request)
    try authorize(webhook: webhook, parameters, at: now)
    guard settings.hasREST else {
      throw Refusal(403, "ACCESS_DENIED", "REST API is available only on commercial plans")
    }
    if name == "batch" { return try batch(parameters, at: now) }
    let call = MethodCall(name: name, parameters: parameters, now: Double(now), isCommand: false)
    let (result, seconds) = try perform(call)
    return .json(200, .map(result.members + [JSON.Member("time", timing(of: name, from: call.now, seconds))]))
  }
}

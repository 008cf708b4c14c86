/// What was sent and read on one route of one connection.
public struct TrafficRoute: Hashable, Sendable {
  /// The name of the connection.
  public let connection: String
  /// The call without what differs between contacts, or `(other)` for all routes beyond the first 200.
  public let route: String
  /// Requests sent, repetitions included.
  public internal(set) var requests = 0
  /// Requests that repeated one before.
  public internal(set) var repetitions = 0
  /// How often each status came.
  public internal(set) var statuses: [Int: Int] = [:]
  /// Requests without an answer.
  public internal(set) var failures = 0
  /// Bytes of the bodies that were sent.
  public internal(set) var bytesSent = 0
  /// Bytes of the bodies that came, after decompression.
  public internal(set) var bytesReceived = 0
  /// Bytes of the answers as they came, heads included; only of those whose transport tells.
  public internal(set) var bytesOnWire = 0
  /// Seconds from sending to the end of the answer, of all requests together.
  public internal(set) var secondsInRequests = 0.0
  /// Seconds for which requests were held back, of all together.
  public internal(set) var secondsWaited = 0.0
  /// Seconds of the slowest request.
  public internal(set) var slowest = 0.0

  init(connection: String, route: String) {
    self.connection = connection
    self.route = route
  }

  /// How many answers had a status of this class: 2 for 200 to 299.
  public func answers(ofClass hundreds: Int) -> Int {
    statuses.reduce(0) { $0 + ($1.key / 100 == hundreds ? $1.value : 0) }
  }

  mutating func add(_ exchange: WebExchange) {
    requests += 1
    if exchange.number > 1 { repetitions += 1 }
    bytesSent += exchange.request.body?.count ?? 0
    secondsInRequests += max(0, exchange.seconds)
    secondsWaited += max(0, exchange.waited)
    slowest = max(slowest, exchange.seconds)
    switch exchange.outcome {
    case .success(let answer):
      statuses[answer.status, default: 0] += 1
      bytesReceived += answer.body.count
      bytesOnWire += answer.timing?.bytesOnWire ?? 0
    case .failure: failures += 1
    }
  }

  mutating func add(_ other: TrafficRoute) {
    requests += other.requests
    repetitions += other.repetitions
    statuses.merge(other.statuses, uniquingKeysWith: +)
    failures += other.failures
    bytesSent += other.bytesSent
    bytesReceived += other.bytesReceived
    bytesOnWire += other.bytesOnWire
    secondsInRequests += other.secondsInRequests
    secondsWaited += other.secondsWaited
    slowest = max(slowest, other.slowest)
  }

  var json: JSONOutput {
    let classes = (1...5).map { ("\($0)xx", answers(ofClass: $0)) }.filter { $0.1 > 0 }
    let each = statuses.sorted { $0.key < $1.key }.map { (String($0.key), JSONOutput.integer($0.value)) }
    return .object([
      ("connection", .text(connection)), ("route", .text(route)), ("requests", .integer(requests)),
      ("repetitions", .integer(repetitions)),
      ("answers", .object(classes.map { ($0.0, .integer($0.1)) })), ("statuses", .object(each)),
      ("failures", .integer(failures)), ("bytesSent", .integer(bytesSent)),
      ("bytesReceived", .integer(bytesReceived)), ("bytesOnWire", .integer(bytesOnWire)),
      ("secondsInRequests", TrafficRoute.seconds(secondsInRequests)),
      ("secondsWaited", TrafficRoute.seconds(secondsWaited)),
      ("slowestSeconds", TrafficRoute.seconds(slowest)),
    ])
  }

  /// To whole milliseconds.
  private static func seconds(_ seconds: Double) -> JSONOutput {
    .number((seconds * 1000).rounded() / 1000)
  }
}

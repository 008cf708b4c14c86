import Synchronization
import WebAPI

/// The limits of a portal, and how answers tell of them.
enum Bitrix24Limits {
  /// The statuses of a busy server, or of the proxies before it.
  static let busyStatuses: Set<Int> = [408, 502, 503, 504]
  static let operating = "operating"
  /// The method of which a batch itself may be an instance.
  static let batch = "batch"
  /// Seconds: what takes less seems not to be charged.
  static let free = 0.1
  /// Seconds in which working time is counted.
  private static let window = 600.0

  static func limits(isEnterprise: Bool, operating seconds: Double) -> [RateLimit] {
    [
      RateLimit("rate", .bucket(rate: isEnterprise ? 5 : 2, burst: isEnterprise ? 250 : 50), reserve: 0.2),
      RateLimit(
        operating, .operating(seconds: seconds, window: window, baskets: 10), reserve: reserve(seconds)),
      RateLimit("in flight", .inFlight(1)),
    ]
  }

  /// Bitrix24 looks before each command of a batch, so a whole batch has to fit below the line: it is held to
  /// `CommandPace.longest` seconds.
  private static func reserve(_ budget: Double) -> Double {
    min(0.5, 1.4 * CommandPace.longest(budget) / budget)
  }

  /// Seconds that so much working time of one method takes at least, one request after the other: what fits into
  /// ten minutes is done at once, and the rest waits for the next ones.
  static func leastSeconds(work: Double, budget: Double) -> Double {
    let line = budget * (1 - reserve(budget))
    let whole = (work / line).rounded(.down)
    return whole * window + (work - whole * line)
  }

  static let retries = RetryPolicy(
    tries: 6, base: 1, cap: 16, longestServerWait: window + 60, busyStatuses: busyStatuses)

  /// How answers tell of the limits; `charge` learns from them what a batch is charged to.
  static func signs(operating budget: Double, charge: BatchCharge) -> LimitSigns {
    LimitSigns(
      refusals: [
        // A person at Bitrix24 has to lift it.
        LimitSigns.Refusal(status: 503, member: ["error"], code: "OVERLOAD_LIMIT", isFinal: true),
        LimitSigns.Refusal(status: 503, member: ["error"], code: "QUERY_LIMIT_EXCEEDED", limit: "rate"),
        // It may come as a page.
        LimitSigns.Refusal(status: 429, limit: operating),
      ],
      more: { demand, response in
        guard response.isSuccess, let body = try? JSONValue.parse(response.body) else { return [] }
        if body["result"]["result_time"].isPresent { return told(batch: body, budget: budget, charge) }
        guard let method = demand.methods.keys.first, let told = Told(body["time"]) else { return [] }
        return [told.observation(method)]
      })
  }

  /// What an answer tells of the working time of one method.
  private struct Told {
    let used: Double
    let leavesAt: Double?

    init?(_ time: JSONValue) {
      guard let used = time["operating"].number else { return nil }
      // No more than a day's work is believed.
      self.used = min(max(0, used), 86_400)
      leavesAt = time["operating_reset_at"].number.map(Self.aligned)
    }

    /// The governor's minutes are those of the clock, Bitrix24's begin with the first call in each (a recorded answer
    /// tells of a second 53): the time is moved so close to the clock's minute that the governor knows its own
    /// minute again.
    private static func aligned(_ leavesAt: Double) -> Double {
      let minute = (leavesAt / 60).rounded(.down) * 60
      return minute + min(leavesAt - minute, 28)
    }

    init(used: Double) {
      self.used = used
      leavesAt = nil
    }

    func observation(_ method: String) -> LimitObservation {
      .operating(limit: operating, method: method, used: used, leavesAt: leavesAt)
    }
  }

  /// What the answer to a batch tells of the working time that was used, by method.
  private static func told(
    batch body: JSONValue, budget: Double, _ charge: BatchCharge
  ) -> [LimitObservation] {
    let times = body["result"]["result_time"].members
    charge.learn(times)
    var found: [String: Told] = [:]
    for (name, time) in times {
      guard let told = Told(time), let method = CommandName.method(of: name) else { continue }
      if told.used >= found[method]?.used ?? 0 { found[method] = told }
    }
    let most = found.max { $0.value.used < $1.value.used }?.value
    let outer = Told(body["time"])
    if charge.isToBatch {
      return [outer ?? most].compactMap { $0?.observation(batch) }
    }
    // Some portals charge the batch itself, beside its commands.
    if let outer, outer.used > (most?.used ?? 0) + 0.001 { found[batch] = outer }
    for (name, error) in body["result"]["result_error"].members {
      guard error["error"].text?.lowercased() == "operation_time_limit",
        let method = CommandName.method(of: name)
      else { continue }
      found[method] = Told(used: budget)
    }
    return found.sorted { $0.key < $1.key }.map { $1.observation($0) }
  }
}

/// What the commands of a batch are charged to: each to its own method, as the documentation has it, or all to the
/// method `batch`, as was measured on a portal in 2026.
///
/// In the latter case what the answers tell of the commands is one running sum, whatever their methods.
final class BatchCharge: Sendable {
  private let known = Mutex(false)

  /// Whether the batch is charged, as far as is known.
  var isToBatch: Bool { known.withLock { $0 } }

  /// Learns from two commands of different methods in a row, in the order in which they were carried out.
  func learn(_ times: [(key: String, value: JSONValue)]) {
    var before: (method: String, used: Double)?
    var running = 0
    for (name, time) in times {
      guard let used = time["operating"].number, let method = CommandName.method(of: name) else { continue }
      defer { before = (method, used) }
      guard let before, before.method != method, before.used > 0 else { continue }
      let seconds = time["duration"].number ?? 0
      let isSum = abs(used - before.used - seconds) < 0.005 || abs(used - before.used) < 0.000_001
      guard isSum else { return known.withLock { $0 = false } }
      running += 1
    }
    if running > 0 { known.withLock { $0 = true } }
  }
}

/// Names of commands: Bitrix24 gives answers by them, and loses those of names that are numbers alone.
enum CommandName {
  private static let separator = "__"

  /// `crm_item_update__c253`: the limits' signs have to know the method again.
  static func make(_ method: String, _ mark: String) -> String {
    method.split(separator: ".").joined(separator: "_") + separator + mark
  }

  /// The method of a name.
  static func method(of name: String) -> String? {
    guard let end = name.firstRange(of: separator) else { return nil }
    return name[..<end.lowerBound].split(separator: "_").joined(separator: ".")
  }
}

/// How long commands take, so that no request takes too long: Bitrix24 cuts those off that last a minute.
final class CommandPace: Sendable {
  private let known: Mutex<[String: Double]>
  private let budget: Double
  private let memory: (any GovernorMemory)?
  /// Seconds that a command is thought to take before one was measured.
  private static let reading = 0.1
  private static let writing = 0.5
  /// So many commands that change something are sent at first, to see how long they take.
  static let firstWrites = 10

  /// Begins with what an earlier process measured, if its memory is given.
  init(budget: Double, memory: (any GovernorMemory)? = nil) {
    self.budget = budget
    self.memory = memory
    var before: [String: Double] = [:]
    if let bytes = memory?.load(), let json = try? JSONValue.parse(bytes) {
      for (method, value) in json.members.prefix(500) {
        guard let seconds = value.number, (0..<60).contains(seconds) else { continue }
        before[method] = seconds
      }
    }
    known = Mutex(before)
  }

  /// Keeps what was measured for the next process.
  func save() {
    let members = known.withLock { $0 }.sorted { $0.key < $1.key }.map {
      ($0.key, JSONOutput.number($0.value))
    }
    if !members.isEmpty { memory?.save(JSONOutput.object(members).bytes) }
  }

  /// Seconds that all commands of a request may take: far below the minute, and little of the working time.
  static func longest(_ budget: Double) -> Double { min(20, budget / 20) }

  /// Notes how long commands of a method took on average; what no command can take is not believed.
  func note(_ method: String, seconds: Double) {
    guard (0..<3_600).contains(seconds) else { return }
    known.withLock { known in
      known[method] = known[method].map { $0 * 0.5 + seconds * 0.5 } ?? seconds
    }
  }

  /// Seconds of a command.
  func seconds(of method: String) -> Double {
    known.withLock { $0[method] } ?? (method.hasSuffix(".update") ? Self.writing : Self.reading)
  }

  /// Whether one was measured.
  func isMeasured(_ method: String) -> Bool { known.withLock { $0[method] != nil } }

  /// How many commands of a method one request may hold.
  func most(of method: String) -> Int {
    max(1, min(50, Int(Self.longest(budget) / max(seconds(of: method), 0.001))))
  }
}

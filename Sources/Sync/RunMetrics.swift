import Foundation
import Platform
import Scoring
import Store

/// Figures about the last run and the state it left, as OpenMetrics text; the older Prometheus text format reads
/// the same, so that node_exporter takes the file as it is. All are gauges: a run starts its counts anew.
public struct RunMetrics: Sendable {
  /// The file's content.
  public let text: String

  /// Gathers the figures at the end of a run.
  ///
  /// - Parameters:
  ///   - result: What the run came to; nil if it failed.
  ///   - requests: How many requests were sent, by connection.
  public init(
    _ context: RunContext, result: RunResult?, exit: ExitStatus, startedAt: Double, endedAt: Double,
    requests: [String: Int]
  ) throws {
    var page = MetricsPage()
    page.add("run_start_timestamp_seconds", "When the last run began.", [([], startedAt)])
    page.add("run_end_timestamp_seconds", "When the last run ended.", [([], endedAt)])
    page.add("run_duration_seconds", "How long the last run took.", [([], max(0, endedAt - startedAt))])
    page.add("run_exit_status", "How the last run ended, as its exit status.", [([], Double(exit.rawValue))])
    let success = try context.store.lastSuccess(of: ["sync", "backfill"])
    page.add(
      "last_success_timestamp_seconds", "When the last run ended that did what it should.",
      success.map { [([], Double($0.seconds))] } ?? [])
    page.add(
      "run_written_contacts", "Contacts written by the last run.",
      [([], Double(result?.apply?.written ?? 0))])
    page.add(
      "run_refused_contacts", "Contacts that the last run could not write.",
      [([], Double(result?.apply?.refused ?? 0))])
    page.add(
      "run_requests", "Requests sent by the last run, repetitions included.",
      requests.sorted { $0.key < $1.key }.map { ([("connection", $0.key)], Double($0.value)) })
    try page.addConnections(context, result, endedAt: endedAt)
    try page.addFuses(context, result)
    let bands = context.model.model.bands
    let sizes = try context.store.bandSizes()
    page.add(
      "band_persons", "Persons by band; an empty band stands for those in none.",
      bands.enumerated().map { ([("band", $0.element.name)], Double(sizes[$0.offset] ?? 0)) }
        + [([("band", "")], Double(sizes[-1] ?? 0))])
    let waiting = try context.store.outboxCounts()
    let idle = (context.notify.handoff?.targets ?? []).filter { target in
      !waiting.contains { $0.target == target }
    }
    page.add(
      "outbox_waiting_persons", "Persons who wait to be told of.",
      waiting.map { ([("target", $0.target)], Double($0.waiting)) } + idle.map { ([("target", $0)], 0) })
    page.add(
      "outbox_oldest_timestamp_seconds", "Since when the first of those who wait to be told of waits.",
      waiting.map { ([("target", $0.target)], Double($0.since.seconds)) })
    text = page.text + "# EOF\n"
  }

  /// Replaces the file as a whole, readable for everybody; what is no file of figures is left alone.
  public func write(to path: String) throws(MetricsFailure) {
    if let obstacle = FreshFile.obstacle(at: path, toWhatBegins: "# HELP leadgauge_") {
      throw MetricsFailure(path: path, reason: "it \(obstacle)")
    }
    let temporary = path + ".part"
    let descriptor = FreshFile.open(temporary, mode: 0o644)
    guard descriptor >= 0 else { throw MetricsFailure(path: path, code: errno) }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let code = errno
        close(descriptor)
        unlink(temporary)
        throw MetricsFailure(path: path, code: code)
      }
      bytes = bytes.dropFirst(count)
    }
    guard fchmod(descriptor, 0o644) == 0, close(descriptor) == 0, rename(temporary, path) == 0 else {
      let code = errno
      unlink(temporary)
      throw MetricsFailure(path: path, code: code)
    }
  }
}

/// The file for figures could not be written.
public struct MetricsFailure: Error, Hashable, Sendable, CustomStringConvertible {
  let path: String
  let reason: String

  init(path: String, reason: String) {
    (self.path, self.reason) = (path, reason)
  }

  init(path: String, code: Int32) {
    self.init(path: path, reason: String(cString: strerror(code)))
  }

  /// What happened, and the cure.
  public var description: String {
    "the figures could not be written to \(path) (\(reason)). "
      + "Give this user write access to its folder, or name another file under notify: metrics:."
  }
}

private struct MetricsPage {
  typealias Sample = (labels: [(String, String)], value: Double)

  private(set) var text = ""

  /// Adds a family of gauges; one without samples is left out.
  mutating func add(_ name: String, _ help: String, _ samples: [Sample]) {
    guard !samples.isEmpty else { return }
    let name = "leadgauge_" + name
    text += "# HELP \(name) \(help)\n# TYPE \(name) gauge\n"
    if name.hasSuffix("_seconds") { text += "# UNIT \(name) seconds\n" }
    for sample in samples {
      let labels = sample.labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
      text += name + (labels.isEmpty ? "" : "{\(labels)}") + " " + Self.number(sample.value) + "\n"
    }
  }

  mutating func addConnections(_ context: RunContext, _ result: RunResult?, endedAt: Double) throws {
    let stored = try context.store.connections()
    var contacts: [Sample] = []
    var pending: [Sample] = []
    var readAt: [Sample] = []
    var lag: [Sample] = []
    var failed: [Sample] = []
    for connection in context.connections {
      let labels = [("connection", connection.name), ("platform", connection.connector.platform)]
      let record = stored.first { $0.id == connection.stored.id } ?? connection.stored
      contacts.append((labels, Double(record.contacts)))
      pending.append((labels, Double(try context.store.pendingCount(on: record))))
      // The stream that lags most: what is not whole counts from when its last page came.
      if let oldest = try context.store.streams(on: record).compactMap(\.state.pulledAt).min() {
        readAt.append((labels, Double(oldest.seconds)))
        lag.append((labels, max(0, endedAt - Double(oldest.seconds))))
      }
      if let result { failed.append((labels, result.failures[connection.name] == nil ? 0 : 1)) }
    }
    add("connection_contacts", "Contacts known of a connection.", contacts)
    add("connection_pending_contacts", "Contacts of a connection that wait for a write.", pending)
    add("connection_read_timestamp_seconds", "When the stream that lags most was last read.", readAt)
    add("connection_lag_seconds", "How long before the end of the run that was.", lag)
    add("connection_failed", "1 if the connection failed as a whole in the last run.", failed)
  }

  mutating func addFuses(_ context: RunContext, _ result: RunResult?) throws {
    let latches = try context.store.latches()
    var samples: [Sample] = []
    for connection in context.connections {
      for fuse in ["maxChanges", "maxShrink"] { samples.append(sample(fuse, connection.name, latches)) }
    }
    samples.append(sample("maxWrites", "", latches))
    add("fuse_blown", "1 if a fuse is blown, so that nothing is written until somebody looks.", samples)
  }

  private func sample(_ fuse: String, _ connection: String, _ latches: [Latch]) -> Sample {
    let isBlown = latches.contains { $0.fuse == fuse && $0.connection == connection }
    return ([("fuse", fuse), ("connection", connection)], isBlown ? 1 : 0)
  }

  private static func escaped(_ text: String) -> String {
    text.escaping(["\\": "\\\\", "\"": "\\\"", "\n": "\\n"])
  }

  private static func number(_ value: Double) -> String {
    if let whole = Int64(exactly: value) { return String(whole) }
    return String((value * 1_000).rounded() / 1_000)
  }
}

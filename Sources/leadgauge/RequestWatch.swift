import Synchronization
import WebAPI

/// Watches all requests of a command: counts them, traces them, and says a line about each, as far as is wanted.
final class RequestWatch: WebObserver {
  private let log = TrafficLog()
  private let trace = Mutex<HARTrace?>(nil)
  private let sayLine: (@Sendable (String) -> Void)?

  /// `sayLine` takes a line about each request; nil if nobody wants them.
  init(sayLine: (@Sendable (String) -> Void)?) {
    self.sayLine = sayLine
  }

  /// Begins to trace into a file.
  func begin(tracing path: String) throws {
    try OutputFile.check(path, .trace)
    let started: HARTrace
    do throws(HARTraceFailure) {
      started = try HARTrace(path: path, version: Leadgauge.version)
    } catch {
      throw CommandFailure(
        error.kind == .cannotCreate ? .cannotCreate : .inputOutput, error.what, cure: error.cure)
    }
    trace.withLock { $0 = started }
  }

  func saw(_ exchange: WebExchange) {
    log.saw(exchange)
    trace.withLock { $0 }?.saw(exchange)
    sayLine?(RequestLine.text(exchange))
  }

  /// What was counted so far.
  var traffic: Traffic { log.traffic }

  /// The same as a JSON array; nil if nothing was sent.
  var trafficJSON: String? {
    let traffic = traffic
    return traffic.routes.isEmpty ? nil : String(decoding: traffic.json.bytes, as: UTF8.self)
  }

  /// Why the trace ended early; nil if it did not.
  var traceFailure: String? { trace.withLock { $0 }?.failure?.description }
}

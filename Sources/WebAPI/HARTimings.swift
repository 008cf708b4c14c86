/// The times of one entry of a HAR, in milliseconds; -1 says that there was no such step, or that it is not
/// known.
struct HARTimings {
  private let blocked: Double
  private let lookup: Double?
  private let connect: Double?
  private let tls: Double?
  private let send: Double
  private let wait: Double
  private let receive: Double

  init(_ exchange: WebExchange) {
    let held = max(0, exchange.waited)
    guard case .success(let answer) = exchange.outcome, let timing = answer.timing else {
      (blocked, lookup, connect, tls, send, receive) = (held, nil, nil, nil, 0, 0)
      wait = max(0, exchange.seconds)
      return
    }
    lookup = timing.lookup
    // A HAR counts TLS as a part of connecting.
    connect = timing.connect.map { $0 + (timing.tls ?? 0) } ?? timing.tls
    tls = timing.tls
    (send, wait, receive) = (max(0, timing.send), max(0, timing.wait), max(0, timing.receive))
    let told = max(0, lookup ?? 0) + max(0, connect ?? 0) + send + wait + receive
    // What no step tells of was spent in the queue for a connection.
    blocked = held + max(0, exchange.seconds - told)
  }

  /// The sum of all steps; TLS is in connecting.
  var total: JSONOutput {
    HARTimings.milliseconds(blocked + max(0, lookup ?? 0) + max(0, connect ?? 0) + send + wait + receive)
  }

  var json: JSONOutput {
    .object([
      ("blocked", HARTimings.milliseconds(blocked)), ("dns", HARTimings.milliseconds(lookup)),
      ("connect", HARTimings.milliseconds(connect)), ("send", HARTimings.milliseconds(send)),
      ("wait", HARTimings.milliseconds(wait)), ("receive", HARTimings.milliseconds(receive)),
      ("ssl", HARTimings.milliseconds(tls)),
    ])
  }

  /// `2026-11-27T11:41:00.250Z`
  static func date(_ seconds: Double) -> String {
    let known = seconds.isFinite ? min(max(seconds, 0), 253_402_300_799) : 0
    let milliseconds = (known * 1000).rounded()
    let whole = (milliseconds / 1000).rounded(.down)
    let rest = String(Int(milliseconds - whole * 1000))
    return HTTPDate.text(whole).dropLast() + "." + String(repeating: "0", count: 3 - rest.count) + rest + "Z"
  }

  private static func milliseconds(_ seconds: Double?) -> JSONOutput {
    guard let seconds, seconds.isFinite, seconds >= 0 else { return .integer(-1) }
    return .number((seconds * 1_000_000).rounded() / 1000)
  }
}

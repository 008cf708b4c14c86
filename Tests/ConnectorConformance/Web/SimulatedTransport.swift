import Foundation
import Platform
import Scoring
import Synchronization
import WebAPI

/// A network of one platform inside the process: requests reach its simulator at once, and go wrong on demand.
public final class SimulatedTransport<Server: Simulator>: WebTransport {
  /// What becomes of a request.
  public enum Fate: Sendable {
    /// It is answered.
    case answered
    /// It never reaches the platform.
    case unreachable
    /// The platform acts, or not, and the answer never comes.
    case lost(acted: Bool)
    /// The answer is another one.
    case altered(@Sendable (SimulatedAnswer) -> SimulatedAnswer)
  }

  private struct State: Sendable {
    var server: Server
    var fate: @Sendable (SimulatedRequest) -> Fate = { _ in .answered }
    var seen: [SimulatedRequest] = []
    var keepsRequests = true
  }

  private let state: Mutex<State>
  private let clock: VirtualClock

  /// A network with this platform in it.
  public init(_ server: Server, clock: VirtualClock) {
    state = Mutex(State(server: server))
    self.clock = clock
  }

  /// Acts on the platform by another way than requests.
  public func withServer<Result: Sendable>(_ body: (inout Server, Timestamp) -> Result) -> Result {
    let now = Timestamp(Int64(clock.now()))
    return state.withLock { body(&$0.server, now) }
  }

  /// Decides what becomes of each request from now on.
  public func decide(_ fate: @escaping @Sendable (SimulatedRequest) -> Fate) {
    state.withLock { $0.fate = fate }
  }

  /// Whether requests are kept; a long run needs them not.
  public var keepsRequests: Bool {
    get { state.withLock { $0.keepsRequests } }
    set { state.withLock { $0.keepsRequests = newValue } }
  }

  /// All requests so far.
  public var requests: [SimulatedRequest] { state.withLock { $0.seen } }

  /// Answers a request.
  public func send(_ request: WebRequest) async throws(TransportFailure) -> WebResponse {
    guard !Task.isCancelled else {
      throw TransportFailure(reach: .neverSent, kind: .cancelled, what: "cancelled")
    }
    let simulated = SimulatedRequest(request)
    let now = Timestamp(Int64(clock.now()))
    let (answer, failure): (SimulatedAnswer?, TransportFailure?) = state.withLock { state in
      if state.keepsRequests { state.seen.append(simulated) }
      switch state.fate(simulated) {
      case .answered: return (state.server.answer(simulated, at: now), nil)
      case .altered(let change): return (change(state.server.answer(simulated, at: now)), nil)
      case .unreachable:
        return (nil, TransportFailure(reach: .neverSent, kind: .unreachable, what: "connection refused"))
      case .lost(let acted):
        if acted { _ = state.server.answer(simulated, at: now) }
        return (nil, TransportFailure(reach: .maybeReceived, kind: .disconnected, what: "connection reset"))
      }
    }
    if let failure { throw failure }
    guard let answer else {
      throw TransportFailure(reach: .neverSent, kind: .other, what: "no answer was made")
    }
    return WebResponse(
      status: answer.status, headers: answer.headers.map { WebHeader($0.name, $0.value) }, body: answer.body)
  }
}

extension SimulatedRequest {
  /// A request as a transport gets it, taken apart as a server would.
  public init(_ request: WebRequest) {
    let rest = request.url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).last ?? ""
    let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let query = parts.count > 1 ? parts[1].split(separator: "&") : []
    func decoded(_ text: Substring?) -> String {
      let plain = (text ?? "").replacingOccurrences(of: "+", with: " ")
      return plain.removingPercentEncoding ?? plain
    }
    self.init(
      method: request.method, path: "/" + (parts.first ?? ""),
      query: query.map { pair in
        let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return SimulatedPair(decoded(sides.first), sides.count > 1 ? decoded(sides[1]) : "")
      },
      headers: request.headers.map { SimulatedPair($0.name, $0.value) }, body: request.body ?? [])
  }
}

import Synchronization
import WebAPI

/// A network inside the process in which every answer comes from a script.
final class ScriptedWeb: WebTransport {
  /// No single call to a connector needs as many requests to read what an input can hold.
  static let mostRequests = 1_500

  private struct State {
    var next = 0
    var requests = 0
    var bodies: [[UInt8]] = []
  }

  private let script: WebScript
  private let state = Mutex(State())

  init(_ script: WebScript) { self.script = script }

  /// Whether more requests were sent since `begin` than could be of use.
  var isRunaway: Bool { state.withLock { $0.requests > Self.mostRequests } }

  /// How many were sent since `begin`.
  var requests: Int { state.withLock { $0.requests } }

  /// Counts from here.
  func begin() { state.withLock { $0.requests = 0 } }

  /// Bodies that were given and not taken yet.
  func takeBodies() -> [[UInt8]] {
    state.withLock { state in
      defer { state.bodies = [] }
      return state.bodies
    }
  }

  func send(_ request: WebRequest) async throws(TransportFailure) -> WebResponse {
    let reply = state.withLock { state -> WebScript.Reply in
      state.requests += 1
      guard state.requests <= Self.mostRequests else {
        precondition(state.requests < 10 * Self.mostRequests, "requests go on although all of them fail")
        return .failure(TransportFailure(reach: .neverSent, kind: .cancelled, what: "runaway"))
      }
      let reply = self.reply(state.next)
      state.next += 1
      if case .answer(let answer) = reply, state.next <= script.replies.count {
        state.bodies.append(answer.body)
      }
      return reply
    }
    switch reply {
    case .answer(let answer): return answer
    case .failure(let failure): throw failure
    }
  }

  private func reply(_ number: Int) -> WebScript.Reply {
    let replies = script.replies
    if number < replies.count { return replies[number] }
    switch script.ending {
    case .last: if let last = replies.last { return last }
    case .cycle: if !replies.isEmpty { return replies[number % replies.count] }
    case .unreachable:
      return .failure(TransportFailure(reach: .neverSent, kind: .unreachable, what: "connection refused"))
    case .lost:
      return .failure(TransportFailure(reach: .maybeReceived, kind: .disconnected, what: "connection reset"))
    case .notFound: break
    }
    return .answer(
      WebResponse(
        status: 404, headers: [WebHeader("Content-Type", "application/json")], body: Array("{}".utf8)))
  }
}

/// A clock that stands still until somebody waits, and remembers the longest wait.
final class FuzzClock: WebClock {
  private let state: Mutex<(now: Double, longest: Double)>

  init(_ seconds: Double) { state = Mutex((seconds, 0)) }

  /// The longest that anybody waited at once, in seconds.
  var longestWait: Double { state.withLock { $0.longest } }

  func now() -> Double { state.withLock { $0.now } }

  func sleep(seconds: Double) async throws(CancellationError) {
    guard !Task.isCancelled else { throw CancellationError() }
    advance(seconds)
  }

  func advance(_ seconds: Double) {
    state.withLock { state in
      state.longest = max(state.longest, seconds)
      // What waits for longer is a broken promise, and nobody has to be able to count so far.
      state.now += min(max(0, seconds), 10 * 86_400)
    }
  }
}

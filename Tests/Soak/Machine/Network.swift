import Foundation
import Platform
import Scoring
import SimulatedWeb
import WebAPI

/// The network of one run: requests reach the accounts, go wrong as the run's trouble has it, and are watched.
final class Network: WebTransport, @unchecked Sendable {
  // All work of the process is done by one thread.

  private let world: World
  private let machine: Machine
  private let trouble: Trouble
  /// Requests that changed contacts and whose answer was lost, and since then nothing was read of the account.
  private var unanswered: [String: String] = [:]
  private(set) var requests = 0
  /// No run in so small a world needs as many.
  private static let most = 20_000
  /// The contacts of a connection that the journal says are being written.
  var intended: (String) -> Set<String> = { _ in [] }

  init(world: World, machine: Machine, trouble: Trouble) {
    self.world = world
    self.machine = machine
    self.trouble = trouble
  }

  func send(_ request: WebRequest) async throws(TransportFailure) -> WebResponse {
    await SerialWork.shared.pause()
    guard !Task.isCancelled else {
      throw TransportFailure(reach: .neverSent, kind: .cancelled, what: "cancelled")
    }
    machine.step()
    guard !machine.isDead else { throw Self.unreachable }
    let asked = SimulatedRequest(request)
    let host = request.url.split(separator: "/").dropFirst().first.map(String.init) ?? ""
    guard let account = world.accounts.first(where: { $0.hosts.contains(host) }) else {
      throw Self.unreachable
    }
    requests += 1
    guard requests < Self.most else {
      world.accuse("\(account.name): a run sends requests for ever, such as \(asked.method) \(asked.path)")
      throw Self.unreachable
    }
    world.clock.pass(Double(trouble.number(2...80)) / 100)
    if trouble.bustle > 0, trouble.happens(trouble.bustle) { world.disturb() }
    if trouble.weather != .fine, trouble.happens(3) {
      trouble.draw { account.stumble(&$0, at: world.now) }
    }
    // A refresh token whose successor was lost on the way is lost for good: nobody but the account's owner can help.
    if asked.path.contains("token") {
      let isLost = trouble.weather != .fine && trouble.happens(10)
      if isLost { throw Self.unreachable }
      let answer = account.answer(asked, at: world.now)
      return WebResponse(
        status: answer.status, headers: answer.headers.map { WebHeader($0.name, $0.value) },
        body: answer.body)
    }
    let fate = trouble.ofRequest()
    if case .answered = fate {} else { world.note("\(account.name): \(asked.method) \(asked.path): \(fate)") }
    switch fate {
    case .unreachable: throw Self.unreachable
    case .lost(let acted):
      var hasChanged = false
      if acted { hasChanged = perform(asked, account).hasChanged }
      world.clock.pass(Double(trouble.number(0...120)))
      machine.step()
      if hasChanged { unanswered[account.name] = Self.key(asked) }
      throw TransportFailure(reach: .maybeReceived, kind: .disconnected, what: "connection reset")
    case .replaced(let status, let html, let acted, let retryAfter):
      if acted { _ = perform(asked, account) }
      return try arrived(Self.strangers(status, html: html, retryAfter: retryAfter))
    case .truncated:
      var answer = perform(asked, account).answer
      answer.body = Array(answer.body.prefix(answer.body.count / 2))
      return try arrived(answer)
    case .shuffled:
      let isQuestion = !account.mayChange(asked)
      var answer = perform(asked, account).answer
      if isQuestion, let body = trouble.draw({ Shuffling.body(answer.body, &$0) }) { answer.body = body }
      return try arrived(answer)
    case .slow(let seconds):
      world.clock.pass(seconds)
      return try arrived(perform(asked, account).answer)
    case .answered:
      let answer = perform(asked, account).answer
      world.note("\(account.name): \(asked.method) \(request.url.prefix(300)) gives \(answer.status)")
      return try arrived(answer)
    }
  }

  /// The platform acts.
  private func perform(
    _ request: SimulatedRequest, _ account: any Account
  ) -> (answer: SimulatedAnswer, hasChanged: Bool) {
    guard account.mayChange(request) else {
      let answer = account.answer(request, at: world.now)
      if (200..<300).contains(answer.status) {
        unanswered[account.name] = nil
        world.noteReading(of: account, request.path)
      }
      return (answer, false)
    }
    if world.isDry { world.accuse("\(account.name): a dry run sent \(request.method) \(request.path)") }
    if unanswered[account.name] == Self.key(request) {
      world.accuse("\(account.name): a write was repeated though nobody had looked whether it arrived")
    }
    let before = account.seen()
    let answer = account.answer(request, at: world.now)
    // A platform may write to who took another one in a moment ago.
    let intended = Set(intended(account.name).map { world.successor(of: "\(account.name)/\($0)") })
    let changed = world.compare(account, before, account.seen()).map { "\(account.name)/\($0)" }
    for place in changed where !intended.contains(place) {
      world.accuse("\(place) was written before the journal said so")
    }
    let hasChanged = !changed.isEmpty
    if hasChanged { machine.noteWrite() }
    return (answer, hasChanged)
  }

  private func arrived(_ answer: SimulatedAnswer) throws(TransportFailure) -> WebResponse {
    machine.step()
    guard !machine.isDead else {
      throw TransportFailure(reach: .maybeReceived, kind: .disconnected, what: "the machine stopped")
    }
    return WebResponse(
      status: answer.status, headers: answer.headers.map { WebHeader($0.name, $0.value) }, body: answer.body)
  }

  private static let unreachable = TransportFailure(
    reach: .neverSent, kind: .unreachable, what: "connection refused")

  private static func key(_ request: SimulatedRequest) -> String {
    "\(request.method) \(request.path) " + String(decoding: request.body, as: UTF8.self)
  }

  /// What something between us and the platform says.
  private static func strangers(_ status: Int, html: Bool, retryAfter: Int?) -> SimulatedAnswer {
    var answer = SimulatedAnswer(status: status)
    if let retryAfter { answer.headers.append(SimulatedPair("Retry-After", "\(retryAfter)")) }
    answer.headers.append(SimulatedPair("Content-Type", html ? "text/html" : "application/json"))
    answer.body = Array((html ? "<html><body>Please wait</body></html>" : "{\"message\":\"later\"}").utf8)
    return answer
  }
}

/// Pages whose rows come in another order, one of them twice.
enum Shuffling {
  /// The body with the rows of its first list of objects shuffled; nil if there is no such list.
  static func body(_ bytes: [UInt8], _ chance: inout Chance) -> [UInt8]? {
    guard let value = try? JSONValue.parse(bytes), let changed = shuffled(value, &chance) else { return nil }
    return changed.bytes
  }

  private static func shuffled(_ value: JSONValue, _ chance: inout Chance) -> JSONOutput? {
    if value.isArray {
      let rows = value.elements
      guard rows.count > 1, rows.allSatisfy(\.isObject) else { return nil }
      var order = rows.shuffled(using: &chance)
      order.insert(order[0], at: chance.number(0...order.count))
      return .list(order.map(plain))
    }
    guard value.isObject else { return nil }
    var isDone = false
    let members = value.members.map { member -> (String, JSONOutput) in
      if !isDone, let changed = shuffled(member.value, &chance) {
        isDone = true
        return (member.key, changed)
      }
      return (member.key, plain(member.value))
    }
    return isDone ? .object(members) : nil
  }

  private static func plain(_ value: JSONValue) -> JSONOutput {
    if value.isObject { return .object(value.members.map { ($0.key, plain($0.value)) }) }
    if value.isArray { return .list(value.elements.map(plain)) }
    if value.isNumber {
      return value.integer.map { .integer($0) } ?? value.number.map { .number($0) } ?? .text(value.text ?? "")
    }
    if value.isText { return .text(value.text ?? "") }
    return value.boolean.map { .bool($0) } ?? .null
  }
}

import Curl
import Foundation
import Glibc
import LossModel
import WebAPI

/// A run whose process is killed in its middle, and others that go on from its journal.
///
/// Each process would give a contact another value, unless the journal says that one is intended already.
struct KilledRun {
  /// What the processes have in common.
  let writes: Int
  let way: LossTrial.Way
  let journal: String

  /// The first word of the arguments of a process that is to be killed.
  static let word = "go-on"

  // MARK: The process that lives

  /// Starts one process after the other, kills all but the last after so many writes, and audits the ledger.
  func run(killedAfter deaths: [Int]) async throws -> (Ledger.Audit, LossyServer.Tally, doubtful: [Int]) {
    let victim = Victim(deaths)
    let server = try LossyServer(
      LossRates(lost: 0.05, unheard: 0.01), onWrite: { victim.hasWritten($0) })
    try? FileManager.default.removeItem(atPath: journal)
    var doubtful: [Int] = []
    for generation in 0... {
      let status = try await start(generation, server.port, victim)
      if status == 0 { break }
      guard status == SIGKILL, generation < deaths.count else {
        throw CocoaError(.featureUnsupported, userInfo: [NSDebugDescriptionErrorKey: "ended by \(status)"])
      }
      doubtful.append(try Journal(journal).past.doubtful.count)
    }
    await server.stop()
    let past = try Journal(journal).past
    var audit = server.ledger.audit(past.intended)
    // A contact that the journal does not know as done was lost too.
    audit.missing += Set(0..<writes).subtracting(past.done).count
    try FileManager.default.removeItem(atPath: journal)
    return (audit, server.tally, doubtful)
  }

  /// The status of a process that has ended, or the signal that has ended it.
  private func start(_ generation: Int, _ port: Int, _ victim: Victim) async throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = [
      KilledRun.word, "\(writes)", way == .once ? "once" : "repeatable", journal, "\(generation)", "\(port)",
    ]
    return try await withCheckedThrowingContinuation { continuation in
      process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do {
        try process.run()
        victim.begin(process.processIdentifier)
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  // MARK: The process that is killed

  /// Does what the journal does not know as done; false if that was not possible.
  static func goOn(_ arguments: [String]) async throws -> Bool {
    guard arguments.count == 5, let writes = Int(arguments[0]), let generation = Int(arguments[3]) else {
      return false
    }
    let journal = try Journal(arguments[2])
    let past = journal.past
    let wanted = (0..<writes).filter { !past.done.contains($0) }.map { contact in
      (contact: contact, value: past.intended[contact] ?? contact * 10 + generation)
    }
    let transport = try CurlTransport(TransportSettings(connectionsPerHost: 8))
    let client = APIClient(
      base: "http://127.0.0.1:\(arguments[4])", authorization: NoAuthorization(),
      governor: Governor([RateLimit("in flight", .inFlight(8))]),
      surroundings: WebSurroundings(transport: transport, clock: HurriedClock()))
    let outcome = await LossTrial(client, arguments[1] == "once" ? .once : .repeatable).run(
      wanted, together: 8, isDoubtful: { past.intended[$0] != nil },
      before: { journal.intend($0, $1) }, after: { journal.finish($0) })
    await transport.close()
    return outcome.givenUp == 0
  }
}

/// Whoever is to be killed after so many writes.
private final class Victim: Sendable {
  private struct State {
    var process: pid_t = 0
    var deaths: [Int]
  }

  private let state: Guarded<State>

  init(_ deaths: [Int]) {
    state = Guarded(State(deaths: deaths))
  }

  func begin(_ process: pid_t) { state.withLock { $0.process = process } }

  /// The process dies before the answer to this write is sent.
  func hasWritten(_ number: Int) {
    state.withLock { state in
      guard let next = state.deaths.first, number >= next, state.process > 0 else { return }
      state.deaths.removeFirst()
      kill(state.process, SIGKILL)
      state.process = 0
    }
  }
}

import Curl
import Foundation
import Glibc
import Synchronization

/// A server on a free port of this machine that keeps a ledger and loses answers.
///
/// It knows `PUT /contacts/{id}` and `POST /contacts/{id}/scores` with `{"score":n}`, and `GET /contacts/{id}`.
/// What becomes of a request follows from the seed, the contact, and how many requests there were about it.
public final class LossyServer: Sendable {
  /// What has been asked of it.
  public struct Tally: Sendable {
    /// Requests by method and fate.
    public var requests: [String: [Fate: Int]] = [:]
    /// Connections that were made to it.
    public var connections = 0

    /// Requests of a method, or those that met a fate.
    public func count(_ method: String, _ isMeant: (Fate) -> Bool = { _ in true }) -> Int {
      requests[method, default: [:]].reduce(0) { $0 + (isMeant($1.key) ? $1.value : 0) }
    }
  }

  private struct State {
    var tally = Tally()
    var open: Set<Int32> = []
    var isStopped = false
    var ended = 0
    var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  /// What it was told.
  public let ledger = Ledger()
  /// The port it listens on.
  public let port: Int

  private let listener: Int32
  private let rates: LossRates
  private let seed: UInt64
  private let first: [Int: Fate]
  private let onWrite: @Sendable (Int) -> Void
  private let writes = Atomic(0)
  private let state = Guarded(State())
  private let threads = DispatchGroup()

  /// Listens at once.
  ///
  /// - Parameters:
  ///   - first: what becomes of the first request about a contact, whatever the rates say.
  ///   - onWrite: called with the number of the write, from 1, after it is done and before it is answered.
  /// - Throws: when no port is to be had.
  public init(
    _ rates: LossRates = LossRates(), seed: UInt64 = 1, first: [Int: Fate] = [:],
    onWrite: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws(POSIXError) {
    self.rates = rates
    self.seed = seed
    self.first = first
    self.onWrite = onWrite
    (listener, port) = try LossyServer.listen()
    threads.enter()
    Thread.detachNewThread { [self] in
      accept()
      threads.leave()
    }
  }

  /// What a client takes as its base.
  public var url: String { "http://127.0.0.1:\(port)" }

  /// What has been asked of it so far.
  public var tally: Tally { state.withLock { $0.tally } }

  /// Returns when so many connections have ended.
  public func ended(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if state.ended < count { state.watchers.append((count, continuation)) }
        return state.ended >= count
      }
      if isThere { continuation.resume() }
    }
  }

  /// Ends all connections; returns when no thread of the server runs any more.
  public func stop() async {
    state.withLock { state in
      guard !state.isStopped else { return }
      state.isStopped = true
      shutdown(listener, Int32(SHUT_RDWR))
      for connection in state.open { shutdown(connection, Int32(SHUT_RDWR)) }
    }
    await withCheckedContinuation { continuation in
      threads.notify(queue: .global()) { continuation.resume() }
    }
  }

  private static func listen() throws(POSIXError) -> (Int32, Int) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, size) == 0 && Glibc.listen(listener, 64) == 0
          && getsockname(listener, address, &size) == 0
      }
    }
    guard isListening else { throw POSIXError(.EADDRNOTAVAIL) }
    return (listener, Int(UInt16(bigEndian: address.sin_port)))
  }

  private func accept() {
    defer { close(listener) }
    while true {
      let descriptor = Glibc.accept(listener, nil, nil)
      guard descriptor >= 0 else { return }
      // A connection that a child process holds too would not be reset.
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      let isWanted = state.withLock { state in
        guard !state.isStopped else { return false }
        state.tally.connections += 1
        state.open.insert(descriptor)
        return true
      }
      guard isWanted else {
        close(descriptor)
        return
      }
      threads.enter()
      Thread.detachNewThread { [self] in
        serve(LossyConnection(descriptor))
        threads.leave()
      }
    }
  }

  private func serve(_ connection: LossyConnection) {
    var connection = connection
    var isReset = false
    while !isReset, let request = connection.read() { isReset = serve(request, on: connection) }
    // Closed under the lock: the number of a closed socket soon belongs to another.
    let woken = state.withLock { state in
      state.open.remove(connection.descriptor)
      connection.close(withReset: isReset)
      state.ended += 1
      let (ended, watchers) = (state.ended, state.watchers)
      state.watchers.removeAll { $0.count <= ended }
      return watchers.filter { $0.count <= ended }
    }
    for watcher in woken { watcher.continuation.resume() }
  }

  /// Answers or loses one request; true when the connection is to be reset.
  private func serve(_ request: LossyRequest, on connection: LossyConnection) -> Bool {
    let number = ledger.count(request.contact)
    var draw = Draw(seed: seed, contact: request.contact, number: number)
    let drawn = rates.fate(draw.share())
    let fate = number == 1 ? first[request.contact] ?? drawn : drawn
    state.withLock { $0.tally.requests[request.method, default: [:]][fate, default: 0] += 1 }
    if fate != .unheard, fate != .doneLate { act(on: request) }
    let answer = LossyAnswer(to: request, ledger.value(of: request.contact), isBusy: fate == .doneThenBusy)
    // A reader sees the contact as it is before what was late is done.
    ledger.settle(request.contact)
    if fate == .doneLate, let value = request.value { ledger.writeLate(value, to: request.contact) }
    connection.send(answer.part(fate, &draw))
    return fate.isLost || fate == .brokenAfterwards
  }

  private func act(on request: LossyRequest) {
    guard let value = request.value else { return }
    ledger.write(value, to: request.contact)
    onWrite(writes.add(1, ordering: .relaxed).newValue)
  }
}

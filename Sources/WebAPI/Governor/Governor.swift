import Curl

/// Lets requests go when the platform's limits allow it, the most urgent first.
///
/// One governor stands for one account on one platform; all clients of that account share it. Who asks first is
/// served first among equally urgent ones, but who waits for one limit does not hold up those that it does not
/// count. A task that is cancelled while it waits uses up nothing.
public final class Governor: Sendable {
  /// Why a request was not let through.
  enum Refusal: Error, Hashable {
    case cancelled
    /// The limit is used up until that time, in Unix seconds, which is longer than the request may wait.
    case exhausted(limit: String, until: Double)
  }

  private typealias Outcome = Result<RequestTicket, Refusal>

  private struct Waiter {
    let number: Int
    let demand: RequestDemand
    let longest: Double
    let continuation: CheckedContinuation<Outcome, Never>
  }

  private struct State {
    var book: LimitBook
    /// The most urgent first, and among them who came first.
    var waiting: [Waiter] = []
    var nextNumber = 0
    /// Wakes those who wait for a moment.
    var alarm: (at: Double, task: Task<Void, Never>)?
    var savedAt = -Double.infinity
    var isLoaded = false

    /// Where in the queue a request stands, or would.
    func place(of number: Int, _ demand: RequestDemand) -> Int {
      var (low, high) = (0, waiting.count)
      while low < high {
        let middle = (low + high) / 2
        let other = waiting[middle]
        let isBefore =
          (demand.priority, other.number) < (other.demand.priority, number)
        if isBefore { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  /// By what answers tell about the limits.
  let signs: LimitSigns
  private let memory: (any GovernorMemory)?
  private let state: Guarded<State>

  /// Makes a governor of limits; `memory` holds from run to run what was learnt and what a day has used up.
  public init(
    _ limits: [RateLimit] = [], signs: LimitSigns = .none, memory: (any GovernorMemory)? = nil
  ) {
    self.signs = signs
    self.memory = memory
    state = Guarded(State(book: LimitBook(limits)))
  }

  /// Waits until a request may go. Must be followed by `leave`, unless it throws.
  ///
  /// - Parameter longest: seconds; whoever would have to wait longer for one moment is refused at once.
  func enter(
    _ demand: RequestDemand, longest: Double, clock: any WebClock
  ) async throws(Refusal) -> RequestTicket {
    load(at: clock.now())
    let number = state.withLock { state in
      state.nextNumber += 1
      return state.nextNumber
    }
    let outcome: Outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isCancelled = state.withLock { state in
          // The flag is set before the handler below runs: whoever is not seen cancelled here is in the queue
          // when the handler looks for it.
          if Task.isCancelled { return true }
          state.waiting.insert(
            Waiter(number: number, demand: demand, longest: longest, continuation: continuation),
            at: state.place(of: number, demand))
          return false
        }
        if isCancelled { continuation.resume(returning: .failure(.cancelled)) } else { admit(clock) }
      }
    } onCancel: {
      let waiter: Waiter? = state.withLock { state in
        let index = state.place(of: number, demand)
        guard index < state.waiting.count, state.waiting[index].number == number else { return nil }
        return state.waiting.remove(at: index)
      }
      waiter?.continuation.resume(returning: .failure(.cancelled))
      admit(clock)
    }
    return try outcome.get()
  }

  /// Gives the place back and takes what the answer told.
  func leave(_ ticket: RequestTicket, _ end: RequestEnd, clock: any WebClock) {
    state.withLock { $0.book.end(ticket, at: clock.now(), end) }
    admit(clock)
    save(at: clock.now(), atOnce: false)
  }

  /// Lets nobody go before that time: the platform has told one request when it will answer again, so that the
  /// others need not find out by a refusal each.
  func hold(until time: Double) { state.withLock { $0.book.hold(until: time) } }

  /// What is left of each limit, as far as it is known without asking.
  public func quotas(at now: Double) -> [QuotaReading] {
    load(at: now)
    return state.withLock { $0.book.readings(at: now) }
  }

  /// Seconds in which so many requests would be done from now on, `together` of them at a time, and the limit
  /// that would hold them up most; nil if none would.
  public func forecast(
    _ demand: RequestDemand, requests: Int, together: Int = 1, at now: Double
  ) -> (seconds: Double, heldBy: String?) {
    load(at: now)
    let book = state.withLock { $0.book }
    return book.forecast(demand, requests: requests, together: together, at: now)
  }

  /// Saves what the next run should know.
  public func save(at now: Double) { save(at: now, atOnce: true) }

  /// How many requests wait, for tests.
  var queueLength: Int { state.withLock { $0.waiting.count } }

  // MARK: -

  /// Lets all go that may.
  private func admit(_ clock: any WebClock) {
    let now = clock.now()
    var served: [(CheckedContinuation<Outcome, Never>, Outcome)] = []
    state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.alarm?.task.cancel()
        state.alarm = nil
        return
      }
      var blocked: Set<Int> = []
      var gone: Set<Int> = []
      var next: Double?
      for waiter in state.waiting {
        // Where every limit counts every request nobody behind a blocked one can go.
        if state.book.isUniform, !blocked.isEmpty { break }
        let counted = state.book.limits(of: waiter.demand)
        // Nobody takes what somebody more urgent waits for.
        guard blocked.isDisjoint(with: counted) else {
          blocked.formUnion(counted)
          continue
        }
        let (admission, by) = state.book.admission(waiter.demand, at: now)
        switch admission {
        case .now:
          served.append((waiter.continuation, .success(state.book.begin(waiter.demand, at: now))))
          gone.insert(waiter.number)
        case .at(let time):
          if time - now > waiter.longest {
            let name = by.first.map { state.book.limits[$0].name } ?? "limit"
            served.append((waiter.continuation, .failure(.exhausted(limit: name, until: time))))
            gone.insert(waiter.number)
          } else {
            next = min(next ?? time, time)
            blocked.formUnion(by)
          }
        case .afterOneEnds: blocked.formUnion(by)
        }
      }
      if !gone.isEmpty { state.waiting.removeAll { gone.contains($0.number) } }
      setAlarm(next, &state, now, clock)
    }
    for (continuation, outcome) in served { continuation.resume(returning: outcome) }
  }

  private func setAlarm(_ next: Double?, _ state: inout State, _ now: Double, _ clock: any WebClock) {
    guard let next else {
      state.alarm?.task.cancel()
      state.alarm = nil
      return
    }
    if let alarm = state.alarm, alarm.at <= next, alarm.at > now { return }
    state.alarm?.task.cancel()
    // A clock that cannot tell so small a time apart must not be asked for ever.
    let seconds = max(next - now, 0.000_1)
    let task = Task { [weak self] in
      do throws(CancellationError) { try await clock.sleep(seconds: seconds) } catch { return }
      self?.ring(clock)
    }
    state.alarm = (next, task)
  }

  private func ring(_ clock: any WebClock) {
    state.withLock { $0.alarm = nil }
    admit(clock)
  }

  private func load(at now: Double) {
    guard let memory else { return }
    state.withLock { state in
      guard !state.isLoaded else { return }
      state.isLoaded = true
      state.savedAt = now
      guard let bytes = memory.load(), let value = try? JSONValue.parse(bytes) else { return }
      state.book.recall(value, at: now)
    }
  }

  private func save(at now: Double, atOnce: Bool) {
    guard let memory else { return }
    let bytes: [UInt8]? = state.withLock { state in
      // Often enough that a killed run forgets little, seldom enough to cost nothing.
      guard state.isLoaded, atOnce || now - state.savedAt >= 10 || now < state.savedAt else { return nil }
      state.savedAt = now
      return state.book.memory(at: now).bytes
    }
    if let bytes { memory.save(bytes) }
  }
}

/// One request and its answer, between the task that waits for it and the loop thread that carries it.
///
/// All that both sides touch is behind one lock. Nobody is resumed while it is held.
final class Exchange: Sendable {
  typealias HeadWaiter = Waiter<Result<HTTPHead, HTTPFailure>>
  typealias BodyWaiter = Waiter<Result<[UInt8]?, HTTPFailure>>

  /// How it stands with the transfer.
  enum Outcome: Sendable {
    case running
    case complete
    case failed(HTTPFailure)

    var isRunning: Bool {
      if case .running = self { true } else { false }
    }

    var failure: HTTPFailure? {
      if case .failed(let failure) = self { failure } else { nil }
    }
  }

  private struct State {
    var outcome = Outcome.running
    /// Whether bytes of the request may have left.
    var hasBegun = false
    var head: HTTPHead?
    var headWaiter: HeadWaiter?
    var bodyWaiter: BodyWaiter?
    var buffer: [UInt8] = []
    var peakBuffered = 0
    var timing: HTTPTiming?
    /// Whether the loop stopped receiving until the buffer is taken.
    var isPaused = false
    var isClaimed = false
    /// Whether the reader wants nothing before it can have everything.
    var isGathering = false

    /// Takes what a reader can have now; nil when it must wait.
    mutating func take() -> Result<[UInt8]?, HTTPFailure>? {
      if isGathering {
        guard case .complete = outcome else { return outcome.failure.map { .failure($0) } }
        defer { buffer = [] }
        return .success(buffer)
      }
      if !buffer.isEmpty {
        defer { buffer = [] }
        return .success(buffer)
      }
      return switch outcome {
      case .running: nil
      case .complete: .success(nil)
      case .failed(let failure): .failure(failure)
      }
    }

    /// Forgets that receiving stopped, and says whether it had.
    mutating func unpause() -> Bool {
      defer { isPaused = false }
      return isPaused
    }
  }

  let request: CheckedRequest
  private let inbox: Inbox
  private let state = Guarded(State())

  init(_ request: CheckedRequest, inbox: Inbox) {
    self.request = request
    self.inbox = inbox
  }

  // MARK: The caller's side

  /// Starts the transfer and waits for the head of the answer.
  func start() async -> Result<HTTPHead, HTTPFailure> {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let early = state.withLock { state -> HTTPFailure? in
          if case .failed(let failure) = state.outcome { return failure }
          state.headWaiter = Waiter(continuation)
          return nil
        }
        if let early {
          continuation.resume(returning: .failure(early))
        } else if !inbox.post(.start(self)) {
          fail(.closed, "the client is closed")
        }
      }
    } onCancel: {
      cancel()
    }
  }

  /// Waits for the whole body, which from now on arrives without waking the reader for each of its pieces.
  func readAll(isolation: isolated (any Actor)?) async -> Result<[UInt8]?, HTTPFailure> {
    let wasPaused = state.withLock { state in
      state.isGathering = true
      return state.unpause()
    }
    if wasPaused { _ = inbox.post(.resume(self)) }
    return await read(isolation: isolation)
  }

  /// Waits for the next bytes of the body.
  func read(isolation: isolated (any Actor)?) async -> Result<[UInt8]?, HTTPFailure> {
    // Whatever is there is handed over without putting the task to sleep.
    if !Task.isCancelled, let ready = readNow() { return ready }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let ready = readNow(orWait: Waiter(continuation))
        if let ready { continuation.resume(returning: ready) }
      }
    } onCancel: {
      cancel()
    }
  }

  private func readNow(orWait waiter: BodyWaiter? = nil) -> Result<[UInt8]?, HTTPFailure>? {
    let (ready, wasPaused) = state.withLock { state in
      guard let ready = state.take() else {
        state.bodyWaiter = waiter
        return (nil, false) as (Result<[UInt8]?, HTTPFailure>?, Bool)
      }
      return (ready, state.unpause())
    }
    if wasPaused { _ = inbox.post(.resume(self)) }
    return ready
  }

  /// Makes the caller the body's reader; false when there is one already.
  func claim() -> Bool {
    state.withLock { state in
      defer { state.isClaimed = true }
      return !state.isClaimed
    }
  }

  /// Ends the exchange for its caller at once, and the transfer as soon as the loop gets to it. Nothing
  /// happens to one that is over, unless somebody still waits for it or has something left to read.
  func cancel() {
    if fail(.cancelled, "the request was cancelled") { _ = inbox.post(.cancel(self)) }
  }

  /// How the time was spent, once the transfer has ended well.
  var timing: HTTPTiming? { state.withLock { $0.timing } }

  var peakBuffered: Int { state.withLock { $0.peakBuffered } }

  // MARK: The loop's side

  var isRunning: Bool { state.withLock { $0.outcome.isRunning } }

  /// Asks whether the request may leave now. After true, it counts as possibly received.
  func begin() -> Bool {
    state.withLock { state in
      guard state.outcome.isRunning else { return false }
      state.hasBegun = true
      return true
    }
  }

  /// What becomes of bytes that arrived.
  enum Reception {
    case taken
    /// The reader is behind: offer them again when it has caught up.
    case later
    /// Nobody wants them.
    case unwanted
  }

  /// The head of the answer is there; `deliver` hands it over.
  func receive(_ head: HTTPHead) {
    state.withLock { $0.head = head }
  }

  /// Bytes of the body are there; `deliver` hands them over. No more than `limit` bytes wait for the reader,
  /// or one piece, unless it wants everything.
  func receive(_ bytes: UnsafeRawBufferPointer, limit: Int) -> Reception {
    state.withLock { state in
      guard state.outcome.isRunning else { return .unwanted }
      let isRoomy = state.isGathering || state.buffer.isEmpty || state.buffer.count + bytes.count <= limit
      guard isRoomy else {
        state.isPaused = true
        return .later
      }
      state.buffer.append(contentsOf: bytes)
      state.peakBuffered = max(state.peakBuffered, state.buffer.count)
      return .taken
    }
  }

  /// The transfer is over; `deliver` says so to whoever waits.
  func settle(_ outcome: Outcome, _ timing: HTTPTiming?) {
    state.withLock { state in
      guard state.outcome.isRunning else { return }
      state.outcome = outcome
      state.timing = timing
    }
  }

  /// Resumes whoever waits for what has arrived. True when receiving had stopped and shall go on.
  func deliver() -> Bool {
    let (headWaiter, head, bodyWaiter, body, wasPaused) = state.withLock { state in
      var headWaiter: HeadWaiter?
      var head: Result<HTTPHead, HTTPFailure>?
      if let arrived = state.head {
        head = .success(arrived)
      } else if case .failed(let failure) = state.outcome {
        head = .failure(failure)
      }
      if head != nil { swap(&headWaiter, &state.headWaiter) }
      var bodyWaiter: BodyWaiter?
      var body: Result<[UInt8]?, HTTPFailure>?
      var wasPaused = false
      if state.bodyWaiter != nil {
        body = state.take()
        if body != nil {
          swap(&bodyWaiter, &state.bodyWaiter)
          wasPaused = state.unpause()
        }
      }
      return (headWaiter, head, bodyWaiter, body, wasPaused)
    }
    if let headWaiter, let head { headWaiter.resume(returning: head) }
    if let bodyWaiter, let body { bodyWaiter.resume(returning: body) }
    return wasPaused
  }

  /// Fails the exchange and resumes whoever waits for it. True when it was running.
  @discardableResult
  func fail(_ kind: HTTPFailure.Kind, _ why: String) -> Bool {
    let (failure, wasRunning, headWaiter, bodyWaiter) = state.withLock { state in
      let wasRunning = state.outcome.isRunning
      let isMissed = state.headWaiter != nil || state.bodyWaiter != nil || !state.buffer.isEmpty
      guard wasRunning || isMissed else {
        return (nil, false, nil, nil) as (HTTPFailure?, Bool, HeadWaiter?, BodyWaiter?)
      }
      let failure = request.failure(kind, state.hasBegun ? .maybeReceived : .neverSent, why)
      defer {
        state.outcome = .failed(failure)
        state.buffer = []
        state.headWaiter = nil
        state.bodyWaiter = nil
      }
      return (failure, wasRunning, state.headWaiter, state.bodyWaiter)
    }
    if let failure {
      headWaiter?.resume(returning: .failure(failure))
      bodyWaiter?.resume(returning: .failure(failure))
    }
    return wasRunning
  }
}

import CCurl
import Foundation

/// The thread that carries all transfers of one client.
///
/// Everything of libcurl's happens here. Callbacks only store what they are given: transfers end, and callers
/// are resumed, after libcurl has returned.
final class EventLoop {
  /// How often messages are handled before the sockets are looked at again: jobs that leave one after the
  /// other hold up no transfer.
  private static let mostRounds = 16

  /// An answer within this time is worth looking for without going to sleep: 0.1 ms.
  private static let quickTime = 100_000

  let settings: HTTPSettings
  /// The time of this turn.
  private(set) var now = Moment.now

  private let multi: UnsafeMutableRawPointer
  private let inbox: Inbox
  private var messages: [Inbox.Message] = []
  private var transfers: [ObjectIdentifier: Transfer] = [:]
  /// Handles that have served and may serve again.
  private var spareHandles: [EasyHandle] = []
  /// Transfers with something to deliver.
  private var newsworthy: [Transfer] = []
  private var sockets: SocketTable
  private var readySockets: [SocketTable.Ready] = []
  /// Whether the last wait for a socket was over within `quickTime`.
  private var isQuick = false
  /// When libcurl wants to be called though no socket is ready.
  private var timer: Moment?
  /// No deadline is before this moment. Deadlines move away as bytes come in, so it can be too early, which
  /// costs one look at all of them, and is never too late.
  private var nextDeadline: Moment?

  /// Starts a loop and gives the way into it.
  static func start(_ settings: HTTPSettings) throws(HTTPFailure) -> Inbox {
    guard CurlLibrary.isReady, let waker = Waker(), let multi = curl_multi_init() else {
      throw HTTPFailure(
        reach: .neverSent, kind: .other, code: Int(CURLE_FAILED_INIT.rawValue), what: "libcurl cannot start")
    }
    let inAll = max(settings.connectionsInAll, 1)
    ccurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, max(settings.connectionsPerHost, 1))
    ccurl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, inAll)
    ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, inAll)
    let handle = MultiHandle(pointer: multi)
    let inbox = Inbox(waker)
    Thread.detachNewThread {
      Thread.current.name = "http"
      EventLoop(settings, handle, inbox).run()
      inbox.end()
    }
    return inbox
  }

  private init(_ settings: HTTPSettings, _ multi: MultiHandle, _ inbox: Inbox) {
    self.settings = settings
    self.multi = multi.pointer
    self.inbox = inbox
    sockets = SocketTable(inbox.waker)
  }

  // MARK: What transfers call

  /// A transfer has something to deliver when libcurl has returned.
  func hasNews(_ transfer: Transfer) {
    guard !transfer.hasNews else { return }
    transfer.hasNews = true
    newsworthy.append(transfer)
  }

  /// Something may be due at this moment.
  func note(_ deadline: Moment) {
    nextDeadline = nextDeadline.map { min($0, deadline) } ?? deadline
  }

  // MARK: The thread

  private func run() {
    setCallbacks()
    while handleMessages() {
      endOverdue()
      let isRested = inbox.fallAsleep()
      if wait(isRested) { inbox.waker.calm() }
      for socket in readySockets where sockets.isWatched(socket.descriptor) {
        guard act(on: socket.descriptor, socket.events) else { return end() }
      }
      readySockets.removeAll(keepingCapacity: true)
      guard runTimer() else { break }
      deliverNews()
    }
    end()
  }

  /// Waits for sockets or messages; true when the loop was woken.
  ///
  /// With one request under way, and the answer before it here at once, the answer is looked for a few times
  /// before the thread sleeps: to sleep and to wake up costs more, in work too. A server that is farther away
  /// than this machine never answers so fast.
  private func wait(_ isRested: Bool) -> Bool {
    let limit = isRested ? waitTime() : 0
    let begin = Moment.now
    var isWoken = false
    if limit > 0, isQuick, transfers.count == 1 {
      repeat {
        isWoken = sockets.wait(0, into: &readySockets)
        now = .now
      } while !isWoken && readySockets.isEmpty && now - begin < Self.quickTime
      isQuick = isWoken || !readySockets.isEmpty
      if isQuick { return isWoken }
    }
    isWoken = sockets.wait(limit, into: &readySockets)
    now = .now
    isQuick = !readySockets.isEmpty && now - begin < Self.quickTime
    return isWoken
  }

  /// Does what is asked until nothing more is, within reason; false when the loop shall end.
  private func handleMessages() -> Bool {
    for _ in 1...Self.mostRounds {
      switch inbox.drain(into: &messages) {
      case .end: return false
      case .rest: return true
      case .work: break
      }
      now = .now
      for message in messages { handle(message) }
      messages.removeAll(keepingCapacity: true)
      guard runTimer() else { return false }
      deliverNews()
    }
    return true
  }

  private func handle(_ message: Inbox.Message) {
    switch message {
    case .run(let job): job.runSynchronously(on: inbox.asUnownedTaskExecutor())
    case .start(let exchange): start(exchange)
    case .cancel(let exchange):
      if let transfer = transfers[ObjectIdentifier(exchange)] { remove(transfer) }
    case .resume(let exchange):
      if let transfer = transfers[ObjectIdentifier(exchange)] { unpause(transfer) }
    case .census(let answer):
      answer(LoopCensus(transfers: transfers.count, spareHandles: spareHandles.count))
    }
  }

  // MARK: libcurl

  private func setCallbacks() {
    let context = Unmanaged.passUnretained(self).toOpaque()
    ccurl_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
    ccurl_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
    ccurl_multi_on_socket(multi) { _, descriptor, wish, context, _ in
      EventLoop.at(context)?.sockets.watch(descriptor, wish)
      return 0
    }
    ccurl_multi_on_timer(multi) { _, milliseconds, context in
      EventLoop.at(context)?.setTimer(milliseconds)
      return 0
    }
  }

  private static func at(_ context: UnsafeMutableRawPointer?) -> EventLoop? {
    context.map { Unmanaged<EventLoop>.fromOpaque($0).takeUnretainedValue() }
  }

  /// 0 means at once, less than 0 never.
  private func setTimer(_ milliseconds: Int) {
    timer = milliseconds < 0 ? nil : milliseconds == 0 ? now : Moment.now + milliseconds * 1_000_000
  }

  /// Lets libcurl do what its clock asks for, new transfers too; false when it cannot go on.
  ///
  /// One transfer that ends can let another one begin, hence the repetition; that it ends is a safeguard, and
  /// what is left is done in the next turn.
  private func runTimer() -> Bool {
    var rounds = 0
    while let timer, timer <= now, rounds < Self.mostRounds {
      self.timer = nil
      guard act(on: CURL_SOCKET_TIMEOUT, 0) else { return false }
      rounds += 1
    }
    return true
  }

  private func act(on descriptor: Int32, _ events: Int32) -> Bool {
    var running: Int32 = 0
    guard curl_multi_socket_action(multi, descriptor, events, &running) == CURLM_OK else { return false }
    collectEnded()
    return true
  }

  private func start(_ exchange: Exchange) {
    guard exchange.isRunning else { return }
    guard let handle = spareHandles.popLast() ?? EasyHandle() else {
      exchange.fail(.other, "libcurl has no memory left")
      return
    }
    let transfer = Transfer(exchange, handle, loop: self)
    var code = handle.prepare(for: transfer, settings)
    if code == CURLE_OK, curl_multi_add_handle(multi, handle.pointer) != CURLM_OK { code = CURLE_FAILED_INIT }
    guard code == CURLE_OK else {
      exchange.fail(.other, "libcurl refused the request: \(CurlLibrary.words(for: code))")
      return
    }
    transfers[ObjectIdentifier(exchange)] = transfer
    note(transfer.nextDeadline)
  }

  /// Takes the transfers that libcurl has ended.
  private func collectEnded() {
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE else { continue }
      let code = message.pointee.data.result
      var context: UnsafeMutableRawPointer?
      ccurl_get_pointer(message.pointee.easy_handle, CURLINFO_PRIVATE, &context)
      if let transfer = Transfer.at(context) { finish(transfer, code) }
    }
  }

  private func endOverdue() {
    guard let deadline = nextDeadline, now >= deadline else { return }
    nextDeadline = nil
    for transfer in Array(transfers.values) {
      if let (kind, why) = transfer.overdue() {
        remove(transfer)
        transfer.exchange.fail(kind, why)
      } else {
        note(transfer.nextDeadline)
      }
    }
  }

  private func deliverNews() {
    while !newsworthy.isEmpty {
      let batch = newsworthy
      newsworthy.removeAll(keepingCapacity: true)
      for transfer in batch {
        transfer.hasNews = false
        if transfer.exchange.deliver() { unpause(transfer) }
      }
    }
  }

  private func unpause(_ transfer: Transfer) {
    // One that has ended gave its handle back.
    guard transfers[ObjectIdentifier(transfer.exchange)] != nil else { return }
    let code = transfer.unpause()
    if code != CURLE_OK { finish(transfer, code) }
  }

  private func finish(_ transfer: Transfer, _ code: CURLcode) {
    let outcome = Verdict.outcome(code, of: transfer)
    let timing = code == CURLE_OK ? HTTPTiming(transfer) : nil
    remove(transfer, isWell: code == CURLE_OK)
    transfer.exchange.settle(outcome, timing)
    hasNews(transfer)
  }

  /// Takes a transfer out of libcurl and of the table; nothing happens to one that is out already.
  private func remove(_ transfer: Transfer, isWell: Bool = false) {
    guard transfers.removeValue(forKey: ObjectIdentifier(transfer.exchange)) != nil else { return }
    curl_multi_remove_handle(multi, transfer.easy)
    guard spareHandles.count < max(settings.connectionsInAll, 1) else { return }
    transfer.handle.rest(isWell: isWell)
    spareHandles.append(transfer.handle)
  }

  /// How long to wait for sockets, in milliseconds, rounded up.
  private func waitTime() -> Int32 {
    guard var moment = timer ?? nextDeadline else { return Int32.max }
    if let nextDeadline { moment = min(moment, nextDeadline) }
    let left = (moment - .now + 999_999) / 1_000_000
    return Int32(min(max(left, 0), Int(Int32.max)))
  }

  private func end() {
    deliverNews()
    var rest = inbox.shut()
    for transfer in Array(transfers.values) {
      remove(transfer)
      transfer.exchange.fail(.cancelled, "the client was closed")
    }
    rest.insert(contentsOf: messages, at: 0)
    for message in rest {
      switch message {
      case .start(let exchange): exchange.fail(.cancelled, "the client was closed")
      case .census(let answer): answer(LoopCensus())
      case .run(let job): globalConcurrentExecutor.enqueue(job)
      case .cancel, .resume: break
      }
    }
    spareHandles = []
    curl_multi_cleanup(multi)
  }
}

import CCurl
import Foundation

/// The thread that carries all transfers of one client.
///
/// Everything of libcurl's happens here but waking it. Callbacks only store what they are given: transfers
/// end, and callers are resumed, after libcurl has returned.
final class EventLoop {
  let settings: HTTPSettings
  /// The time of this turn.
  private(set) var now = ContinuousClock.now

  private let multi: UnsafeMutableRawPointer
  private let inbox: Inbox
  private var messages: [Inbox.Message] = []
  private var transfers: [ObjectIdentifier: Transfer] = [:]
  /// Handles that have served and may serve again.
  private var spareHandles: [UnsafeMutableRawPointer] = []
  /// Whether a transfer has begun or ended since libcurl was last called.
  private var hasMoved = false
  /// Transfers with something to deliver.
  private var newsworthy: [Transfer] = []
  /// No deadline is before this moment. Deadlines move away as bytes come in, so it can be too early, which
  /// costs one look at all of them, and is never too late.
  private var nextDeadline: ContinuousClock.Instant?

  /// Starts a loop and gives the way into it.
  static func start(_ settings: HTTPSettings) throws(HTTPFailure) -> Inbox {
    guard CurlLibrary.isReady, let multi = curl_multi_init() else {
      throw HTTPFailure(
        reach: .neverSent, kind: .other, code: Int(CURLE_FAILED_INIT.rawValue), what: "libcurl cannot start")
    }
    let inAll = max(settings.connectionsInAll, 1)
    ccurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, max(settings.connectionsPerHost, 1))
    ccurl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, inAll)
    ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, inAll)
    let handle = MultiHandle(pointer: multi)
    let inbox = Inbox(handle)
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
  }

  /// A transfer has something to deliver when libcurl has returned.
  func hasNews(_ transfer: Transfer) {
    guard !transfer.hasNews else { return }
    transfer.hasNews = true
    newsworthy.append(transfer)
  }

  /// A transfer got its connection.
  func hasBegun() {
    hasMoved = true
  }

  /// Something may be due at this moment.
  func note(_ deadline: ContinuousClock.Instant) {
    nextDeadline = nextDeadline.map { min($0, deadline) } ?? deadline
  }

  private func run() {
    while inbox.drain(into: &messages) {
      now = .now
      for message in messages { handle(message) }
      messages.removeAll(keepingCapacity: true)
      guard perform() else { break }
      endOverdue()
      deliverNews()
      guard curl_multi_poll(multi, nil, 0, waitTime(), nil) == CURLM_OK else { break }
    }
    end()
  }

  /// Lets libcurl do what can be done now; false when it cannot go on.
  ///
  /// It is called until no transfer begins or ends any more. libcurl 7.88 moves its clock on when a transfer
  /// begins, and when it has gone through its list drops all wake-ups before that time, also those that it
  /// just gave to transfers further up: one that waits for a connection would then sit beside an idle one,
  /// and one on a shared connection beside bytes that have been read for it, until some other timer runs out.
  private func perform() -> Bool {
    repeat {
      hasMoved = false
      var running: Int32 = 0
      guard curl_multi_perform(multi, &running) == CURLM_OK else { return false }
      collectEnded()
    } while hasMoved
    return true
  }

  private func handle(_ message: Inbox.Message) {
    switch message {
    case .start(let exchange): start(exchange)
    case .cancel(let exchange):
      if let transfer = transfers[ObjectIdentifier(exchange)] { remove(transfer) }
    case .resume(let exchange):
      if let transfer = transfers[ObjectIdentifier(exchange)] { unpause(transfer) }
    case .census(let continuation):
      continuation.resume(
        returning: LoopCensus(transfers: transfers.count, spareHandles: spareHandles.count))
    }
  }

  private func start(_ exchange: Exchange) {
    guard exchange.isRunning else { return }
    guard let easy = spareHandles.popLast() ?? curl_easy_init() else {
      exchange.fail(.other, "libcurl has no memory left")
      return
    }
    let transfer = Transfer(exchange, easy: easy, loop: self)
    let options = TransferOptions(transfer, settings)
    guard options.code == CURLE_OK, curl_multi_add_handle(multi, easy) == CURLM_OK else {
      exchange.fail(.other, "libcurl refused the request: \(CurlLibrary.words(for: options.code))")
      recycle(easy)
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
    remove(transfer)
    transfer.exchange.settle(outcome)
    hasNews(transfer)
  }

  /// Takes a transfer out of libcurl and of the table; nothing happens to one that is out already.
  private func remove(_ transfer: Transfer) {
    guard transfers.removeValue(forKey: ObjectIdentifier(transfer.exchange)) != nil else { return }
    hasMoved = true
    curl_multi_remove_handle(multi, transfer.easy)
    recycle(transfer.easy)
  }

  private func recycle(_ easy: UnsafeMutableRawPointer) {
    if spareHandles.count < max(settings.connectionsInAll, 1) {
      curl_easy_reset(easy)
      spareHandles.append(easy)
    } else {
      curl_easy_cleanup(easy)
    }
  }

  /// How long to wait for sockets, in milliseconds, rounded up. libcurl shortens it for its own clocks.
  private func waitTime() -> Int32 {
    guard let deadline = nextDeadline else { return Int32.max }
    let left = (deadline - .now) / .milliseconds(1)
    return Int32(min(max(left.rounded(.up), 0), Double(Int32.max)))
  }

  private func end() {
    var rest = inbox.shut()
    for transfer in Array(transfers.values) {
      remove(transfer)
      transfer.exchange.fail(.cancelled, "the client was closed")
    }
    rest.append(contentsOf: messages)
    for message in rest {
      switch message {
      case .start(let exchange): exchange.fail(.cancelled, "the client was closed")
      case .census(let continuation): continuation.resume(returning: LoopCensus())
      case .cancel, .resume: break
      }
    }
    for easy in spareHandles { curl_easy_cleanup(easy) }
    spareHandles = []
    curl_multi_cleanup(multi)
  }
}

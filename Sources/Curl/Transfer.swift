import CCurl

/// One transfer on the loop thread: its libcurl handle, what libcurl tells of it, and its clocks.
final class Transfer {
  /// Why this side ended a transfer that libcurl then reports as a mere write or callback error.
  enum Stop {
    case headTooLarge, bodyTooLarge, unwanted, connectionLost
  }

  /// The most bytes that wait for a slow reader before the server is held back.
  private static let bufferLimit = 256 * 1024

  let exchange: Exchange
  let handle: EasyHandle
  var easy: UnsafeMutableRawPointer { handle.pointer }
  var request: CheckedRequest { exchange.request }

  /// Whether bytes of the request may have left.
  private(set) var hasBegun = false
  private(set) var stop: Stop?
  /// Whether libcurl was told to receive no more for now.
  private(set) var isPaused = false
  /// Whether the exchange has news for its caller.
  var hasNews = false
  /// Whether the request was sent again on a new connection.
  private(set) var isRepeated = false
  /// How many nanoseconds a body took to be sent that leaves in more than one piece.
  private(set) var sendTime = 0

  private unowned let loop: EventLoop
  private let totalDeadline: Moment
  private let stallTime: Int
  private var lastMove: Moment
  private var beginning: Moment?
  private var uploaded = 0
  private var headReader = HeadReader()
  private var headerBytes = 0
  private var bodyBytes = 0

  init(_ exchange: Exchange, _ handle: EasyHandle, loop: EventLoop) {
    self.exchange = exchange
    self.handle = handle
    self.loop = loop
    let timeouts = exchange.request.timeouts
    totalDeadline = loop.now + HTTPTimeouts.nanoseconds(timeouts.total)
    stallTime = HTTPTimeouts.nanoseconds(timeouts.stall)
    lastMove = loop.now
  }

  /// The transfer behind a pointer that libcurl hands back.
  static func at(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
  }

  // MARK: What libcurl calls

  /// A connection is ready for the request; false keeps it from leaving.
  func mayBegin() -> Bool {
    if hasBegun {
      // libcurl found a kept connection dead after it had sent the request, and wants to send it again.
      guard request.onlyReads else {
        stop = .connectionLost
        return false
      }
      isRepeated = true
      return exchange.isRunning
    }
    guard exchange.begin() else {
      stop = .unwanted
      return false
    }
    hasBegun = true
    lastMove = loop.now
    loop.note(nextDeadline)
    return true
  }

  /// So many bytes of a large body have left.
  func hasSent(_ count: Int) {
    let beginning = beginning ?? Moment.now
    self.beginning = beginning
    if sendTime == 0, let body = request.body, count >= body.count { sendTime = max(.now - beginning, 1) }
  }

  /// A line of the head has arrived; 0 ends the transfer.
  func receiveHeader(_ line: UnsafeBufferPointer<UInt8>) -> Int {
    lastMove = loop.now
    headerBytes += line.count
    guard headerBytes <= loop.settings.maxHeaderBytes else {
      stop = .headTooLarge
      return 0
    }
    guard headReader.whole == nil else { return line.count }
    headReader.read(line)
    if let head = headReader.whole {
      exchange.receive(head)
      loop.hasNews(self)
    }
    return line.count
  }

  /// Bytes of the body have arrived; another number than theirs pauses or ends the transfer.
  func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    lastMove = loop.now
    guard bytes.count <= request.maxBodyBytes - bodyBytes else {
      stop = .bodyTooLarge
      return 0
    }
    switch exchange.receive(bytes, limit: Self.bufferLimit) {
    case .taken:
      bodyBytes += bytes.count
      loop.hasNews(self)
      return bytes.count
    case .later:
      isPaused = true
      return Int(CURL_WRITEFUNC_PAUSE)
    case .unwanted:
      stop = .unwanted
      return 0
    }
  }

  // MARK: Clocks

  /// When something is due at the earliest, unless something moves before.
  var nextDeadline: Moment {
    isWatched ? min(totalDeadline, lastMove + stallTime) : totalDeadline
  }

  /// Whether the stall clock runs. It rests before the request begins and while the reader is behind.
  private var isWatched: Bool { hasBegun && !isPaused }

  /// What is overdue, if anything.
  func overdue() -> (HTTPFailure.Kind, why: String)? {
    if loop.now >= totalDeadline { return (.timedOut, "the request took too long") }
    guard isWatched, loop.now >= lastMove + stallTime else { return nil }
    // libcurl calls nobody while it sends, so what has been sent is looked at only when it matters.
    var sent = 0
    ccurl_get_offset(easy, CURLINFO_SIZE_UPLOAD_T, &sent)
    if sent > uploaded {
      uploaded = sent
      lastMove = loop.now
      return nil
    }
    return (.stalled, "nothing moved for too long")
  }

  /// Lets libcurl receive again; an error other than OK ends the transfer.
  func unpause() -> CURLcode {
    guard isPaused else { return CURLE_OK }
    isPaused = false
    lastMove = loop.now
    loop.note(nextDeadline)
    let code = curl_easy_pause(easy, Int32(CURLPAUSE_CONT))
    // Without a connection there is nothing to let go on: the end of the transfer is on its way.
    return code == CURLE_BAD_FUNCTION_ARGUMENT ? CURLE_OK : code
  }
}

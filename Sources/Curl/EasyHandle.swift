import CCurl

/// One of libcurl's handles, which serves one transfer after the other.
///
/// After a transfer that went well its options stay, and the next one sets only what differs. After any other
/// transfer, or for one of another shape, the handle is reset, so that every option which is not set here has
/// libcurl's default: redirects, `.netrc`, cookies and HTTP/0.9 are off.
final class EasyHandle {
  /// What decides on the options that stay. Requests with a body are never alike.
  private struct Shape: Equatable {
    var isEncrypted: Bool
    var isLoopback: Bool
    var method: String
    var connectTime: Double
  }

  let pointer: UnsafeMutableRawPointer
  /// libcurl's own words about a failure. They can hold parts of the address and are shown to nobody.
  private let words: UnsafeMutablePointer<CChar>
  /// The shape that the options are for; nil when the handle is fresh or reset.
  private var shape: Shape?
  /// The headers in `headerList`.
  private var headers: [HTTPHeader] = []
  /// Request headers, which libcurl reads during the transfer.
  private var headerList: UnsafeMutablePointer<curl_slist>?

  init?() {
    guard let pointer = curl_easy_init() else { return nil }
    self.pointer = pointer
    words = .allocate(capacity: Int(CURL_ERROR_SIZE))
    words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    curl_easy_cleanup(pointer)
    curl_slist_free_all(headerList)
    words.deallocate()
  }

  /// Tells libcurl all about one transfer, to which the handle then refers: it must stay until libcurl is
  /// done with it.
  func prepare(for transfer: Transfer, _ settings: HTTPSettings) -> CURLcode {
    let request = transfer.request
    let next = Shape(
      isEncrypted: request.destination.isEncrypted, isLoopback: request.destination.isLoopback,
      method: request.method, connectTime: request.timeouts.connect)
    var options = TransferOptions(pointer)
    let isAlike = shape == next && request.body == nil
    if !isAlike {
      reset()
      options.setLasting(request, settings, words)
      shape = request.body == nil ? next : nil
    }
    if !isAlike || headers != request.headers {
      let lines = HeaderLines.lines(of: request, settings)
      let list = HeaderLines.list(lines)
      options.setHeaders(list, isMissing: list == nil && !lines.isEmpty)
      curl_slist_free_all(headerList)
      (headers, headerList) = (request.headers, list)
    }
    options.setPassing(transfer)
    return options.code
  }

  /// Whether libcurl's words about the failure hold these.
  func says(_ part: String) -> Bool {
    String(cString: words).contains(part)
  }

  /// After a transfer. One that did not go well leaves nothing behind.
  func rest(isWell: Bool) {
    if !isWell || shape == nil { reset() }
  }

  private func reset() {
    curl_easy_reset(pointer)
    curl_slist_free_all(headerList)
    (headers, headerList, shape) = ([], nil, nil)
    words.pointee = 0
  }
}

import CCurl

/// Sets libcurl's options of one transfer.
struct TransferOptions {
  /// Bodies up to this many bytes leave in one piece, so that there is nothing to measure about it.
  static let bytesInOnePiece = 16 * 1024

  private let easy: UnsafeMutableRawPointer
  /// The first error; later options change nothing about it.
  private(set) var code = CURLE_OK

  init(_ easy: UnsafeMutableRawPointer) {
    self.easy = easy
  }

  /// Options that stay from one transfer to the next of the same shape, on a handle that is fresh or reset.
  mutating func setLasting(
    _ request: CheckedRequest, _ settings: HTTPSettings, _ words: UnsafeMutablePointer<CChar>
  ) {
    set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(words))
    setRoute(request, settings)
    setSecurity(settings)
    setMethod(request)
    // Undoes all encodings that libcurl knows; `HeaderLines` asks for them.
    set(CURLOPT_ACCEPT_ENCODING, "")
    // Only for the proxy: `HeaderLines` writes it into the request.
    if !request.destination.isLoopback, settings.proxy != nil { set(CURLOPT_USERAGENT, settings.userAgent) }
    setCallbacks()
  }

  /// Options of this transfer alone.
  mutating func setPassing(_ transfer: Transfer) {
    set(CURLOPT_URL, transfer.request.url)
    let context = Unmanaged.passUnretained(transfer).toOpaque()
    set(CURLOPT_PRIVATE, context)
    set(CURLOPT_PREREQDATA, context)
    set(CURLOPT_HEADERDATA, context)
    set(CURLOPT_WRITEDATA, context)
    guard let body = transfer.request.body, body.count > Self.bytesInOnePiece else { return }
    set(CURLOPT_XFERINFODATA, context)
    set(CURLOPT_NOPROGRESS, 0)
    check(
      ccurl_set_progress(easy) { context, _, _, _, sent in
        Transfer.at(context)?.hasSent(sent)
        return 0
      })
  }

  /// Headers of the request. The list must outlive the transfer.
  mutating func setHeaders(_ list: UnsafeMutablePointer<curl_slist>?, isMissing: Bool) {
    check(isMissing ? CURLE_OUT_OF_MEMORY : ccurl_set_list(easy, CURLOPT_HTTPHEADER, list))
  }

  private mutating func setRoute(_ request: CheckedRequest, _ settings: HTTPSettings) {
    let destination = request.destination
    set(CURLOPT_PROTOCOLS_STR, destination.isEncrypted ? "https" : "http")
    set(CURLOPT_FOLLOWLOCATION, 0)
    // An empty text turns off the proxies of the environment. What goes to this machine never leaves it.
    set(CURLOPT_PROXY, destination.isLoopback ? "" : settings.proxy ?? "")
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    if destination.isEncrypted {
      set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
      // Rather wait for the first connection to turn out as HTTP/2 than open many.
      set(CURLOPT_PIPEWAIT, 1)
    } else {
      set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    }
    // Signals belong to the process, and libcurl would otherwise use one for name look-ups.
    set(CURLOPT_NOSIGNAL, 1)
    // Without it, ending a transfer that waits for a name would block the loop until the name is known.
    set(CURLOPT_QUICK_EXIT, 1)
    set(CURLOPT_TCP_KEEPALIVE, 1)
    set(CURLOPT_CONNECTTIMEOUT_MS, HTTPTimeouts.milliseconds(request.timeouts.connect))
  }

  private mutating func setSecurity(_ settings: HTTPSettings) {
    set(CURLOPT_SSL_VERIFYPEER, 1)
    set(CURLOPT_SSL_VERIFYHOST, 2)
    set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    if let file = settings.caFile {
      set(CURLOPT_CAINFO, file)
      // The directory of the system would stay trusted beside the file.
      check(ccurl_set_string(easy, CURLOPT_CAPATH, nil))
    }
    if let certificate = settings.clientCertificate { set(CURLOPT_SSLCERT, certificate) }
    if let key = settings.clientKey { set(CURLOPT_SSLKEY, key) }
  }

  private mutating func setMethod(_ request: CheckedRequest) {
    let method = request.method
    if method == "HEAD" {
      set(CURLOPT_NOBODY, 1)
    } else if request.carriesBody {
      setBody(request.body ?? [])
      if method != "POST" { set(CURLOPT_CUSTOMREQUEST, method) }
    } else if method != "GET" {
      set(CURLOPT_CUSTOMREQUEST, method)
    }
  }

  private mutating func setBody(_ body: [UInt8]) {
    set(CURLOPT_POST, 1)
    check(ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, body.count))
    body.withUnsafeBytes { bytes in
      if bytes.isEmpty {
        set(CURLOPT_COPYPOSTFIELDS, "")
      } else {
        check(ccurl_set_bytes(easy, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress))
      }
    }
  }

  private mutating func setCallbacks() {
    check(
      ccurl_set_before_request(easy) { context, _, _, _, _ in
        Transfer.at(context)?.mayBegin() == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
      })
    check(
      ccurl_set_receiver(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
        let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
        return line.withMemoryRebound(to: UInt8.self) { Transfer.at(context)?.receiveHeader($0) ?? 0 }
      })
    check(
      ccurl_set_receiver(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
        Transfer.at(context)?.receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
      })
  }

  private mutating func set(_ option: CURLoption, _ value: Int) {
    check(ccurl_set_long(easy, option, value))
  }

  private mutating func set(_ option: CURLoption, _ value: String) {
    check(ccurl_set_string(easy, option, value))
  }

  private mutating func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) {
    check(ccurl_set_pointer(easy, option, value))
  }

  private mutating func check(_ code: CURLcode) {
    if self.code == CURLE_OK { self.code = code }
  }
}

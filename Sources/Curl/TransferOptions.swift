import CCurl

/// Tells libcurl all about one transfer.
///
/// A handle comes fresh or reset, so every option that is not set here has libcurl's default: redirects,
/// `.netrc`, cookies and HTTP/0.9 are off.
struct TransferOptions {
  private let easy: UnsafeMutableRawPointer
  /// The first error; later options change nothing about it.
  private(set) var code = CURLE_OK

  /// Sets all options of a transfer, whose handle then refers to it: it must stay until libcurl is done.
  init(_ transfer: Transfer, _ settings: HTTPSettings) {
    easy = transfer.easy
    setAddress(transfer.request, settings)
    setSecurity(settings)
    setMessage(transfer, settings)
    setCallbacks(transfer)
  }

  private mutating func setAddress(_ request: CheckedRequest, _ settings: HTTPSettings) {
    let destination = request.destination
    set(CURLOPT_URL, request.url)
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
      setNothing(CURLOPT_CAPATH)
    }
    if let certificate = settings.clientCertificate { set(CURLOPT_SSLCERT, certificate) }
    if let key = settings.clientKey { set(CURLOPT_SSLKEY, key) }
  }

  private mutating func setMessage(_ transfer: Transfer, _ settings: HTTPSettings) {
    let request = transfer.request
    let method = request.method
    if method == "HEAD" {
      set(CURLOPT_NOBODY, 1)
    } else if request.body != nil || ["POST", "PUT", "PATCH"].contains(method) {
      setBody(request.body ?? [])
      if method != "POST" { set(CURLOPT_CUSTOMREQUEST, method) }
    } else if method != "GET" {
      set(CURLOPT_CUSTOMREQUEST, method)
    }
    // All encodings that libcurl can undo.
    set(CURLOPT_ACCEPT_ENCODING, "")
    set(CURLOPT_USERAGENT, settings.userAgent)
    transfer.headerList = headerLines(request)
    check(ccurl_set_list(easy, CURLOPT_HTTPHEADER, transfer.headerList))
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

  /// The headers in libcurl's notation, where `Name:` takes a header away and `Name;` sends an empty one.
  private mutating func headerLines(_ request: CheckedRequest) -> UnsafeMutablePointer<curl_slist>? {
    var list: UnsafeMutablePointer<curl_slist>?
    func append(_ line: String) {
      guard let longer = curl_slist_append(list, line) else {
        check(CURLE_OUT_OF_MEMORY)
        return
      }
      list = longer
    }
    var hasContentType = false
    for header in request.headers {
      if header.isNamed("Content-Type") { hasContentType = true }
      let isEmpty = header.value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
      append(isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
    }
    append("Expect:")
    // libcurl would call every body a form.
    if !hasContentType { append("Content-Type:") }
    return list
  }

  private mutating func setCallbacks(_ transfer: Transfer) {
    let context = Unmanaged.passUnretained(transfer).toOpaque()
    set(CURLOPT_PRIVATE, context)
    set(CURLOPT_PREREQDATA, context)
    set(CURLOPT_HEADERDATA, context)
    set(CURLOPT_WRITEDATA, context)
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

  private mutating func setNothing(_ option: CURLoption) {
    check(ccurl_set_string(easy, option, nil))
  }

  private mutating func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) {
    check(ccurl_set_pointer(easy, option, value))
  }

  private mutating func check(_ code: CURLcode) {
    if self.code == CURLE_OK { self.code = code }
  }
}

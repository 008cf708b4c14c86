import CCurl

/// Where a request goes, as libcurl's own parser reads the address, so that no trick of spelling can make
/// this check and the transfer see different hosts.
struct Destination: Sendable {
  /// Scheme, host and port: all of the address that failures may show.
  let origin: String

  /// Whether the host is this machine: 127.0.0.0/8, ::1 or localhost, which libcurl never looks up.
  let isLoopback: Bool

  /// Whether the request is encrypted.
  let isEncrypted: Bool

  /// Reads an address and refuses all that may not be spoken.
  init(_ url: String) throws(HTTPFailure) {
    guard !url.utf8.contains(0), let parts = curl_url() else {
      throw Self.refusal("the address cannot be read")
    }
    defer { curl_url_cleanup(parts) }
    guard curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK,
      let scheme = Self.part(CURLUPART_SCHEME, of: parts)
    else {
      throw Self.refusal("the address cannot be read; it must begin with https:// and a host")
    }
    guard scheme == "https" || scheme == "http",
      let host = Self.part(CURLUPART_HOST, of: parts), !host.isEmpty,
      let port = Self.part(CURLUPART_PORT, of: parts, UInt32(CURLU_DEFAULT_PORT))
    else {
      throw Self.refusal("the address is not one of https")
    }
    origin = "\(scheme)://\(host):\(port)"
    isLoopback = Self.isThisMachine(host)
    isEncrypted = scheme == "https"
    if !isEncrypted && !isLoopback {
      throw Self.refusal("\(origin): plain http is spoken only to this machine; use https")
    }
  }

  /// Whether a host, as libcurl wrote it out, is this machine.
  private static func isThisMachine(_ host: String) -> Bool {
    if host == "[::1]" || HTTPHeader("localhost", "").isNamed(host) { return true }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
  }

  private static func part(_ part: CURLUPart, of url: OpaquePointer, _ flags: UInt32 = 0) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(url, part, &text, flags) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }

  private static func refusal(_ what: String) -> HTTPFailure {
    HTTPFailure(reach: .neverSent, kind: .badRequest, what: what)
  }
}

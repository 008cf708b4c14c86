import CCurl

/// Says in the words of `HTTPFailure` how a transfer ended.
///
/// libcurl's own message about a failure is not used: it can hold parts of the address.
enum Verdict {
  /// The outcome of a transfer that libcurl ended with this error number.
  static func outcome(_ code: CURLcode, of transfer: Transfer) -> Exchange.Outcome {
    if code == CURLE_OK && transfer.stop == nil { return .complete }
    let (kind, why) = reason(code, of: transfer)
    let reach: HTTPFailure.Reach = transfer.hasBegun ? .maybeReceived : .neverSent
    return .failed(transfer.request.failure(kind, reach, code: Int(code.rawValue), why))
  }

  private static func reason(_ code: CURLcode, of transfer: Transfer) -> (HTTPFailure.Kind, String) {
    switch transfer.stop {
    case .headTooLarge: (.tooLarge, "the head of the answer is larger than allowed")
    case .bodyTooLarge:
      (.tooLarge, "the answer is larger than the \(transfer.request.maxBodyBytes) bytes allowed")
    case .unwanted: (.cancelled, "the request was cancelled")
    case .connectionLost: (.disconnected, "the connection closed before an answer came")
    case nil:
      alert(transfer) ?? (transfer.hasBegun ? afterSending(code) : beforeSending(code, of: transfer))
    }
  }

  /// What an alert of the server means, by OpenSSL's words for it. A server of TLS 1.3 looks at the client's
  /// certificate only when the request is on its way, and libcurl then sees a connection that broke.
  private static func alert(_ transfer: Transfer) -> (HTTPFailure.Kind, String)? {
    let handle = transfer.handle
    if handle.says("alert certificate required") {
      return (
        .certificate, "the server asks for a certificate of the client; set the client certificate and key"
      )
    }
    if handle.says("alert handshake failure") {
      return (
        .certificate,
        "the server ended the handshake; it may ask for a certificate of the client, or know no common cipher"
      )
    }
    let refusals = ["alert unknown ca", "alert bad certificate", "alert certificate", "alert decrypt error"]
    guard refusals.contains(where: handle.says) else { return nil }
    return (
      .certificate, "the server refuses the client's own certificate; check that it is the one agreed upon"
    )
  }

  /// Why a proxy made no tunnel, if it was asked for one.
  private static func refusedTunnel(_ transfer: Transfer) -> String? {
    var status = 0
    ccurl_get_long(transfer.easy, CURLINFO_HTTP_CONNECTCODE, &status)
    guard status >= 300 else { return nil }
    return "the proxy refused with status \(status); "
      + (status == 407 ? "check its user and password" : "check its address and its rules")
  }

  private static func afterSending(_ code: CURLcode) -> (HTTPFailure.Kind, String) {
    switch code {
    case CURLE_GOT_NOTHING: (.disconnected, "the connection closed before an answer came")
    case CURLE_PARTIAL_FILE: (.disconnected, "the connection closed in the middle of the answer")
    case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_SSL_SHUTDOWN_FAILED:
      (.disconnected, "the connection broke")
    case CURLE_HTTP2_STREAM: (.disconnected, "the server ended the HTTP/2 stream")
    // libcurl calls it so when a line of a head, or what it inflated for a paused reader, passes its limits.
    case CURLE_OUT_OF_MEMORY, CURLE_FILESIZE_EXCEEDED:
      (.tooLarge, "the answer is larger than libcurl can hold")
    case CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR:
      (.unreadable, "the compression of the answer is damaged")
    case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_HTTP2, CURLE_HTTP3:
      (.unreadable, "the answer is not HTTP")
    default: connecting(code) ?? (.other, CurlLibrary.words(for: code))
    }
  }

  private static func beforeSending(
    _ code: CURLcode, of transfer: Transfer
  ) -> (HTTPFailure.Kind, String) {
    if let why = refusedTunnel(transfer) { return (.refused, why) }
    return switch code {
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: (.badRequest, "the address cannot be used")
    case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING:
      (.refused, "the connection broke before it was ready")
    case CURLE_PEER_FAILED_VERIFICATION: (.certificate, certificateTrouble(transfer))
    default: connecting(code) ?? (.other, CurlLibrary.words(for: code))
    }
  }

  /// Failures on the way to a connection, which a second connection of one request can meet too.
  private static func connecting(_ code: CURLcode) -> (HTTPFailure.Kind, String)? {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST: (.unresolved, "the name of the host has no address")
    case CURLE_COULDNT_RESOLVE_PROXY: (.unresolved, "the name of the proxy has no address")
    case CURLE_COULDNT_CONNECT: (.refused, "no connection came about")
    case CURLE_PROXY: (.refused, "the proxy made no connection; check its address")
    case CURLE_OPERATION_TIMEDOUT: (.connectTimedOut, "the connection was not ready in time")
    case CURLE_SSL_CACERT_BADFILE:
      (.certificate, "the file of trusted authorities cannot be read; check its path and that it is PEM")
    case CURLE_SSL_CERTPROBLEM:
      (
        .certificate,
        "the client's own certificate or key cannot be used; check that both files can be read, are PEM, "
          + "have no password, and belong together"
      )
    case CURLE_PEER_FAILED_VERIFICATION: (.certificate, "the certificate is not trusted")
    case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
      CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR,
      CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT:
      (
        .certificate,
        "no TLS came about; the server must speak version 1.2 or later on this port "
          + "(\(CurlLibrary.words(for: code)))"
      )
    default: nil
    }
  }

  /// Why a certificate was refused, by the numbers of X509_verify_cert_error_string(3).
  private static func certificateTrouble(_ transfer: Transfer) -> String {
    var reason = 0
    ccurl_get_long(transfer.easy, CURLINFO_SSL_VERIFYRESULT, &reason)
    return switch reason {
    // libcurl compares the host itself, and the number keeps its first value, 1, until that is done.
    case 0, 1, 62, 64: "the certificate is for another host"
    case 9: "the certificate is not yet valid; check the clock of this machine"
    case 10: "the certificate has expired; the server needs a new one"
    case 18, 19:
      "the certificate is signed by itself and not trusted; to trust it, name it as the file of authorities"
    case 2, 20, 21:
      "the authority that signed the certificate is not trusted; to trust it, name its certificate as the file "
        + "of authorities"
    default: "the certificate is not trusted"
    }
  }
}

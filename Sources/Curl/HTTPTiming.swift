import CCurl

/// How the time of one request was spent, in seconds, and over which connection it went.
///
/// The wait for a free connection is in none of the parts.
public struct HTTPTiming: Hashable, Sendable {
  /// Looking up the host's name; nil on a connection that was open already.
  public var lookup: Double?
  /// Connecting, without TLS; nil on a connection that was open already.
  public var connect: Double?
  /// Agreeing on TLS, and on the tunnel through a proxy; nil on a connection that was open already, or
  /// without TLS.
  public var tls: Double?
  /// Sending the body of the request; 0 where it is not more than 16 KiB, which leave in one piece.
  public var send: Double
  /// From the last byte of the request to the first byte of the answer.
  public var wait: Double
  /// From the first to the last byte of the answer.
  public var receive: Double
  /// Bytes of the answer as they came, before decompression: its head and its body.
  public var bytesOnWire: Int
  /// The address that was spoken to, for example `192.0.2.7` or `2001:db8::7`: a proxy's where there is one.
  public var remoteAddress: String
  /// Whether the request was sent twice, because the connection that was kept for it turned out dead. Only
  /// GET and HEAD are.
  public var isRepeated: Bool

  /// Asks libcurl about a transfer that ended well.
  init(_ transfer: Transfer) {
    let easy = transfer.easy
    func seconds(_ info: CURLINFO) -> Double {
      var microseconds = 0
      ccurl_get_offset(easy, info, &microseconds)
      return Double(microseconds) / 1e6
    }
    var (connections, headBytes, bodyBytes) = (0, 0, 0)
    ccurl_get_long(easy, CURLINFO_NUM_CONNECTS, &connections)
    ccurl_get_long(easy, CURLINFO_HEADER_SIZE, &headBytes)
    ccurl_get_offset(easy, CURLINFO_SIZE_DOWNLOAD_T, &bodyBytes)
    if connections > 0 {
      let (lookup, connect) = (seconds(CURLINFO_NAMELOOKUP_TIME_T), seconds(CURLINFO_CONNECT_TIME_T))
      self.lookup = lookup
      self.connect = max(connect - lookup, 0)
      let tls = seconds(CURLINFO_APPCONNECT_TIME_T)
      self.tls = tls > 0 ? max(tls - connect, 0) : nil
    }
    let (begun, first) = (seconds(CURLINFO_PRETRANSFER_TIME_T), seconds(CURLINFO_STARTTRANSFER_TIME_T))
    send = Double(transfer.sendTime) / 1e9
    wait = max(first - begun - send, 0)
    receive = max(seconds(CURLINFO_TOTAL_TIME_T) - first, 0)
    bytesOnWire = headBytes + bodyBytes
    var address: UnsafePointer<CChar>?
    ccurl_get_string(easy, CURLINFO_PRIMARY_IP, &address)
    remoteAddress = address.map { String(cString: $0) } ?? ""
    isRepeated = transfer.isRepeated
  }
}

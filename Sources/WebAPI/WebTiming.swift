/// How the time of one request was spent, in seconds, and over which connection it went.
public struct WebTiming: Hashable, Sendable {
  /// Looking up the host's name; nil on a connection that was open already.
  public var lookup: Double?
  /// Connecting, without TLS; nil on a connection that was open already.
  public var connect: Double?
  /// Agreeing on TLS, and on the tunnel through a proxy; nil on a connection that was open already, or without
  /// TLS.
  public var tls: Double?
  /// Sending the body of the request; 0 where it is not more than 16 KiB, which leave in one piece.
  public var send: Double
  /// From the last byte of the request to the first byte of the answer.
  public var wait: Double
  /// From the first to the last byte of the answer.
  public var receive: Double
  /// Bytes of the answer as they came, before decompression: its head and its body.
  public var bytesOnWire: Int
  /// The address that was spoken to, for example `192.0.2.7` or `2001:db8::7`; empty if it is not known.
  public var remoteAddress: String
  /// The version of HTTP: `1.1` or `2`.
  public var version: String
  /// Whether the request was sent twice, because the connection that was kept for it turned out dead. Only GET
  /// and HEAD are.
  public var isRepeated: Bool

  /// Puts a timing together.
  public init(
    lookup: Double? = nil, connect: Double? = nil, tls: Double? = nil, send: Double = 0, wait: Double = 0,
    receive: Double = 0, bytesOnWire: Int = 0, remoteAddress: String = "", version: String = "1.1",
    isRepeated: Bool = false
  ) {
    self.lookup = lookup
    self.connect = connect
    self.tls = tls
    self.send = send
    self.wait = wait
    self.receive = receive
    self.bytesOnWire = bytesOnWire
    self.remoteAddress = remoteAddress
    self.version = version
    self.isRepeated = isRepeated
  }
}

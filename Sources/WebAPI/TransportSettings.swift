/// What holds for all requests of one transport.
public struct TransportSettings: Sendable {
  /// Connections to one host at the same time; further requests wait for one.
  public var connectionsPerHost: Int
  /// A file of PEM certificates to trust in place of the system's.
  public var caFile: String?
  /// A PEM file with the certificate by which this client identifies itself.
  public var clientCertificate: String?
  /// The PEM file with the private key of `clientCertificate`, which has no password.
  public var clientKey: String?
  /// The proxy's URL, with `user:password@` if it wants them; the environment's proxy variables are not looked at.
  public var proxy: String?
  /// Sent as the `User-Agent` header.
  public var userAgent: String

  /// Makes settings; without any the system's certificates are trusted and no proxy is used.
  public init(
    connectionsPerHost: Int = 4, caFile: String? = nil, clientCertificate: String? = nil,
    clientKey: String? = nil, proxy: String? = nil, userAgent: String = "leadgauge"
  ) {
    self.connectionsPerHost = connectionsPerHost
    self.caFile = caFile
    self.clientCertificate = clientCertificate
    self.clientKey = clientKey
    self.proxy = proxy
    self.userAgent = userAgent
  }
}

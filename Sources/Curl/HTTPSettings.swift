/// What holds for all requests of one client.
public struct HTTPSettings: Sendable {
  /// The most connections to one host at a time; requests beyond wait for one. At least 1.
  public var connectionsPerHost: Int

  /// The most connections to all hosts together, idle ones included. At least 1.
  public var connectionsInAll: Int

  /// A PEM file with the authorities to trust instead of the system's.
  public var caFile: String?

  /// The proxy for requests that leave this machine, for instance `http://proxy.example:3128`. Without it
  /// there is none: variables of the environment such as `https_proxy` are not looked at.
  public var proxy: String?

  /// A PEM file with the certificate by which this client identifies itself.
  public var clientCertificate: String?

  /// The PEM file with the private key of `clientCertificate`.
  public var clientKey: String?

  /// What the `User-Agent` header says, unless a request has its own.
  public var userAgent: String

  /// The most bytes of answer headers, trailers and interim answers included. libcurl refuses one line over
  /// 100 KiB and heads over 300 KB whatever stands here.
  public var maxHeaderBytes: Int

  /// Settings with defaults that suit one account on one platform.
  public init(
    connectionsPerHost: Int = 4, connectionsInAll: Int = 32, caFile: String? = nil, proxy: String? = nil,
    clientCertificate: String? = nil, clientKey: String? = nil, userAgent: String = "libcurl",
    maxHeaderBytes: Int = 256 * 1024
  ) {
    self.connectionsPerHost = connectionsPerHost
    self.connectionsInAll = connectionsInAll
    self.caFile = caFile
    self.proxy = proxy
    self.clientCertificate = clientCertificate
    self.clientKey = clientKey
    self.userAgent = userAgent
    self.maxHeaderBytes = maxHeaderBytes
  }
}

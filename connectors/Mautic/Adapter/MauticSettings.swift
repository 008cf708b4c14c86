import Foundation
import Platform
import WebAPI

/// What the configuration says about a connection to Mautic.
struct MauticSettings: Sendable {
  /// How one logs in.
  enum Login: Sendable {
    case basic(user: String, password: String)
    case client(id: String, secret: String)
  }

  /// `https://host` or `https://host/folder`, without a slash at the end.
  var url: String
  var login: Login
  /// True if the secret stands in the configuration itself.
  var hasPlainSecret = false
  var network = NetworkSettings()

  /// Reads the settings; nil if something was reported.
  static func read(_ settings: ConnectionSettings, context: ConnectorContext) -> MauticSettings? {
    let before = settings.problems.problems.count
    // The pipeline reads these two.
    _ = settings.optional("platform")
    _ = settings.optional("write")
    let url = settings.required("url", cure: "Name Mautic's address: url: https://m.example.com")
    let address = url.flatMap { readAddress($0) }
    var hasPlainSecret = false
    let auth = settings.required(
      "auth", cure: "Write auth: { user: api, password: \"${MAUTIC_PASSWORD}\" }")?.mapping()
    var login: Login?
    if let auth { login = readLogin(auth, &hasPlainSecret) }
    let network = settings.network(in: context.folder)
    checkAliases(settings, context.fields)
    settings.finish("the connection '\(context.name)'")
    guard settings.problems.problems.count == before, let address, let login else { return nil }
    return MauticSettings(url: address, login: login, hasPlainSecret: hasPlainSecret, network: network)
  }

  private static func readLogin(_ auth: ConnectionSettings, _ isPlain: inout Bool) -> Login? {
    func text(_ key: String, isSecret: Bool) -> String? {
      guard let value = auth.required(key, cure: "Write \(key): and its value") else { return nil }
      if isSecret, let raw = value.rawText, !raw.contains("${") { isPlain = true }
      guard let text = value.text() else { return nil }
      if text.isEmpty { value.report("'\(key)' is empty", cure: "Write its value") }
      return text
    }
    let isClient = auth.has("clientId") || auth.has("clientSecret")
    if isClient, let position = auth.position(of: "user") ?? auth.position(of: "password") {
      auth.problems.report(
        "'auth' has a user and a client", at: position,
        cure: "Write either user and password, or clientId and clientSecret")
      // They are known here, if not wanted.
      _ = auth.optional("user")
      _ = auth.optional("password")
    }
    let result: Login?
    if isClient {
      let (id, secret) = (text("clientId", isSecret: false), text("clientSecret", isSecret: true))
      result = id.flatMap { id in secret.map { Login.client(id: id, secret: $0) } }
    } else {
      let (user, password) = (text("user", isSecret: false), text("password", isSecret: true))
      result = user.flatMap { user in password.map { Login.basic(user: user, password: $0) } }
    }
    auth.finish("'auth'")
    return result
  }

  private static func readAddress(_ value: SettingValue) -> String? {
    guard let text = value.text(expected: "an address") else { return nil }
    var trimmed = Substring(text)
    while trimmed.last == "/" { trimmed.removeLast() }
    if trimmed.hasSuffix("/api") { trimmed.removeLast(4) }
    while trimmed.last == "/" { trimmed.removeLast() }
    guard let parts = URLComponents(string: String(trimmed)), let host = parts.host, !host.isEmpty,
      let scheme = parts.scheme?.lowercased(), scheme == "https" || scheme == "http"
    else {
      value.report(
        "this is no address of a Mautic", cure: "Write it with https://, for example https://m.example.com")
      return nil
    }
    if parts.user != nil || parts.password != nil || parts.query != nil || parts.fragment != nil {
      value.report(
        "the address may hold a host and a folder, nothing else",
        cure: "Credentials go into auth:, parameters are added by themselves")
      return nil
    }
    if scheme == "http", !isThisMachine(host) {
      value.report(
        "http would send the credentials in the clear", cure: "Use https; http goes to this machine only")
      return nil
    }
    return String(trimmed)
  }

  /// `127.example.com` is somewhere else.
  private static func isThisMachine(_ host: String) -> Bool {
    let bare = host.lowercased().trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
    if bare == "localhost" || bare == "::1" { return true }
    let numbers = bare.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
  }

  /// A field's alias in Mautic is lower case and has at most 25 characters; longer ones are cut in silence.
  private static func checkAliases(_ settings: ConnectionSettings, _ fields: WrittenFields?) {
    guard let fields else { return }
    var names = [fields.band, fields.reasons].compactMap(\.self)
    if case .field(let name) = fields.score { names.append(name) }
    for name in names where !isAlias(name) {
      settings.problems.report(
        "'\(name)' is no alias of a field in Mautic",
        at: settings.position(of: "write") ?? settings.position,
        cure: "Use at most 25 of a-z, 0-9 and _, beginning with a letter, and not points, segment or source")
    }
  }

  private static func isAlias(_ name: String) -> Bool {
    guard name.utf8.count <= 25, let first = name.utf8.first, (0x61...0x7A).contains(first),
      !["points", "segment", "source"].contains(name)
    else { return false }
    return name.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
    }
  }

  /// What must stand in no message.
  var secrets: [String] {
    let secret =
      switch login {
      case .basic(_, let password): password
      case .client(_, let secret): secret
      }
    return [secret] + (network.proxy.flatMap { URLComponents(string: $0)?.password }.map { [$0] } ?? [])
  }

  /// What the network needs to know; nil: the usual way.
  var transport: TransportSettings? {
    guard network != NetworkSettings() else { return nil }
    return TransportSettings(
      caFile: network.caFile, clientCertificate: network.certificate, clientKey: network.key,
      proxy: network.proxy)
  }

  var authorization: any Authorization {
    switch login {
    case .basic(let user, let password): return BasicAuthorization(user: user, password: password)
    case .client(let id, let secret):
      return OAuth2ClientCredentials(
        tokenURL: url + "/oauth/v2/token", clientID: id, clientSecret: secret)
    }
  }
}

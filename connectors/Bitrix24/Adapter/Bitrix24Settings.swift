import Foundation
import Platform
import Scoring
import WebAPI

/// What the configuration says about a connection to Bitrix24.
struct Bitrix24Settings: Sendable {
  /// How one logs in.
  enum Login: Sendable {
    /// The address of a webhook, whose last part is the password.
    case webhook(address: String, secret: String)
    /// The portal's address and an application's keys.
    case app(url: String, id: String, secret: String, refreshToken: String)
  }

  /// Whether leads are people here, too.
  enum Leads: String, CaseIterable, Sendable {
    /// If the portal is in classic mode.
    case auto
    case yes = "true"
    case no = "false"
  }

  var login: Login
  /// Where access tokens are asked for; nil: found by the portal's region.
  var oauth: String?
  var leads = Leads.auto
  /// How often everybody is listed anew, which is the only way to see that somebody is gone.
  var sweep = TimeSpan.days(7)
  /// Whether the portal has the Enterprise plan, which may send more requests.
  var isEnterprise = false
  /// Working time of each method that the portal allows in ten minutes.
  var operating = TimeSpan(seconds: 480)
  /// True if a secret stands in the configuration itself.
  var hasPlainSecret = false
  var network = NetworkSettings()

  init(login: Login) {
    self.login = login
  }

  /// Reads the settings; nil if something was reported.
  static func read(_ map: ConnectionSettings, context: ConnectorContext) -> Bitrix24Settings? {
    let before = map.problems.problems.count
    // The pipeline reads these two.
    _ = map.optional("platform")
    _ = map.optional("write")
    var hasPlainSecret = false
    let login = readLogin(map, &hasPlainSecret)
    var settings = Bitrix24Settings(login: login ?? .webhook(address: "", secret: ""))
    settings.hasPlainSecret = hasPlainSecret
    settings.readDetails(map)
    settings.network = map.network(in: context.folder)
    FieldNames.check(map, context.fields)
    map.finish("the connection '\(context.name)'")
    guard map.problems.problems.count == before, login != nil else { return nil }
    return settings
  }

  private mutating func readDetails(_ map: ConnectionSettings) {
    if let value = map.optional("oauth") {
      oauth = Self.address(value, cure: "Write for example oauth: https://oauth.bitrix.info")
      if !isApp {
        value.report("'oauth' goes with 'auth' alone", cure: "Take it out: a webhook needs no tokens")
      }
    }
    if let value = map.optional("leads"), let text = value.text(expected: "auto, true or false") {
      if let found = Leads(rawValue: text) {
        leads = found
      } else {
        value.report("'\(text)' is none of auto, true and false", cure: "Leave leads: out for auto")
      }
    }
    if let span = Self.span(map, "sweep", example: "7d") { sweep = span }
    if let span = Self.span(map, "operating", example: "480s") { operating = span }
    if let value = map.optional("enterprise") { isEnterprise = value.boolean() ?? false }
  }

  private static func span(_ map: ConnectionSettings, _ key: String, example: String) -> TimeSpan? {
    guard let value = map.optional(key), let text = value.text(expected: "a length of time") else {
      return nil
    }
    if let span = TimeSpan(text) { return span }
    value.report("'\(text)' is no length of time", cure: "Write for example \(key): \(example)")
    return nil
  }

  // MARK: Logging in

  private static func readLogin(_ map: ConnectionSettings, _ isPlain: inout Bool) -> Login? {
    guard map.has("auth") || map.has("url") else {
      guard
        let value = map.required(
          "webhook", cure: "Write webhook: \"${BITRIX24_WEBHOOK}\", or url: and auth: of an application")
      else { return nil }
      if let raw = value.rawText, !raw.contains("${") { isPlain = true }
      return readWebhook(value)
    }
    if let position = map.position(of: "webhook") {
      _ = map.optional("webhook")
      map.problems.report(
        "there is a webhook and an application", at: position,
        cure: "Write either webhook:, or url: and auth:")
    }
    let url = map.required("url", cure: "Write url: and the portal's address")
      .flatMap { address($0, cure: "Write for example url: https://portal.bitrix24.com") }
    let auth = map.required("auth", cure: "Write auth: with clientId, clientSecret and refreshToken")?
      .mapping()
    guard let auth else { return nil }
    func text(_ key: String, isSecret: Bool = true) -> String? {
      guard let value = auth.required(key, cure: "Write \(key): and its value") else { return nil }
      if isSecret, let raw = value.rawText, !raw.contains("${") { isPlain = true }
      guard let text = value.text() else { return nil }
      if text.isEmpty { value.report("'\(key)' is empty", cure: "Write its value") }
      return text
    }
    let parts = (text("clientId", isSecret: false), text("clientSecret"), text("refreshToken"))
    auth.finish("'auth'")
    guard let url, let id = parts.0, let secret = parts.1, let token = parts.2 else { return nil }
    return .app(url: url, id: id, secret: secret, refreshToken: token)
  }

  /// No message shows anything of the address: it is the password.
  private static func readWebhook(_ value: SettingValue) -> Login? {
    let cure = "Copy it from Bitrix24 as it is: https://PORTAL/rest/USER/SECRET/"
    guard let address = address(value, cure: cure) else { return nil }
    let parts = address.split(separator: "/", omittingEmptySubsequences: false)
    // Bitrix24 shows it with the name of a method at its end.
    guard (6...7).contains(parts.count), parts[3] == "rest", Int(parts[4]) != nil, !parts[5].isEmpty else {
      value.report("this is no address of a webhook", cure: cure)
      return nil
    }
    return .webhook(address: parts.prefix(6).joined(separator: "/"), secret: String(parts[5]))
  }

  private static func address(_ value: SettingValue, cure: String) -> String? {
    guard let text = value.text(expected: "an address") else { return nil }
    var trimmed = Substring(text)
    while trimmed.last == "/" { trimmed.removeLast() }
    guard let parts = URLComponents(string: String(trimmed)), let host = parts.host, !host.isEmpty,
      let scheme = parts.scheme?.lowercased(), scheme == "https" || scheme == "http"
    else {
      value.report("this is no address", cure: cure)
      return nil
    }
    if parts.user != nil || parts.password != nil || parts.query != nil || parts.fragment != nil {
      value.report("the address may hold a host and a path, nothing else", cure: cure)
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

  // MARK: What follows

  /// What all methods' paths follow.
  var base: String {
    switch login {
    case .webhook(let address, _): address
    case .app(let url, _, _, _): url + "/rest"
    }
  }

  /// Where people open the portal: nothing of a webhook's path, which is a secret.
  var origin: String? {
    guard let parts = URLComponents(string: base), let scheme = parts.scheme, let host = parts.host else {
      return nil
    }
    return "\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? "")
  }

  /// What must stand in no message.
  var secrets: [String] {
    let secrets =
      switch login {
      case .webhook(_, let secret): [secret]
      case .app(_, _, let secret, let token): [secret, token]
      }
    return secrets + (network.proxy.flatMap { URLComponents(string: $0)?.password }.map { [$0] } ?? [])
  }

  /// What the network needs to know; nil: the usual way.
  var transport: TransportSettings? {
    guard network != NetworkSettings() else { return nil }
    return TransportSettings(
      caFile: network.caFile, clientCertificate: network.certificate, clientKey: network.key,
      proxy: network.proxy)
  }

  /// True for an application that logs in by OAuth2.
  var isApp: Bool {
    if case .app = login { return true }
    return false
  }

  /// How requests are signed.
  func authorization(_ context: ConnectorContext) -> any Authorization {
    guard case .app(let url, let id, let secret, let token) = login else { return NoAuthorization() }
    let file = context.privateFile("token.json") ?? "\(context.folder)/\(context.name).token.json"
    func tokens(from host: String) -> OAuth2RefreshToken {
      OAuth2RefreshToken(
        service: OAuth2TokenService(
          tokenURL: host + "/oauth/token/", question: .getQuery, tokenPlace: .parameter("auth"),
          // Asking without need may get the application blocked.
          renewal: .whenRefused, refusals: ["expired_token", "invalid_token"], members: ["server_endpoint"]),
        clientID: id, clientSecret: secret, refreshToken: token, file: file)
    }
    let host = oauth ?? OAuthHost.usual(of: url)
    let usual = tokens(from: host)
    guard oauth == nil, let members = try? usual.members(),
      let told = members["server_endpoint"].flatMap(OAuthHost.known), told != host
    else { return usual }
    return tokens(from: told)
  }
}

/// The hosts that give access tokens, by region.
enum OAuthHost {
  private static let west = "https://oauth.bitrix.info"
  private static let east = "https://oauth.bitrix24.tech"
  private static let easternZones = [".ru", ".by", ".kz", ".uz"]

  /// The one that a portal most likely uses.
  static func usual(of portal: String) -> String {
    let host = URLComponents(string: portal)?.host?.lowercased() ?? ""
    return easternZones.contains(where: host.hasSuffix) ? east : west
  }

  /// The one that an answer names, if it is known: the application's secret goes to no other.
  static func known(_ endpoint: String) -> String? {
    [west, east].first { endpoint.lowercased().hasPrefix($0 + "/") }
  }
}

import Foundation
import Platform
import Scoring
import WebAPI

/// What the configuration says about a connection to HubSpot.
struct HubSpotSettings: Sendable {
  /// How one logs in.
  enum Login: Sendable {
    case token(String)
    case app(id: String, secret: String, refreshToken: String)
  }

  static let usualURL = "https://api.hubapi.com"

  /// Without a slash at the end.
  var url = HubSpotSettings.usualURL
  var login: Login
  /// The account that it has to be; nil: whichever the credentials lead to.
  var portal: String?
  /// How often everybody is listed anew.
  var fullList = TimeSpan.days(1)
  var paths = HubSpotPaths()
  var plan: HubSpotLimits.Plan?
  /// Whether each tag is a static list, too.
  var lists = false
  /// True if a secret stands in the configuration itself.
  var hasPlainSecret = false
  var network = NetworkSettings()

  init(login: Login) {
    self.login = login
  }

  /// Reads the settings; nil if something was reported.
  static func read(_ map: ConnectionSettings, context: ConnectorContext) -> HubSpotSettings? {
    let before = map.problems.problems.count
    // The pipeline reads these two.
    _ = map.optional("platform")
    _ = map.optional("write")
    var hasPlainSecret = false
    let auth = map.required("auth", cure: "Write auth: { token: \"${HUBSPOT_TOKEN}\" }")?.mapping()
    let login = auth.flatMap { readLogin($0, &hasPlainSecret) }
    var settings = HubSpotSettings(login: login ?? .token(""))
    settings.hasPlainSecret = hasPlainSecret
    if let address = map.optional("url").flatMap(readAddress) { settings.url = address }
    settings.readDetails(map)
    settings.network = map.network(in: context.folder)
    checkNames(map, context.fields)
    map.finish("the connection '\(context.name)'")
    guard map.problems.problems.count == before, login != nil else { return nil }
    return settings
  }

  private mutating func readDetails(_ map: ConnectionSettings) {
    if let value = map.optional("portal"), let text = value.text(expected: "the number of the account") {
      portal = text
      if text.isEmpty || !text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
        value.report("'\(text)' is no number of an account", cure: "Write for example portal: 12345678")
      }
    }
    if let value = map.optional("fullList"), let text = value.text(expected: "a length of time") {
      if let span = TimeSpan(text) {
        fullList = span
      } else {
        value.report("'\(text)' is no length of time", cure: "Write for example fullList: 1d")
      }
    }
    if let value = map.optional("apiVersion"), let text = value.text(expected: "a date of the API") {
      if Self.isVersion(text) {
        paths.version = text
      } else {
        value.report(
          "'\(text)' is no date of HubSpot's API",
          cure: "Write year and month, for example apiVersion: \(HubSpotPaths.usualVersion)")
      }
    }
    if let value = map.optional("plan"), let text = value.text(expected: "the name of a plan") {
      plan = HubSpotLimits.Plan(rawValue: text)
      if plan == nil {
        let names = HubSpotLimits.Plan.allCases.map(\.rawValue).joined(separator: ", ")
        value.report("'\(text)' is no plan of HubSpot's", cure: "Write one of \(names)")
      }
    }
    if let value = map.optional("lists") { lists = value.boolean() ?? false }
  }

  private static func readLogin(_ auth: ConnectionSettings, _ isPlain: inout Bool) -> Login? {
    func text(_ key: String, isSecret: Bool = true) -> String? {
      guard let value = auth.required(key, cure: "Write \(key): and its value") else { return nil }
      if isSecret, let raw = value.rawText, !raw.contains("${") { isPlain = true }
      guard let text = value.text() else { return nil }
      if text.isEmpty { value.report("'\(key)' is empty", cure: "Write its value") }
      return text
    }
    let isApp = ["clientId", "clientSecret", "refreshToken"].contains(where: auth.has)
    let login: Login?
    if isApp {
      if let position = auth.position(of: "token") {
        _ = auth.optional("token")
        auth.problems.report(
          "'auth' has a token and an app", at: position,
          cure: "Write either token, or clientId, clientSecret and refreshToken")
      }
      let parts = (text("clientId", isSecret: false), text("clientSecret"), text("refreshToken"))
      if let id = parts.0, let secret = parts.1, let token = parts.2 {
        login = .app(id: id, secret: secret, refreshToken: token)
      } else {
        login = nil
      }
    } else {
      login = text("token").map { .token($0) }
    }
    auth.finish("'auth'")
    return login
  }

  private static func readAddress(_ value: SettingValue) -> String? {
    guard let text = value.text(expected: "an address") else { return nil }
    var trimmed = Substring(text)
    while trimmed.last == "/" { trimmed.removeLast() }
    guard let parts = URLComponents(string: String(trimmed)), let host = parts.host, !host.isEmpty,
      let scheme = parts.scheme?.lowercased(), scheme == "https" || scheme == "http"
    else {
      value.report("this is no address of an API", cure: "Leave url: out, or write \(usualURL)")
      return nil
    }
    if parts.user != nil || parts.password != nil || parts.query != nil || parts.fragment != nil {
      value.report(
        "the address may hold a host and a folder, nothing else", cure: "Credentials go into auth:")
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

  private static func isVersion(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2 || (parts.count == 3 && parts[2] == "beta"), parts[0].utf8.count == 4,
      parts[1].utf8.count == 2, let month = Int(parts[1])
    else { return false }
    return Int(parts[0]) != nil && (1...12).contains(month)
  }

  /// A property's name in HubSpot is lower case, and cannot be changed later.
  private static func checkNames(_ map: ConnectionSettings, _ fields: WrittenFields?) {
    guard let fields else { return }
    let place = map.position(of: "write") ?? map.position
    var names = [fields.band, fields.reasons].compactMap(\.self)
    switch fields.score {
    case .field(let name): names.append(name)
    case .native:
      map.problems.report(
        "HubSpot's own score cannot be written", at: place, cure: "Name a property under write: score:")
    }
    for name in names where !isName(name) {
      map.problems.report(
        "'\(name)' is no name of a property in HubSpot", at: place,
        cure: "Use a-z, 0-9 and _, beginning with a letter")
    }
    for name in names where name == ContactMapping.tagProperty || names.filter({ $0 == name }).count > 1 {
      map.problems.report(
        "the property '\(name)' would be written twice", at: place, cure: "Name another one")
      return
    }
  }

  private static func isName(_ name: String) -> Bool {
    guard name.utf8.count <= 100, let first = name.utf8.first, (0x61...0x7A).contains(first) else {
      return false
    }
    return name.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
    }
  }

  /// What must stand in no message.
  var secrets: [String] {
    let secrets =
      switch login {
      case .token(let token): [token]
      case .app(_, let secret, let token): [secret, token]
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

  /// True for an app that logs in by OAuth2.
  var isApp: Bool {
    if case .app = login { return true }
    return false
  }

  /// How requests are signed.
  func authorization(_ context: ConnectorContext) -> any Authorization {
    switch login {
    case .token(let token): return BearerAuthorization(token: token)
    case .app(let id, let secret, let token):
      return OAuth2RefreshToken(
        service: OAuth2TokenService(tokenURL: url + paths.token), clientID: id, clientSecret: secret,
        refreshToken: token,
        file: context.privateFile("token.json") ?? "\(context.folder)/\(context.name).token.json")
    }
  }
}

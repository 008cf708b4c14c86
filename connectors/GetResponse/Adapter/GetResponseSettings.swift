import Foundation
import Platform
import Scoring
import WebAPI

/// What the configuration says about a connection to GetResponse.
struct GetResponseSettings: Sendable {
  /// How one logs in.
  enum Login: Sendable {
    case key(String)
    case app(id: String, secret: String, refreshToken: String)
  }

  static let usualURL = "https://api.getresponse.com/v3"

  /// Without a slash at the end.
  var url = GetResponseSettings.usualURL
  var login: Login
  /// GetResponse MAX: the account's domain, sent as `X-Domain`.
  var domain: String?
  /// GetResponse MAX: whose of several accounts is meant, sent as `X-Parent-Login`.
  var parentLogin: String?
  /// How often everybody is listed anew.
  var fullList = TimeSpan.days(1)
  /// Whether each band is a saved segment on GetResponse's own score.
  var segments = false
  /// How often the activities of all who were active of late are read again.
  var activityRefresh = TimeSpan(seconds: 6 * 3_600)
  /// Whether transactional e-mails are read.
  var transactional = true
  /// Whether the last tag of a contact may be taken away.
  var emptyTags = false
  /// True if a secret stands in the configuration itself.
  var hasPlainSecret = false
  var network = NetworkSettings()

  init(login: Login) {
    self.login = login
  }

  /// Reads the settings; nil if something was reported.
  static func read(_ map: ConnectionSettings, context: ConnectorContext) -> GetResponseSettings? {
    let before = map.problems.problems.count
    // The pipeline reads these two.
    _ = map.optional("platform")
    _ = map.optional("write")
    var hasPlainSecret = false
    let auth = map.required("auth", cure: "Write auth: { apiKey: \"${GETRESPONSE_KEY}\" }")?.mapping()
    let login = auth.flatMap { readLogin($0, &hasPlainSecret) }
    var settings = GetResponseSettings(login: login ?? .key(""))
    settings.hasPlainSecret = hasPlainSecret
    if let address = map.optional("url").flatMap(readAddress) { settings.url = address }
    settings.readDetails(map)
    settings.network = map.network(in: context.folder)
    checkNames(map, context.fields, segments: settings.segments)
    map.finish("the connection '\(context.name)'")
    guard map.problems.problems.count == before, login != nil else { return nil }
    return settings
  }

  private mutating func readDetails(_ map: ConnectionSettings) {
    if let value = map.optional("domain"), let text = value.text(expected: "the account's domain") {
      domain = text
      if text.isEmpty || text.contains(where: { "/: \t\r\n".contains($0) }) {
        value.report(
          "'\(text)' is no domain", cure: "Write it without https://, for example domain: example.com")
      }
    }
    if let value = map.optional("parentLogin"), let text = value.text(expected: "an e-mail address") {
      parentLogin = text
      if EmailAddress(text) == nil {
        value.report("'\(text)' is no e-mail address", cure: "Write the login of the parent account")
      }
    }
    func span(_ key: String, _ usual: TimeSpan) -> TimeSpan {
      guard let value = map.optional(key), let text = value.text(expected: "a length of time") else {
        return usual
      }
      if let span = TimeSpan(text) { return span }
      value.report("'\(text)' is no length of time", cure: "Write for example \(key): \(usual)")
      return usual
    }
    fullList = span("fullList", fullList)
    activityRefresh = span("activityRefresh", activityRefresh)
    if let value = map.optional("segments") { segments = value.boolean() ?? false }
    if let value = map.optional("transactional") { transactional = value.boolean() ?? true }
    if let value = map.optional("emptyTags") { emptyTags = value.boolean() ?? false }
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
      if let position = auth.position(of: "apiKey") {
        _ = auth.optional("apiKey")
        auth.problems.report(
          "'auth' has an API key and an app", at: position,
          cure: "Write either apiKey, or clientId, clientSecret and refreshToken")
      }
      let parts = (text("clientId", isSecret: false), text("clientSecret"), text("refreshToken"))
      if let id = parts.0, let secret = parts.1, let token = parts.2 {
        login = .app(id: id, secret: secret, refreshToken: token)
      } else {
        login = nil
      }
    } else {
      login = text("apiKey").map { .key(bare($0)) }
    }
    auth.finish("'auth'")
    return login
  }

  /// The documentation shows the key with the word `api-key` before it.
  private static func bare(_ key: String) -> String {
    key.hasPrefix("api-key ") ? String(key.dropFirst(8)) : key
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
    // The version is part of every address of the API.
    return parts.path.isEmpty ? trimmed + "/v3" : String(trimmed)
  }

  /// `127.example.com` is somewhere else.
  private static func isThisMachine(_ host: String) -> Bool {
    let bare = host.lowercased().trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
    if bare == "localhost" || bare == "::1" { return true }
    let numbers = bare.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
  }

  private static func checkNames(_ map: ConnectionSettings, _ fields: WrittenFields?, segments: Bool) {
    guard let fields else { return }
    let place = map.position(of: "write") ?? map.position
    let names = ContactMapping.written(fields)
    for name in names where !isName(name) {
      map.problems.report(
        "'\(name)' is no name of a custom field in GetResponse", at: place,
        cure: "Use a-z, 0-9 and _, at most 64 of them, and none of GetResponse's own names")
    }
    if let name = names.first(where: { name in names.filter { $0 == name }.count > 1 }) {
      map.problems.report(
        "the custom field '\(name)' would be written twice", at: place, cure: "Name another one")
    }
    if segments, fields.score != .native, let place = map.position(of: "segments") {
      map.problems.report(
        "segments: needs GetResponse's own score", at: place, cure: "Write score: native, or leave it out")
    }
  }

  private static let reserved: Set<String> = [
    "name", "email", "twitter", "facebook", "buzz", "myspace", "linkedin", "digg", "googleplus", "pinterest",
    "responder", "campaign", "change",
  ]

  private static func isName(_ name: String) -> Bool {
    guard (1...64).contains(name.utf8.count), !reserved.contains(name) else { return false }
    return name.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
    }
  }

  /// What must stand in no message.
  var secrets: [String] {
    let secrets =
      switch login {
      case .key(let key): [key]
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

  /// What goes with every request, those for tokens too.
  var headers: [WebHeader] {
    (domain.map { [WebHeader("X-Domain", $0)] } ?? [])
      + (parentLogin.map { [WebHeader("X-Parent-Login", $0)] } ?? [])
  }

  /// How requests are signed.
  func authorization(_ context: ConnectorContext) -> any Authorization {
    switch login {
    case .key(let key): return HeaderAuthorization(name: "X-Auth-Token", value: "api-key \(key)")
    case .app(let id, let secret, let token):
      return OAuth2RefreshToken(
        service: OAuth2TokenService(
          tokenURL: url + GetResponsePaths.token, placement: .basicHeader, headers: headers),
        clientID: id, clientSecret: secret, refreshToken: token,
        file: context.privateFile("token.json") ?? "\(context.folder)/\(context.name).token.json")
    }
  }
}

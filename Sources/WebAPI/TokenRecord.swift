/// What is known of a chain of refresh tokens: its newest token, and the access token that came with it.
struct TokenRecord: Hashable, Sendable {
  /// The token of the configuration with which the chain began. A token file holds live secrets by its nature;
  /// so it holds this one as it is, and not a digest that might meet another by chance.
  var configured: String
  /// The one to use next.
  var refreshToken: String
  /// The newest access token.
  var accessToken: String
  /// When that was asked for, in Unix seconds.
  var asked: Double
  /// Its life in seconds; nil if the platform did not say.
  var life: Double?
  /// Further texts of the answers, by the names that the platform gave them.
  var members: [String: String]

  /// Why bytes are no record.
  enum Unreadable: Error {
    case damaged
    /// Written by a program that knows more.
    case newer
  }

  private static let version = 1

  /// A JSON text.
  var bytes: [UInt8] {
    let members = members.sorted { $0.key < $1.key }.map { ($0.key, JSONOutput.text($0.value)) }
    return JSONOutput.object([
      ("version", .integer(TokenRecord.version)), ("configured_refresh_token", .text(configured)),
      ("refresh_token", .text(refreshToken)), ("access_token", .text(accessToken)),
      ("asked", .number(asked)), ("expires_in", life.map { .number($0) } ?? .null),
      ("members", .object(members)),
    ]).bytes + [0x0A]
  }

  init(
    configured: String, refreshToken: String, accessToken: String, asked: Double, life: Double?,
    members: [String: String]
  ) {
    self.configured = configured
    self.refreshToken = refreshToken
    self.accessToken = accessToken
    self.asked = asked
    self.life = life
    self.members = members
  }

  init(_ bytes: [UInt8]) throws(Unreadable) {
    guard let value = try? JSONValue.parse(bytes), let version = value["version"].integer else {
      throw .damaged
    }
    guard version <= TokenRecord.version else { throw .newer }
    guard let configured = value["configured_refresh_token"].text, !configured.isEmpty,
      let refreshToken = value["refresh_token"].text, !refreshToken.isEmpty,
      let accessToken = TokenGrant.usable(value["access_token"].text), let asked = value["asked"].number
    else { throw .damaged }
    let members = value["members"].members.compactMap { member in
      member.value.text.map { (member.key, $0) }
    }
    self.init(
      configured: configured, refreshToken: refreshToken, accessToken: accessToken, asked: asked,
      life: value["expires_in"].number, members: Dictionary(members) { $1 })
  }
}

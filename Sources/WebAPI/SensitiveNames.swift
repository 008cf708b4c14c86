/// Names whose values are nobody's business.
enum SensitiveNames {
  private static let headers: Set<String> = [
    "authorization", "proxy-authorization", "cookie", "set-cookie", "api-key", "x-api-key", "apikey",
    "api-token", "x-auth-token", "x-access-token", "x-csrf-token",
  ]

  /// Headers by which one logs in, whatever the case of their name.
  static func isHeader(_ name: String) -> Bool {
    headers.contains(name.lowercased()) || isValue(name)
  }

  /// Headers that are recognised in running text, where `token: expired` may be plain words.
  static func isHeaderInText(_ name: String) -> Bool {
    headers.contains(name.lowercased())
  }

  /// Query parameters, form fields and JSON members.
  static func isValue(_ name: String) -> Bool {
    let name = name.lowercased()
    return name.contains("token") || name.contains("secret") || name.contains("password")
      || name.contains("passwd") || name.hasSuffix("pwd") || name.hasSuffix("key")
      || name.hasSuffix("signature") || name == "auth" || name == "authorization" || name == "cookie"
  }
}

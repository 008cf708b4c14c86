/// Names whose values are nobody's business.
enum SensitiveNames {
  /// How much of its value a name makes a secret.
  enum Weight {
    /// A text or a number, and all that a list or a map under this name holds.
    case strong
    /// A text only: `key` may well name something harmless.
    case weak
  }

  /// Headers by which one logs in, whatever the case of their name.
  static func isHeader(_ name: String) -> Bool {
    isHeaderInText(Array(name.utf8)[...]) || isValue(name)
  }

  /// Headers that are recognised in running text, where `token: expired` may be plain words.
  static func isHeaderInText(_ name: ArraySlice<UInt8>) -> Bool {
    guard name.count >= 6 else { return false }
    return headers.contains(normalized(name))
  }

  /// Query parameters, form fields and JSON members.
  static func isValue(_ name: String) -> Bool {
    weight(of: Array(name.utf8)[...]) != nil
  }

  /// The weight of a name as it stands in a text, percent-encoded or escaped as it may be; nil if it tells of
  /// no secret.
  static func weight(of name: ArraySlice<UInt8>) -> Weight? {
    guard name.count >= 3 else { return nil }
    let name = normalized(name)
    if whole.contains(name) { return .strong }
    for index in name.indices {
      guard let candidates = fragments[name[index]] else { continue }
      for fragment in candidates where name[index...].starts(with: fragment) { return .strong }
    }
    if endings.contains(where: { name.ends(with: $0) }) { return .strong }
    return name.ends(with: "key".utf8) ? .weak : nil
  }

  /// Names in full, without signs.
  private static let whole: Set<[UInt8]> = bytes([
    "auth", "authid", "refreshid", "pass", "pin", "otp", "jwt", "sid", "appsid", "sig", "hmac", "bearer",
  ])

  /// What makes a name one of a secret wherever it stands in it, by its first letter.
  private static let fragments: [UInt8: [[UInt8]]] = Dictionary(
    grouping: bytes([
      "token", "secret", "password", "passwd", "passphrase", "passcode", "credential", "signature",
      "assertion", "authorization", "authentication", "cookie", "apikey", "sessionid", "privatekey",
    ])
  ) { $0[0] }

  private static let endings: [[UInt8]] = Array(bytes(["pwd", "sessid", "auth", "userpass"]))

  private static let headers: Set<[UInt8]> = bytes([
    "authorization", "proxyauthorization", "xauthorization", "cookie", "setcookie", "apikey", "xapikey",
    "apitoken", "xauthtoken", "xaccesstoken", "xcsrftoken",
  ])

  private static func bytes(_ names: [String]) -> Set<[UInt8]> {
    Set(names.map { Array($0.utf8) })
  }

  /// Small letters and digits only. What stands before an encoded `&`, `?` or the like belongs to another
  /// name.
  private static func normalized(_ name: ArraySlice<UInt8>) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(name.count)
    var at = name.startIndex
    while at < name.endIndex {
      var byte = name[at]
      at += 1
      if let (decoded, end) = EscapedCharacter.byte(in: name, at: at - 1) {
        (byte, at) = (decoded, end)
        if !isNamePart(byte) { out.removeAll(keepingCapacity: true) }
      }
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): out.append(byte)
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): out.append(byte | 0x20)
      default: break
      }
    }
    return out
  }

  private static func isNamePart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: " "):
      true
    default: false
    }
  }
}

extension [UInt8] {
  fileprivate func ends(with tail: some Collection<UInt8>) -> Bool {
    count >= tail.count && suffix(tail.count).elementsEqual(tail)
  }
}

import Platform

/// The names of user fields: `UF_CRM_` and the configured name in capitals.
enum FieldNames {
  static let prefix = "UF_CRM_"
  /// Bitrix24's contacts have no tags: they are the values of this field.
  static let tags = "UF_CRM_LEAD_TAGS"
  /// Bitrix24's own bound of a whole name.
  private static let longest = 50

  /// The field of a configured name.
  static func field(_ name: String) -> String {
    let upper = name.uppercased()
    return upper.hasPrefix(prefix) ? upper : prefix + upper
  }

  /// The fields in which we write.
  static func written(_ fields: WrittenFields?) -> [String] {
    guard let fields else { return [] }
    return [score(fields), fields.band.map(field), fields.reasons.map(field), fields.tags ? tags : nil]
      .compactMap(\.self)
  }

  /// The field of the score; nil if it is none.
  static func score(_ fields: WrittenFields) -> String? {
    if case .field(let name) = fields.score { return field(name) }
    return nil
  }

  /// Reports what cannot be a name.
  static func check(_ map: ConnectionSettings, _ fields: WrittenFields?) {
    guard let fields else { return }
    let place = map.position(of: "write") ?? map.position
    var names = [fields.band, fields.reasons].compactMap(\.self)
    switch fields.score {
    case .field(let name): names.append(name)
    case .native:
      map.problems.report(
        "Bitrix24's own score cannot be written", at: place, cure: "Name a field under write: score:")
    }
    for name in names where !isName(name) {
      map.problems.report(
        "'\(name)' is no name of a field in Bitrix24", at: place,
        cure: "Use a-z, 0-9 and _, at most \(longest - prefix.count) characters")
    }
    let all = names.map(field)
    if Set(all).count < all.count || (fields.tags && all.contains(tags)) {
      map.problems.report("a field would be written twice", at: place, cure: "Name another one")
    }
  }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty && field(name).utf8.count <= longest
      && name.utf8.allSatisfy {
        (0x61...0x7A).contains($0 | 0x20) && $0 >= 0x41 || (0x30...0x39).contains($0)
          || $0 == UInt8(ascii: "_")
      }
  }
}

import Testing

/// A row of an output.
struct ScoreRow: Equatable {
  let email: String
  let score: Int
  let band: String
  let tags: [String]
  let reasons: String
  let updatedAt: String

  /// Reads an output: no header but the one that is promised, no contact twice.
  static func read(_ text: String) throws -> [String: ScoreRow] {
    let rows = fields(of: text)
    try #require(rows.first == ["id", "email", "score", "band", "tags", "reasons", "updated_at"])
    var result: [String: ScoreRow] = [:]
    for row in rows.dropFirst() {
      try #require(row.count == 7 && result[row[0]] == nil, "\(row)")
      result[row[0]] = ScoreRow(
        email: row[1], score: try #require(Int(row[2])), band: row[3],
        tags: row[4].split(separator: ";").map(String.init), reasons: row[5], updatedAt: row[6])
    }
    return result
  }

  /// Cuts RFC 4180 into rows of fields.
  private static func fields(of text: String) -> [[String]] {
    var rows: [[String]] = [[""]]
    var isQuoted = false
    var last: Character?
    for character in text {
      let end = rows.count - 1
      switch character {
      case "\"":
        if !isQuoted && last == "\"" { rows[end][rows[end].count - 1].append("\"") }
        isQuoted.toggle()
      case "," where !isQuoted: rows[end].append("")
      case "\n" where !isQuoted: rows.append([""])
      default: rows[end][rows[end].count - 1].append(character)
      }
      last = character
    }
    return rows.dropLast()
  }
}

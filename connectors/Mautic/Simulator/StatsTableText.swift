extension StatsTable {
  /// A column of a row as text; nil for null.
  func text(_ column: Int, _ row: Int, pool: TextPool) -> String? {
    switch columns[column].content {
    case .number: return cell(column, row).map { "\(Int32(bitPattern: $0))" }
    case .date: return cell(column, row).map { DateText.naive(Int64($0)) }
    case .text: return cell(column, row).map { pool[$0] }
    case .constant(let text): return text
    case .copy(let other): return text(other, row, pool: pool)
    case .present(let text, let other): return cell(other, row) == nil ? nil : text
    case .token(let length): return String(Self.digits(seed: id(row), count: length, radix: 36))
    case .uuid:
      let digits = Array(Self.digits(seed: row + 1, count: 32, radix: 16))
      let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
      return parts.joined(separator: "-")
    case .pageQuery(let url):
      return cell(url, row).map { PHPText.serialize(["page_url": .text(pool[$0])]) } ?? "a:0:{}"
    case .openDetails(let date):
      guard let moment = cell(date, row) else { return "a:0:{}" }
      return PHPText.serialize([
        ["datetime": .text(DateText.naive(Int64(moment))), "useragent": "simulated/1.0", "inBrowser": false]
      ])
    }
  }

  /// Appends a row as JSON: every value a text, null left out.
  func append(row: Int, pool: TextPool, to writer: inout JSONWriter) {
    var isFirst = true
    for column in columns.indices {
      guard let text = text(column, row, pool: pool) else { continue }
      writer.append(raw: isFirst ? "{" : ",")
      isFirst = false
      writer.append(text: columns[column].name)
      writer.append(raw: ":")
      writer.append(text: text)
    }
    writer.append(raw: isFirst ? "{}" : "}")
  }

  /// Digits that look random and follow from a number alone.
  private static func digits(seed: Int, count: Int, radix: UInt64) -> [Character] {
    let alphabet = Array("0123456789abcdefghijklmnopqrstuvwxyz")
    var state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 &+ 0xD1B5_4A32_D192_ED03
    return (0..<count).map { _ in
      state ^= state >> 30
      state &*= 0xBF58_476D_1CE4_E5B9
      state ^= state >> 27
      return alphabet[Int((state >> 11) % radix)]
    }
  }
}

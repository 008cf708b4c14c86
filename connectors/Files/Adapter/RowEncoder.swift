/// Writes rows of CSV with commas.
struct RowEncoder {
  private(set) var bytes: [UInt8] = []
  private var isFirst = true

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    isFirst = true
  }

  /// Text for people and their spreadsheets: what would be taken for a formula gets a `'` in front. Spreadsheets
  /// of East Asia take the wide forms of the signs, too.
  mutating func guarded(_ text: String) {
    let isFormula = text.unicodeScalars.first.map { "=+-@\t\r\n'＝＋－＠".unicodeScalars.contains($0) } ?? false
    plain(isFormula ? "'" + text : text)
  }

  /// Text or a number as it is, in quotes where it must be.
  mutating func plain(_ text: String) {
    var text = text
    text.withUTF8 { plain($0) }
  }

  /// The same for bytes.
  mutating func plain(_ text: Bytes) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
    let (quote, comma) = (UInt8(ascii: "\""), UInt8(ascii: ","))
    guard text.contains(where: { $0 == comma || $0 == quote || $0 == 0x0A || $0 == 0x0D }) else {
      bytes.append(contentsOf: text)
      return
    }
    bytes.append(quote)
    for byte in text {
      if byte == quote { bytes.append(quote) }
      bytes.append(byte)
    }
    bytes.append(quote)
  }

  mutating func endRow() {
    bytes.append(UInt8(ascii: "\n"))
    isFirst = true
  }
}

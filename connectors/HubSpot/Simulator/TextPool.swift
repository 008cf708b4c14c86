/// Texts that occur often, each held once and named by a number; number 0 is the empty text.
struct TextPool: Sendable {
  private var texts = [""]
  private var numbers: [String: UInt32] = ["": 0]

  subscript(number: UInt32) -> String { texts[Int(number)] }

  /// The number of a text, new or known.
  mutating func number(of text: String) -> UInt32 {
    if let known = numbers[text] { return known }
    let number = UInt32(texts.count)
    texts.append(text)
    numbers[text] = number
    return number
  }
}

import Foundation

/// E-mail addresses as the manual compares them.
///
/// A domain label that is not ASCII is written in punycode (RFC 3492). Nothing is mapped before that but case and NFC,
/// so the full-width letters and dots of IDNA are beyond this.
public enum PlainAddress {
  /// The address trimmed, in NFC, in small letters, with its domain in ASCII; nil if it is no address.
  public static func normalised(_ text: String) -> String? {
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    let small = trimmed.precomposedStringWithCanonicalMapping.lowercased()
    guard let at = small.lastIndex(of: "@") else { return nil }
    let local = small[..<at]
    let domain = small[small.index(after: at)...]
    guard !local.isEmpty, !domain.isEmpty else { return nil }
    let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
    return local + "@" + labels.map { ascii(String($0)) }.joined(separator: ".")
  }

  /// The domain of an address that is normalised.
  static func domain(of address: String) -> String {
    String(address.split(separator: "@").last ?? "")
  }

  private static func ascii(_ label: String) -> String {
    label.unicodeScalars.allSatisfy(\.isASCII) ? label : "xn--" + punycode(label)
  }

  /// The encoding procedure of RFC 3492, section 6.3.
  private static func punycode(_ label: String) -> String {
    let input = label.unicodeScalars.map { Int($0.value) }
    let basic = input.filter { $0 < 128 }
    var output = basic.map { Character(UnicodeScalar(UInt8($0))) }
    if !basic.isEmpty { output.append("-") }
    var n = 128
    var delta = 0
    var bias = 72
    var handled = basic.count
    while let next = input.filter({ $0 >= n }).min() {
      delta += (next - n) * (handled + 1)
      n = next
      for point in input {
        if point < n { delta += 1 }
        guard point == n else { continue }
        var rest = delta
        var k = 36
        while true {
          let threshold = k <= bias ? 1 : (k >= bias + 26 ? 26 : k - bias)
          if rest < threshold { break }
          output.append(digit(threshold + (rest - threshold) % (36 - threshold)))
          rest = (rest - threshold) / (36 - threshold)
          k += 36
        }
        output.append(digit(rest))
        bias = adapted(delta, points: handled + 1, first: handled == basic.count)
        delta = 0
        handled += 1
      }
      delta += 1
      n += 1
    }
    return String(output)
  }

  private static func digit(_ value: Int) -> Character {
    Character(UnicodeScalar(UInt8(value < 26 ? 97 + value : 48 + value - 26)))
  }

  private static func adapted(_ delta: Int, points: Int, first: Bool) -> Int {
    var rest = first ? delta / 700 : delta / 2
    rest += rest / points
    var k = 0
    while rest > 455 {
      rest /= 35
      k += 36
    }
    return k + 36 * rest / (rest + 38)
  }
}

import Foundation

/// An e-mail address in the one form by which contacts are recognised as the same person.
public struct EmailAddress: Hashable, Sendable, Comparable {
  /// Trimmed, Unicode NFC, lower case, the domain in ASCII (punycode). Dots and plus signs stay.
  public let normalized: String

  /// Normalises an address; nil if it has not exactly one usable name and domain around its last `@`.
  public init?(_ text: String) {
    var text = text
    if text.utf8.allSatisfy({ $0 < 0x80 }) {
      guard let plain = text.withUTF8(Self.normalizedASCII) else { return nil }
      normalized = plain
      return
    }
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard trimmed.utf8.count <= 500 else { return nil }
    let lower = trimmed.precomposedStringWithCanonicalMapping.lowercased()
      .precomposedStringWithCanonicalMapping
    guard let at = lower.lastIndex(of: "@"), at > lower.startIndex else { return nil }
    let name = lower[..<at]
    let domain = lower[lower.index(after: at)...]
    guard !lower.unicodeScalars.contains(where: Self.isForbidden), let ascii = Self.ascii(domain) else {
      return nil
    }
    let whole = "\(name)@\(ascii)"
    // Punycode and lower case may be longer than what was written.
    guard whole.utf8.count <= 500 else { return nil }
    normalized = whole
  }

  /// The same as the long way for addresses that are ASCII throughout, as nearly all are.
  private static func normalizedASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    var (start, end) = (0, bytes.count)
    while start < end, bytes[start] <= 0x20 { start += 1 }
    while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
    guard let at = domainStart(in: bytes, start: start, end: end) else { return nil }
    var afterDot = true
    for index in at..<end {
      if bytes[index] == UInt8(ascii: ".") {
        if afterDot { return nil }
        afterDot = true
      } else {
        afterDot = false
      }
    }
    guard !afterDot else { return nil }
    return String(unsafeUninitializedCapacity: end - start) { target in
      for index in start..<end {
        target[index - start] = (0x41...0x5A).contains(bytes[index]) ? bytes[index] | 0x20 : bytes[index]
      }
      return end - start
    }
  }

  /// Where the domain starts, if name and domain are there and nothing stands in them that never may.
  static func domainStart(in bytes: UnsafeBufferPointer<UInt8>, start: Int, end: Int) -> Int? {
    guard end - start <= 500 else { return nil }
    var at: Int?
    for index in start..<end {
      let byte = bytes[index]
      if byte == UInt8(ascii: "@") {
        at = index
      } else if byte <= 0x20 || byte == 0x7F || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";")
        || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
      {
        return nil
      }
    }
    guard let at, at > start, at + 1 < end else { return nil }
    return at + 1
  }

  /// The part after the last `@`, in ASCII.
  public var domain: String {
    normalized.lastIndex(of: "@").map { String(normalized[normalized.index(after: $0)...]) } ?? ""
  }

  /// By the normalised text.
  public static func < (left: EmailAddress, right: EmailAddress) -> Bool {
    left.normalized < right.normalized
  }

  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.value < 0x20 || scalar.value == 0x7F || scalar == ","
      || scalar == ";" || scalar == "<" || scalar == ">"
  }

  private static func ascii(_ domain: Substring) -> String? {
    let dots: Set<Unicode.Scalar> = [".", "\u{3002}", "\u{FF0E}", "\u{FF61}"]
    let labels = domain.unicodeScalars.split(omittingEmptySubsequences: false, whereSeparator: dots.contains)
    guard !labels.isEmpty else { return nil }
    var result: [String] = []
    for label in labels {
      guard !label.isEmpty else { return nil }
      if label.allSatisfy(\.isASCII) {
        result.append(String(Substring(label)))
      } else {
        guard let encoded = Punycode.encode(Array(label)) else { return nil }
        result.append("xn--" + encoded)
      }
    }
    return result.joined(separator: ".")
  }
}

/// RFC 3492, encoding only.
enum Punycode {
  /// The label without its `xn--`; nil if it overflows 32 bits.
  static func encode(_ label: [Unicode.Scalar]) -> String? {
    let (base, lowest, highest, first): (UInt32, UInt32, UInt32, UInt32) = (36, 1, 26, 128)
    var output = String(String.UnicodeScalarView(label.filter(\.isASCII)))
    let basic = UInt32(output.utf8.count)
    if basic > 0 { output += "-" }
    var (code, delta, bias, handled) = (first, UInt32(0), UInt32(72), basic)
    while handled < label.count {
      guard let next = label.map(\.value).filter({ $0 >= code }).min() else { return nil }
      let (step, overflow) = (next - code).multipliedReportingOverflow(by: handled + 1)
      guard !overflow, !delta.addingReportingOverflow(step).overflow else { return nil }
      delta += step
      code = next
      for scalar in label {
        if scalar.value < code { delta += 1 }
        guard scalar.value == code else { continue }
        var rest = delta
        var k = base
        while true {
          let threshold = k <= bias ? lowest : min(highest, k - bias)
          if rest < threshold { break }
          output.unicodeScalars.append(digit(threshold + (rest - threshold) % (base - threshold)))
          rest = (rest - threshold) / (base - threshold)
          k += base
        }
        output.unicodeScalars.append(digit(rest))
        bias = adapted(delta, points: handled + 1, isFirst: handled == basic)
        delta = 0
        handled += 1
      }
      delta += 1
      code += 1
    }
    return output
  }

  private static func digit(_ value: UInt32) -> Unicode.Scalar {
    Unicode.Scalar(UInt8(value < 26 ? value + 0x61 : value - 26 + 0x30))
  }

  private static func adapted(_ delta: UInt32, points: UInt32, isFirst: Bool) -> UInt32 {
    var rest = isFirst ? delta / 700 : delta / 2
    rest += rest / points
    var k: UInt32 = 0
    while rest > (36 - 1) * 26 / 2 {
      rest /= 36 - 1
      k += 36
    }
    return k + 36 * rest / (rest + 38)
  }
}

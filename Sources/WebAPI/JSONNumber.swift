/// Reads decimal numbers as platforms write them, within and without quotation marks.
enum JSONNumber {
  /// A number as written: sign, digits, and where the point stands among them.
  private struct Decimal {
    var isNegative = false
    var digits: [UInt8] = []
    /// How many of the digits stand before the point; may be beyond either end.
    var point = 0
  }

  /// A whole number that fits, exactly; `12.0` and `1.2e1` are whole too. Nil for anything else.
  static func integer(_ bytes: ArraySlice<UInt8>) -> Int? {
    if let short = shortInteger(bytes) { return short }
    guard let decimal = decimal(bytes) else { return nil }
    let significant = decimal.digits.drop { $0 == 0 }
    if significant.isEmpty { return 0 }
    let whole = decimal.point - (decimal.digits.count - significant.count)
    guard whole > 0, significant.dropFirst(whole).allSatisfy({ $0 == 0 }) else { return nil }
    var value = 0
    for place in 0..<whole {
      let digit = place < significant.count ? Int(significant[significant.startIndex + place]) : 0
      let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      // Counted downwards, since there is one more negative number than there are positive ones.
      let (next, overflows) = tens.subtractingReportingOverflow(digit)
      if isTooLarge || overflows { return nil }
      value = next
    }
    if decimal.isNegative { return value }
    return value == .min ? nil : -value
  }

  /// A finite number; nil for anything else.
  static func double(_ bytes: ArraySlice<UInt8>) -> Double? {
    if let short = shortDouble(bytes) { return short }
    // The grammar is checked first, for Swift's own reading takes "inf", "nan" and hexadecimal too.
    guard decimal(bytes) != nil, let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite
    else { return nil }
    return value
  }

  /// The usual case: up to 18 digits, which always fit.
  private static func shortInteger(_ bytes: ArraySlice<UInt8>) -> Int? {
    let isNegative = bytes.first == UInt8(ascii: "-")
    let digits = isNegative ? bytes.dropFirst() : bytes
    guard !digits.isEmpty, digits.count <= 18 else { return nil }
    var value = 0
    for byte in digits {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value * 10 + Int(digit)
    }
    return isNegative ? -value : value
  }

  /// The usual case: up to 15 digits, of which up to 15 after the point, and no exponent. The digits and the
  /// power of ten are then exact, and one division rounds as it must.
  private static func shortDouble(_ bytes: ArraySlice<UInt8>) -> Double? {
    let isNegative = bytes.first == UInt8(ascii: "-")
    var (value, count, point) = (0, 0, -1)
    for byte in isNegative ? bytes.dropFirst() : bytes {
      let digit = byte &- UInt8(ascii: "0")
      if digit < 10 {
        guard count < 15 else { return nil }
        value = value * 10 + Int(digit)
        count += 1
      } else {
        guard byte == UInt8(ascii: "."), point < 0, count > 0 else { return nil }
        point = count
      }
    }
    guard count > 0, point != count else { return nil }
    let size = Double(value) / powers[point < 0 ? 0 : count - point]
    return isNegative ? -size : size
  }

  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  private static func decimal(_ bytes: ArraySlice<UInt8>) -> Decimal? {
    var decimal = Decimal()
    var rest = bytes
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
      decimal.isNegative = rest.removeFirst() == UInt8(ascii: "-")
    }
    decimal.digits = takeDigits(&rest)
    decimal.point = decimal.digits.count
    if decimal.digits.isEmpty { return nil }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      let fraction = takeDigits(&rest)
      if fraction.isEmpty { return nil }
      decimal.digits += fraction
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest.removeFirst()
      var isNegative = false
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
        isNegative = rest.removeFirst() == UInt8(ascii: "-")
      }
      let exponent = takeDigits(&rest)
      if exponent.isEmpty { return nil }
      // Beyond a billion it makes no difference any more.
      let size = exponent.reduce(0) { min($0 * 10 + Int($1), 1_000_000_000) }
      decimal.point += isNegative ? -size : size
    }
    return rest.isEmpty ? decimal : nil
  }

  private static func takeDigits(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
    let digits = rest.prefix { $0 &- UInt8(ascii: "0") < 10 }
    rest = rest.dropFirst(digits.count)
    return digits.map { $0 - UInt8(ascii: "0") }
  }
}

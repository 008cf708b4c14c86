import Foundation
import Scoring

/// Addresses: what is one address stays one, however it is written.
enum EmailFuzz {
  static func run(_ bytes: [UInt8]) throws(BrokenPromise) {
    let text = String(decoding: bytes, as: UTF8.self)
    let padded = EmailAddress(" \t\(text)\r\n")?.normalized
    guard let address = EmailAddress(text)?.normalized else {
      try demand(padded == nil, "'\(text)' is an address only with blanks around it")
      try refused(text)
      return
    }
    func isSame(_ other: String?) -> Bool { other.map { $0.utf8.elementsEqual(address.utf8) } ?? false }
    try demand(isSame(padded), "blanks around '\(text)' count")
    try demand(
      isSame(EmailAddress(address)?.normalized),
      "'\(text)' is '\(address)', and that is '\(EmailAddress(address)?.normalized ?? "nothing")'")
    for form in [
      text.precomposedStringWithCanonicalMapping, text.decomposedStringWithCanonicalMapping,
    ] where form.trimmingCharacters(in: .whitespacesAndNewlines).utf8.count <= 500 {
      let found = EmailAddress(form)?.normalized
      try demand(isSame(found), "'\(text)' is '\(address)', in another normalisation '\(found ?? "nothing")'")
    }
    if text.utf8.allSatisfy({ $0 < 0x80 }) {
      try demand(
        isSame(EmailAddress(text.uppercased())?.normalized), "upper and lower case of '\(text)' count")
    }
    try form(address)
  }

  private static func form(_ address: String) throws(BrokenPromise) {
    let scalars = Array(address.unicodeScalars)
    guard let at = scalars.lastIndex(of: "@") else { throw BrokenPromise("'\(address)' has no @") }
    let domain = scalars[(at + 1)...]
    try demand(at > 0, "'\(address)' has no name")
    try demand(!domain.isEmpty && domain.allSatisfy(\.isASCII), "the domain of '\(address)' is not ASCII")
    try demand(
      domain.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty },
      "the domain of '\(address)' has an empty part")
    for scalar in scalars {
      try demand(
        !scalar.properties.isWhitespace && scalar.value > 0x20 && scalar.value != 0x7F
          && !",;<>".unicodeScalars.contains(scalar), "'\(address)' holds what no address can")
      try demand(!("A"..."Z").contains(scalar), "'\(address)' is not in lower case")
    }
    for label in domain.split(separator: ".") where label.starts(with: "xn--".unicodeScalars) {
      guard let plain = decode(Array(label.dropFirst(4))) else { continue }
      let name = String(String.UnicodeScalarView(plain))
      guard name.lowercased().precomposedStringWithCanonicalMapping.unicodeScalars.elementsEqual(plain),
        plain.contains(where: { !$0.isASCII }), !plain.contains(where: { $0.properties.isWhitespace }),
        name.trimmingCharacters(in: .whitespacesAndNewlines) == name
      else { continue }
      let other = EmailAddress("a@\(name)")?.normalized
      guard let other, !name.contains("@"), !name.contains("."), !name.contains("。"), !name.contains("．"),
        !name.contains("｡"), !name.contains(where: { ",;<>".contains($0) })
      else { continue }
      let expected = "a@" + String(String.UnicodeScalarView(label))
      try demand(other == expected.lowercased(), "'\(name)' is '\(other)', and not \(expected)")
    }
  }

  /// The words of SPEC for what is plain ASCII.
  private static func refused(_ text: String) throws(BrokenPromise) {
    let bytes = Array(text.utf8)
    guard bytes.count <= 500, bytes.allSatisfy({ (0x21...0x7E).contains($0) && !",;<>".utf8.contains($0) })
    else { return }
    let parts = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else { return }
    let labels = parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    try demand(labels.contains { $0.isEmpty }, "'\(text)' is refused")
  }

  /// RFC 3492, decoding; nil if it is none, or if the encoder would have written it otherwise.
  private static func decode(_ text: [Unicode.Scalar]) -> [Unicode.Scalar]? {
    let cut = text.lastIndex(of: "-")
    var output = cut.map { Array(text[..<$0]) } ?? []
    guard cut != 0 else { return nil }
    var (code, index, bias) = (128, 0, 72)
    var rest = text[(cut.map { $0 + 1 } ?? 0)...]
    while !rest.isEmpty {
      let before = index
      var (weight, k) = (1, 36)
      while true {
        guard let next = rest.popFirst() else { return nil }
        let value = Int(next.value)
        let digit: Int
        switch value {
        case 0x61...0x7A: digit = value - 0x61
        case 0x30...0x39: digit = value - 0x30 + 26
        default: return nil
        }
        index += digit * weight
        let threshold = k <= bias ? 1 : min(26, k - bias)
        if digit < threshold { break }
        weight *= 36 - threshold
        k += 36
        guard weight < 1 << 31, index < 1 << 31 else { return nil }
      }
      let count = output.count + 1
      var delta = before == 0 ? index / 700 : (index - before) / 2
      delta += delta / count
      k = 0
      while delta > 455 {
        delta /= 35
        k += 36
      }
      bias = k + 36 * delta / (delta + 38)
      code += index / count
      index %= count
      guard let scalar = UInt32(exactly: code).flatMap({ Unicode.Scalar($0) }) else { return nil }
      output.insert(scalar, at: index)
      index += 1
    }
    return output
  }
}

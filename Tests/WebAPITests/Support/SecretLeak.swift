import Foundation
import WebAPI

/// Looks for a secret as an attacker would: by decoding whatever can be decoded.
struct SecretLeak {
  private let secret: [UInt8]

  init(_ secret: String) {
    self.secret = Array(secret.utf8)
  }

  /// Whether the secret can be read out of the text.
  func stands(in text: String) -> Bool {
    var texts = [Array(text.utf8)]
    guard texts[0].count >= secret.count else { return false }
    // Three layers: a URL in JSON in JSON.
    for _ in 0..<3 {
      let decoded = texts.flatMap { text in
        (text.contains(UInt8(ascii: "%")) ? [Self.percentDecoded(text)] : [])
          + (text.contains(UInt8(ascii: "\\")) ? [Self.unescaped(text)] : [])
      }
      if decoded.isEmpty { break }
      texts = Array(Set(texts + decoded))
    }
    return texts.contains { contains($0) || base64Runs(in: $0).contains(where: contains) }
  }

  /// Whether it can be read out of any text in a value.
  func stands(in value: JSONValue) -> Bool {
    if value.isArray { return value.elements.contains { stands(in: $0) } }
    if value.isObject {
      if value["encoding"].text == "base64" || value["_encoding"].text == "base64",
        let data = Data(base64Encoded: value["text"].text ?? ""), contains(Array(data))
      {
        return true
      }
      return value.members.contains { stands(in: $0.value) }
    }
    return value.isText && stands(in: value.text ?? "")
  }

  private func contains(_ bytes: [UInt8]) -> Bool {
    guard let first = secret.first, bytes.count >= secret.count else { return false }
    return (0...(bytes.count - secret.count)).contains {
      bytes[$0] == first && bytes[$0..<($0 + secret.count)].elementsEqual(secret)
    }
  }

  private static func percentDecoded(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    var at = 0
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "%"), at + 2 < bytes.count,
        let byte = UInt8(String(decoding: bytes[(at + 1)...(at + 2)], as: UTF8.self), radix: 16)
      {
        out.append(byte)
        at += 3
      } else {
        out.append(bytes[at])
        at += 1
      }
    }
    return out
  }

  private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
    var out = ""
    var rest = String(decoding: bytes, as: UTF8.self).unicodeScalars[...]
    var units: [UInt16] = []
    func flush() {
      out += String(decoding: units, as: UTF16.self)
      units = []
    }
    while let scalar = rest.popFirst() {
      if scalar == "\\", let next = rest.first {
        rest.removeFirst()
        if next == "u", let unit = UInt16(String(rest.prefix(4)), radix: 16) {
          rest = rest.dropFirst(4)
          units.append(unit)
          continue
        }
        flush()
        let controls: [Unicode.Scalar: String] = ["n": "\n", "r": "\r", "t": "\t"]
        out += controls[next] ?? String(next)
      } else {
        flush()
        out.unicodeScalars.append(scalar)
      }
    }
    flush()
    return Array(out.utf8)
  }

  /// What the runs that are long enough to hold the secret may stand for, wherever their groups begin.
  private func base64Runs(in bytes: [UInt8]) -> [[UInt8]] {
    let common = bytes.map { byte in
      switch byte {
      case UInt8(ascii: "-"): UInt8(ascii: "+")
      case UInt8(ascii: "_"): UInt8(ascii: "/")
      default: byte
      }
    }
    let runs = common.split { byte in
      !(byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A || byte >= 0x2F && byte <= 0x39 || byte == 0x2B)
    }
    return runs.filter { $0.count * 3 >= secret.count * 4 }.flatMap { run in
      (0..<4).compactMap { skipped in
        var part = String(decoding: run.dropFirst(skipped), as: UTF8.self)
        // A single character is left over where the run was cut.
        if part.count % 4 == 1 { part.removeLast() }
        part += String(repeating: "=", count: (4 - part.count % 4) % 4)
        return Data(base64Encoded: part).map { Array($0) }
      }
    }
  }
}

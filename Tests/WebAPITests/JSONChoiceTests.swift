import Testing
import WebAPI

@Suite("Where RFC 8259 leaves a choice to the reader")
struct JSONChoiceTests {
  /// What a list's only text reads as, in one mode; nil if it is refused.
  private func text(_ inner: [UInt8], strictly: Bool) -> [Unicode.Scalar]? {
    let page = Array("[\"".utf8) + inner + Array("\"]".utf8)
    return (try? JSONValue.parse(page, strictly: strictly))?[0].text.map { Array($0.unicodeScalars) }
  }

  @Test(
    "Half of a surrogate pair in an escape becomes U+FFFD, in both modes",
    arguments: [
      (#"\uD800"#, "\u{FFFD}"), (#"\uDADA"#, "\u{FFFD}"), (#"\uDFAA"#, "\u{FFFD}"), (#"\uDBFF"#, "\u{FFFD}"),
      (#"\uD888\u1234"#, "\u{FFFD}\u{1234}"), (#"\uD800\n"#, "\u{FFFD}\n"), (#"\uDd1ea"#, "\u{FFFD}a"),
      (#"\uD800\uD800\n"#, "\u{FFFD}\u{FFFD}\n"), (#"\ud800"#, "\u{FFFD}"), (#"\ud800abc"#, "\u{FFFD}abc"),
      (#"\uDd1e\uD834"#, "\u{FFFD}\u{FFFD}"), (#"\uD83D\uD83D\uDE00"#, "\u{FFFD}\u{1F600}"),
      (#"\uDE00\uD83D\uDE00"#, "\u{FFFD}\u{1F600}"), (#"\uD83D\\uDE00"#, "\u{FFFD}\\uDE00"),
    ])
  func replacesLoneSurrogates(written: String, expected: String) {
    for strictly in [false, true] {
      #expect(text(Array(written.utf8), strictly: strictly) == Array(expected.unicodeScalars))
    }
  }

  @Test("A name with half of a surrogate pair is found by U+FFFD")
  func findsLoneSurrogateName() throws {
    let value = try JSONValue.parse(Array(#"{"\uDFAA":0}"#.utf8), strictly: true)
    #expect(value["\u{FFFD}"].integer == 0)
  }

  @Test(
    "Bytes that are not UTF-8 become U+FFFD within a text, and are refused in the strict mode",
    arguments: [
      ([0xFF], 1), ([0x80], 1), ([0xBF], 1), ([0xE9], 1), ([0xE6, 0x97, 0xA5, 0xD1, 0x88, 0xFA], 3),
      ([0xC0, 0xAF], 2), ([0xC1, 0xBF], 2), ([0xE0, 0x80, 0xAF], 3), ([0xE0, 0x9F, 0xBF], 3),
      ([0xF0, 0x80, 0x80, 0xAF], 4), ([0xF0, 0x8F, 0xBF, 0xBF], 4),
      ([0xFC, 0x83, 0xBF, 0xBF, 0xBF, 0xBF], 6),
      ([0xFC, 0x80, 0x80, 0x80, 0x80, 0x80], 6), ([0xED, 0xA0, 0x80], 3), ([0xED, 0xBF, 0xBF], 3),
      ([0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], 6), ([0xF4, 0x90, 0x80, 0x80], 4),
      ([0xF4, 0xBF, 0xBF, 0xBF], 4),
      ([0xF5, 0x80, 0x80, 0x80], 4), ([0xF8, 0x88, 0x80, 0x80, 0x80], 5), ([0xE0, 0xFF], 2),
      ([0xE2, 0x82], 1),
      ([0xF0, 0x9F, 0x98], 1), ([0xC3], 1), ([0xC3, 0x28], 2), ([0xE2, 0x28, 0xA1], 3), ([0xFE], 1),
    ] as [([UInt8], Int)])
  func replacesInvalidUTF8(bytes: [UInt8], length: Int) {
    let repaired = text(bytes, strictly: false)
    #expect(repaired?.contains("\u{FFFD}") == true)
    #expect(repaired?.count == length)
    #expect(text(bytes, strictly: true) == nil)
    #expect(text(Array("ascii before ".utf8) + bytes + Array("\\n".utf8), strictly: true) == nil)
  }

  @Test("The strict mode tells where the first byte stands that is not UTF-8")
  func tellsWhereUTF8Breaks() {
    let page: [UInt8] = Array("{\"Ä\":\"ok\",\"b".utf8) + [0xE2, 0x82] + Array("\":1}".utf8)
    let failure = #expect(throws: JSONFailure.self) { try JSONValue.parse(page, strictly: true) }
    #expect(failure?.description == "not JSON at byte 13: a byte that is not UTF-8")
  }

  @Test("The strict mode knows UTF-8 exactly as Swift does, at every border of its rules")
  func agreesOnUTF8() {
    let borders: [UInt8] = [
      0x22, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED,
      0xEE,
      0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
    ]
    for first in borders.dropFirst() {
      for second in borders.dropFirst() {
        for third in borders.dropFirst() {
          let isThree = String(validating: [first, second, third], as: UTF8.self) != nil
          #expect((text([first, second, third], strictly: true) != nil) == isThree)
          guard first >= 0xF0 else { continue }
          let isFour = String(validating: [first, second, third, 0x80], as: UTF8.self) != nil
          #expect((text([first, second, third, 0x80], strictly: true) != nil) == isFour)
        }
      }
    }
  }

  @Test("A byte order mark is passed over, and refused in the strict mode")
  func passesOverByteOrderMark() throws {
    let page = [0xEF, 0xBB, 0xBF] + Array("{}".utf8)
    #expect(try JSONValue.parse(page).isObject)
    let failure = #expect(throws: JSONFailure.self) { try JSONValue.parse(page, strictly: true) }
    #expect(failure?.offset == 0)
  }

  @Test("Five hundred lists within each other are too many, though other readers take them")
  func refusesFiveHundredLists() {
    let page = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
    #expect(throws: JSONFailure.self) { try JSONValue.parse(Array(page.utf8)) }
  }

  @Test(
    "Of a number that does not fit the digits are still there",
    arguments: [
      ("123123e100000", nil), ("-1e+9999", nil), ("1.5e+9999", nil),
      ("0.4e00669999999999999999999999999999", nil),
      ("123.456e-789", 0.0), ("123e-10000000", 0.0),
      ("-123123123123123123123123123123", -1.2312312312312312e29),
      ("100000000000000000000", 1e20),
      ("-237462374673276894279832749832423479823246327846", -2.3746237467327689e47),
      ("18446744073709551615", 18_446_744_073_709_551_615.0), ("1e400", nil), ("-1e400", nil),
    ] as [(String, Double?)])
  func keepsDigits(written: String, number: Double?) throws {
    let value = try JSONValue.parse(Array(written.utf8), strictly: true)
    #expect(value.text == written)
    #expect(value.integer == nil)
    #expect(value.number == number)
  }

  @Test("Minus zero is a whole 0, and keeps its sign as a number and as it was written")
  func keepsMinusZero() throws {
    for written in ["-0", "-0.0", "-0e5"] {
      let value = try JSONValue.parse(Array(written.utf8))
      #expect(value.integer == 0)
      #expect(value.number?.sign == .minus)
      #expect(value.text == written)
    }
  }

  @Test("Numbers are read to the nearest Double, as Swift reads them, whatever their form")
  func roundsAsSwift() throws {
    var chance = SeededChance(8259)
    for _ in 0..<5000 {
      let digits = String(
        UInt64.random(in: 0...(.max), using: &chance) >> UInt64.random(in: 0..<64, using: &chance))
      let place = Int.random(in: 0..<20, using: &chance)
      var written = place < digits.count ? String(digits.dropLast(place)) : "0"
      if place > 0 {
        written += "." + String(repeating: "0", count: max(0, place - digits.count)) + digits.suffix(place)
      }
      if Bool.random(using: &chance) { written += "e\(Int.random(in: -330...300, using: &chance))" }
      #expect(
        try JSONValue.parse(Array(written.utf8)).number == Double(written).flatMap { $0.isFinite ? $0 : nil })
    }
  }

  @Test("Of members with the same name the last counts, however the name is written")
  func takesLastDuplicate() throws {
    let value = try JSONValue.parse(Array(#"{"a":1,"b":[2,{"a":3}],"\u0061":4,"b":null}"#.utf8))
    #expect(value["a"].integer == 4)
    #expect(value["b"].isPresent && value["b"].isNull)
    #expect(value.members.map(\.key) == ["a", "b", "a", "b"])
    #expect(value.count == 4)
  }

  @Test("A list has the keys that its members are listed with, and no other spelling of them")
  func takesPlainIndicesOnly() throws {
    let value = try JSONValue.parse(Array("[7,8]".utf8))
    #expect(value["1"].integer == 8)
    for key in ["+1", "01", "-0", " 1", "1.0", "2"] { #expect(!value[key].isPresent) }
  }
}

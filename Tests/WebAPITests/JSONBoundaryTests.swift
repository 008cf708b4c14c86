import Testing

@testable import WebAPI

/// The reader looks at eight bytes at a time; these tests move everything over those borders.
@Suite("JSON at the borders of words and limits")
struct JSONBoundaryTests {
  private static let special: [(written: String, read: String)] = [
    ("", ""), (#"\n"#, "\n"), (#"\\"#, "\\"), (#"\""#, "\""), (#"\u00e9"#, "é"), ("é", "é"), ("😀", "😀"),
    ("!", "!"),
    ("#", "#"), ("]", "]"), ("[", "["), (" ", " "), ("\u{7F}", "\u{7F}"),
  ]

  @Test("A text is read the same wherever it begins and whatever stands at which place within it")
  func readsAtEveryPlace() throws {
    for (written, read) in Self.special {
      for before in 0..<18 {
        for after in 0..<10 {
          let (left, right) = (String(repeating: "a", count: before), String(repeating: "z", count: after))
          let page = String(repeating: " ", count: before % 8) + "[\"\(left)\(written)\(right)\",1]"
          let value = try JSONValue.parse(Array(page.utf8), strictly: true)
          #expect(value.count == 2)
          #expect(value[0].text == left + read + right)
        }
      }
    }
  }

  @Test("A text that stops at any place is refused there")
  func refusesAtEveryPlace() {
    for count in 0..<40 {
      let page = Array(("\"" + String(repeating: "a", count: count)).utf8)
      let failure = #expect(throws: JSONFailure.self) { try JSONValue.parse(page) }
      #expect(failure?.offset == count + 1)
    }
  }

  @Test(
    "A control character is found at every place, before whatever follows, and nothing else is taken for one")
  func findsControlCharacters() {
    for byte in UInt8.min..<0x80 {
      for place in 0..<9 {
        for next in [0x20, 0x21, 0x23, 0x5B, 0x5D, 0x7F] as [UInt8] {
          var text = [UInt8](repeating: 0x61, count: 12)
          text[place] = byte
          text[place + 1] = next
          let failure = failure(of: [0x22] + text + [0x22])
          switch byte {
          case 0..<0x20: #expect(failure?.offset == place + 1)
          case 0x22: #expect(failure?.offset == place + (next == 0x20 ? 3 : 2))
          case 0x5C: #expect(failure?.offset == place + 2)
          default: #expect(failure == nil)
          }
        }
      }
    }
  }

  private func failure(of page: [UInt8]) -> JSONFailure? {
    do throws(JSONFailure) {
      _ = try JSONValue.parse(page)
      return nil
    } catch {
      return error
    }
  }

  @Test("A name of any length is found, and is told from names that differ in one letter")
  func findsNamesOfAnyLength() throws {
    for length in 0..<34 {
      let name = String(repeating: "n", count: length)
      for place in 0..<max(length, 1) {
        var other = Array(name.utf8)
        if length > 0 { other[place] = 0x6D }
        let page = Array("{\"".utf8) + other + Array("\":1,\"x\(name)\":2,\"\(name)\":3}".utf8)
        let value = try JSONValue.parse(page)
        #expect(value[name].integer == 3)
        #expect(value[String(decoding: other, as: UTF8.self)].integer == (length > 0 ? 1 : 3))
        #expect(!value[name + "y"].isPresent)
        #expect(value["x" + name].integer == 2)
      }
    }
  }

  @Test("Names at the very end of a text are compared within it")
  func findsNamesAtTheEnd() throws {
    for length in 0..<10 {
      let name = String(repeating: "n", count: length)
      let value = try JSONValue.parse(Array("{\"\(name)\":1}".utf8))
      #expect(value[name].integer == 1)
      #expect(!value[name + "n"].isPresent)
    }
  }

  private func parse(_ text: String, extentLimit: Int) throws(JSONFailure) -> Int {
    let bytes = Array(text.utf8)
    var parser = JSONParser(expecting: bytes.count, isStrict: false, extentLimit: extentLimit)
    try parser.parse(bytes.span)
    return parser.nodes.count
  }

  @Test(
    "As many bytes or values as a node can describe are read",
    arguments: [("\"abcd\"", 1), ("1234", 1), ("[1,2,3,4]", 5), ("{\"a\":[],\"b\":[],\"c\":1,\"d\":2}", 9)])
  func readsUpToLimit(text: String, nodes: Int) throws {
    #expect(try parse(text, extentLimit: 4) == nodes)
  }

  @Test(
    "One more is refused where it stands",
    arguments: [
      ("\"abcde\"", 0), ("12345", 0), ("[1,2,3,4,5]", 10), ("[[],[],[],[],[1]]", 16),
      ("{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5}", 30), ("[0,\"abcde\"]", 3),
    ])
  func refusesBeyondLimit(text: String, offset: Int) {
    let failure = #expect(throws: JSONFailure.self) { try parse(text, extentLimit: 4) }
    #expect(failure?.offset == offset)
  }

  @Test("A node takes 8 bytes")
  func nodeIsSmall() {
    #expect(MemoryLayout<JSONNode>.stride == 8)
  }

  @Test("A node keeps the greatest extent and place that it can describe")
  func nodeKeepsExtremes() {
    let node = JSONNode(
      .text, anchor: Int(UInt32.max), extent: JSONNode.extentLimit, isEscaped: true, isBeyondASCII: true)
    #expect(node.kind == .text)
    #expect(node.anchor == .max)
    #expect(node.extent == JSONNode.extentLimit)
    #expect(node.isEscaped && node.isBeyondASCII && node.isSpecial)
  }
}

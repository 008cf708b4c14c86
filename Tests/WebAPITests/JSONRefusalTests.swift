import Testing
import WebAPI

@Suite("Texts that are not JSON")
struct JSONRefusalTests {
  @Test(
    "Each break of the grammar is refused at its place",
    arguments: [
      ("", 0), ("   ", 3), ("{", 1), ("[", 1), ("[1", 2), ("[1,", 3), ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3),
      ("{\"a\"}", 4), ("{\"a\":}", 5), ("{\"a\":1,}", 7), ("{a:1}", 1), ("{\"a\" 1}", 5), ("{\"a\":1", 6),
      ("{\"a\":1]", 6), ("[1}", 2), ("{,}", 1), ("1 2", 2), ("[] []", 3), ("}", 0), ("\"a", 2), ("\"a\\", 3),
      ("\"\\x\"", 2), ("\"\\u12\"", 5), ("\"\\u12g4\"", 5), ("\"\\u", 3), ("\"a\nb\"", 2), ("\"\u{0}\"", 1),
      ("tru", 0), ("True", 0), ("nul", 0), ("nullx", 4), ("falsey", 5), ("01", 0), ("-01", 1), ("-", 1),
      ("1.", 2), (".5", 0), ("1.e1", 2), ("1e", 2), ("1e+", 3), ("+1", 0), ("0x10", 1), ("NaN", 0),
      ("Infinity", 0), ("'a'", 0), ("[1]/**/", 3), ("{\"a\":1,\"b\"", 10), ("\u{FEFF}", 3),
    ] as [(String, Int)])
  func refuses(text: String, offset: Int) {
    let failure = #expect(throws: JSONFailure.self) { try JSONValue.parse(Array(text.utf8)) }
    #expect(failure?.offset == offset)
  }

  @Test("A failure tells the place and the reason but nothing of the text")
  func tellsNothingOfTheText() {
    let failure = #expect(throws: JSONFailure.self) {
      try JSONValue.parse(Array(#"{"password":"geheim" oops}"#.utf8))
    }
    #expect(failure?.description == "not JSON at byte 21: a comma or the end of the map is missing")
  }

  @Test("A mark that is cut off, or stands later, is no byte order mark")
  func refusesOtherMarks() {
    #expect(throws: JSONFailure.self) { try JSONValue.parse([0xEF, 0xBB]) }
    #expect(throws: JSONFailure.self) { try JSONValue.parse([0x20, 0xEF, 0xBB, 0xBF, 0x31]) }
  }

  @Test("200 lists within each other are read, 201 refused")
  func limitsDepth() throws {
    func nested(_ depth: Int) -> [UInt8] {
      [UInt8](repeating: UInt8(ascii: "["), count: depth)
        + [UInt8](repeating: UInt8(ascii: "]"), count: depth)
    }
    var value = try JSONValue.parse(nested(200))
    for _ in 0..<199 { value = value[0] }
    #expect(value.isArray)
    #expect(value.count == 0)
    let failure = #expect(throws: JSONFailure.self) { try JSONValue.parse(nested(201)) }
    #expect(failure?.offset == 200)
  }

  @Test("A hundred thousand open brackets are a failure and not a crash")
  func survivesDeepNesting() {
    let maps = Array(repeatElement(Array(#"{"a":"#.utf8), count: 20_000).joined())
    #expect(throws: JSONFailure.self) { try JSONValue.parse(maps) }
    #expect(throws: JSONFailure.self) { try JSONValue.parse([UInt8](repeating: 0x5B, count: 100_000)) }
  }
}

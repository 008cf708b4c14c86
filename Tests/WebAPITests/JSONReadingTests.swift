import Testing
import WebAPI

@Suite("Reading JSON")
struct JSONReadingTests {
  private func read(_ text: String) throws -> JSONValue {
    try JSONValue.parse(Array(text.utf8))
  }

  @Test("A text is given as it is, a number as it was written, and true and false as words")
  func givesText() throws {
    let value = try read(#"{"t":"a b","n":-1.50e+2,"y":true,"f":false,"z":null,"l":[],"m":{}}"#)
    #expect(value["t"].text == "a b")
    #expect(value["n"].text == "-1.50e+2")
    #expect(value["y"].text == "true")
    #expect(value["f"].text == "false")
    #expect(value["z"].text == nil)
    #expect(value["l"].text == nil)
    #expect(value["m"].text == nil)
  }

  @Test(
    "Whole numbers are read exactly, with and without quotation marks",
    arguments: [
      ("12", 12), ("12.0", 12), ("-7", -7), ("0", 0), ("-0", 0), ("-0.0", 0), ("1e3", 1000), ("1.5e1", 15),
      ("1200e-2", 12), ("2305843009213693952", 1 << 61), ("-2305843009213693952", -(1 << 61)),
      ("9007199254740993.0", 9_007_199_254_740_993), ("0e99999999999999999999", 0),
      ("123456789012345678", 123_456_789_012_345_678),
    ] as [(String, Int)])
  func readsWholeNumbers(written: String, expected: Int) throws {
    #expect(try read(written).integer == expected)
    #expect(try read("\"\(written)\"").integer == expected)
  }

  @Test(
    "What is not a whole number, or does not fit, is none",
    arguments: [
      "1.5", "2305843009213693953", "-2305843009213693953", "9223372036854775807", "-9223372036854775808",
      "9223372036854775808", "-9223372036854775809", "1e19", "1e-1", "1e-400", "123e-2",
      "1e999999999999", "\"\"", "\"x\"", "\"12x\"", "\"1,234\"", "\" 12\"", "\"-\"", "\"1.\"", "\"1e\"",
      "\"0x10\"", "null", "true", "[1]", "{}",
    ])
  func refusesOtherThanWhole(written: String) throws {
    #expect(try read(written).integer == nil)
  }

  @Test("A text may hold a number as no JSON number would be written")
  func readsNumbersInTexts() throws {
    #expect(try read(#""007""#).integer == 7)
    #expect(try read(#""+5""#).integer == 5)
    #expect(try read(#""+5.25""#).number == 5.25)
    #expect(try read(#""\u0031\u0032""#).integer == 12)
  }

  @Test(
    "Numbers are read from numbers and texts",
    arguments: [("1.5", 1.5), ("-2e-2", -0.02), ("3", 3), ("0.1", 0.1), ("1e308", 1e308)])
  func readsNumbers(written: String, expected: Double) throws {
    #expect(try read(written).number == expected)
    #expect(try read("\"\(written)\"").number == expected)
  }

  @Test(
    "What is no finite number is none",
    arguments: [
      "1e999", "\"inf\"", "\"nan\"", "\"0x1p3\"", "\"\"", "\"Infinity\"", "\"1.5 \"", "null", "true", "[]",
      "\"1.\"", "\".5\"", "\"-\"", "\"+\"", "\"-.5\"", "\"1.2.3\"", "\"1e\"", "\"--1\"",
    ])
  func refusesOtherThanFinite(written: String) throws {
    #expect(try read(written).number == nil)
  }

  @Test(
    "True and false are read in each of their forms",
    arguments: [
      ("true", true), ("1", true), ("\"1\"", true), ("\"true\"", true), ("false", false), ("0", false),
      ("\"0\"", false), ("\"false\"", false), ("2", nil), ("\"yes\"", nil), ("\"\"", nil), ("null", nil),
      ("[]", nil), ("{}", nil), ("1.0", nil),
    ] as [(String, Bool?)])
  func readsTruth(written: String, expected: Bool?) throws {
    #expect(try read(written).boolean == expected)
  }

  @Test("What is missing or of another shape is null and never traps")
  func missingIsNull() throws {
    let value = try read(#"{"a":{"b":[1,2]},"n":null,"t":"x"}"#)
    #expect(value["x"]["y"][3]["z"].isNull)
    #expect(value["a"]["b"][2].isNull)
    #expect(value["a"]["b"][-1].isNull)
    #expect(value["a"]["b"]["key"].isNull)
    #expect(value["t"]["u"].isNull)
    #expect(value["t"][0].isNull)
    #expect(value["n"]["u"].isNull)
    #expect(value["x"].count == 0)
    #expect(value["x"].elements.isEmpty)
    #expect(value["x"].members.isEmpty)
    #expect(value["t"].count == 0)
    #expect(value["x"].integer == nil)
    #expect(value["x"].boolean == nil)
  }

  @Test("Null is there, an absent member is not, and both are null")
  func tellsNullFromAbsent() throws {
    let value = try read(#"{"n":null}"#)
    #expect(value["n"].isPresent)
    #expect(value["n"].isNull)
    #expect(!value["x"].isPresent)
    #expect(value["x"].isNull)
  }

  @Test("Each kind is told from the others")
  func tellsKinds() throws {
    let value = try read(#"["x",1,{},[],null,true]"#)
    #expect(value.elements.map(\.isText) == [true, false, false, false, false, false])
    #expect(value.elements.map(\.isNumber) == [false, true, false, false, false, false])
    #expect(value.elements.map(\.isObject) == [false, false, true, false, false, false])
    #expect(value.elements.map(\.isArray) == [false, false, false, true, false, false])
    #expect(value.elements.map(\.isNull) == [false, false, false, false, true, false])
  }

  @Test("Members keep the order of the text, and elements of a map are its values")
  func keepsOrder() throws {
    let value = try read(#"{"30":{"id":30,"x":[1,[2]]},"7":{"id":7},"12":{"id":12}}"#)
    #expect(value.members.map(\.key) == ["30", "7", "12"])
    #expect(value.members.map { $0.value["id"].integer } == [30, 7, 12])
    #expect(value.elements.map { $0["id"].integer } == [30, 7, 12])
    #expect(value.count == 3)
    #expect(value["30"]["x"][1][0].integer == 2)
  }

  @Test("A list stands in for a map: its keys are its indices")
  func listStandsInForMap() throws {
    let list = try read(#"["a","b"]"#)
    #expect(list.members.map(\.key) == ["0", "1"])
    #expect(list.members.map { $0.value.text } == ["a", "b"])
    #expect(list["1"].text == "b")
    #expect(try read("[]").members.isEmpty)
  }

  @Test("A map stands in for a list: its names are the indices")
  func mapStandsInForList() throws {
    let map = try read(#"{"1":"b","3":"d"}"#)
    #expect(map[3].text == "d")
    #expect(map[0].isNull)
  }

  @Test("Of members with the same name the last is found, and all are listed")
  func lastMemberWins() throws {
    let value = try read(#"{"a":1,"b":2,"a":3}"#)
    #expect(value["a"].integer == 3)
    #expect(value.members.map(\.key) == ["a", "b", "a"])
  }

  @Test(
    "Escapes are resolved",
    arguments: [
      (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u00E9""#, "éé"),
      (#""\ud83d\ude00""#, "😀"),
      (#""a\ud83d""#, "a\u{FFFD}"), (#""\ude00b""#, "\u{FFFD}b"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
      (#""\ud83d\n""#, "\u{FFFD}\n"), (#""\ud83dx12345""#, "\u{FFFD}x12345"),
      (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\u0000""#, "\0"), (#""é\u20ac😀""#, "é€😀"),
    ])
  func resolvesEscapes(written: String, expected: String) throws {
    let text = try read(written).text
    #expect(text.map { Array($0.unicodeScalars) } == Array(expected.unicodeScalars))
  }

  @Test("Bytes that are not UTF-8 become U+FFFD and leave the rest of the page alone")
  func repairsUTF8() throws {
    let page: [UInt8] =
      Array(#"{"a":"x"#.utf8) + [0xFF, 0xC3] + Array(#"","b\n"#.utf8) + [0xE2, 0x82]
      + Array(#"":"ok"}"#.utf8)
    let value = try JSONValue.parse(page)
    #expect(value["a"].text == "x\u{FFFD}\u{FFFD}")
    #expect(value["b\n\u{FFFD}"].text == "ok")
    #expect(value.members.map(\.key) == ["a", "b\n\u{FFFD}"])
  }

  @Test("Names are found by their meaning, escaped or not, and by nothing less than all of it")
  func findsNames() throws {
    let value = try read(#"{"caf\u00e9":1,"Größe":2,"a\"b":3,"ab":4,"a\\u0062":5}"#)
    #expect(value["café"].integer == 1)
    #expect(value["Größe"].integer == 2)
    #expect(value["a\"b"].integer == 3)
    #expect(value["a"].isNull)
    #expect(value[#"a\"b"#].isNull)
    #expect(value[#"a\u0062"#].integer == 5)
    // The same letter, composed of two scalars: another name.
    #expect(value["cafe\u{301}"].isNull)
  }

  @Test("A byte order mark and white space around the value are passed over")
  func passesOverSurroundings() throws {
    let value = try JSONValue.parse([0xEF, 0xBB, 0xBF] + Array(" \t\r\n[ 1 , {\n\"a\" : 2 } ] \n".utf8))
    #expect(value[0].integer == 1)
    #expect(value[1]["a"].integer == 2)
  }

  @Test("Its description tells the shape and nothing of what it holds")
  func describesShape() throws {
    let value = try read(#"["x",1,{"a":1},[1,2],null,true]"#)
    #expect(
      value.elements.map(\.description) == [
        "a text", "a number", "a map of 1", "a list of 2", "null", "true or false",
      ])
    #expect("\(value["x"])" == "nothing")
  }
}

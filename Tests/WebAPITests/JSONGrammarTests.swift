import Testing
import WebAPI

@Suite("The grammar of RFC 8259: what must be read")
struct JSONGrammarTests {
  /// Read in both modes, alone and within a list and a map; gives what was read in the strict mode.
  @discardableResult
  private func read(_ text: String) throws -> JSONValue {
    let bytes = Array(text.utf8)
    #expect(try JSONValue.parse(Array("[\(text)]".utf8), strictly: true).count == 1)
    #expect(try JSONValue.parse(Array("{\"a\" : \(text)\n}".utf8), strictly: true).count == 1)
    #expect(try JSONValue.parse(bytes).isPresent)
    return try JSONValue.parse(bytes, strictly: true)
  }

  @Test(
    "A number is read in every form, and its digits are kept as they were written",
    arguments: [
      "0", "-0", "1", "-1", "9", "10", "123", "-123", "20e1", "0e1", "0e+1", "0E-1", "1E22", "1e-2", "1E+2",
      "1e+2", "1E-2", "123e45", "123e-10000000", "1e400", "-1e400", "123.456", "123.456e78", "-0.0", "0.0",
      "-0.1", "0.5", "0.50", "1.000000000000000000005", "123.456789", "-123.456e-789", "0e0", "-0e-0",
      "0.0e+0",
      "1e00", "1e+00", "1e-007", "9007199254740993", "18446744073709551616", "-18446744073709551616",
      "100000000000000000000", "123123123123123123123123123123", "0.4e0066999999999999999999999",
      "-0.000000000000000000000000000000000000000000000000000000000000000000000000000001",
      "4.9406564584124654e-324", "1.7976931348623157e308", "1.7976931348623159e308",
    ])
  func readsNumbers(written: String) throws {
    let value = try read(written)
    #expect(value.isNumber)
    #expect(value.text == written)
  }

  @Test(
    "The three words are read",
    arguments: [("true", "true or false"), ("false", "true or false"), ("null", "null")])
  func readsWords(written: String, kind: String) throws {
    #expect(try read(written).description == kind)
  }

  @Test(
    "A text is read with all that may stand in it",
    arguments: [
      (#""""#, ""), (#"" ""#, " "), (#""asd""#, "asd"), (#""asd ""#, "asd "),
      (#""/* no comment */""#, "/* no comment */"),
      (#""a//b#c""#, "a//b#c"), (#""\"""#, "\""), (#""\\""#, "\\"), (#""\/""#, "/"), (#""/""#, "/"),
      (#""\b""#, "\u{8}"),
      (#""\f""#, "\u{C}"), (#""\n""#, "\n"), (#""\r""#, "\r"), (#""\t""#, "\t"),
      (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\\a""#, "\\a"), (#""\\n""#, "\\n"),
      (#""\\\n""#, "\\\n"),
      (#""\\u0041""#, "\\u0041"), (#""\\\u0041""#, "\\A"), (#""\u0041""#, "A"),
      (#""\u0061\u30af\u30EA\u30b9""#, "aクリス"),
      (#""\u0012""#, "\u{12}"), (#""\u0000""#, "\0"), (#""a\u0000b""#, "a\0b"), (#""\u002c""#, ","),
      (#""\u0022""#, "\""),
      (#""\u005C""#, "\\"), (#""\u00A0""#, "\u{A0}"), (#""\u0123""#, "ģ"), (#""\u0821""#, "ࠡ"),
      (#""\u200B""#, "\u{200B}"),
      (#""\u2028\u2029""#, "\u{2028}\u{2029}"), (#""\u2064""#, "\u{2064}"), (#""\uFEFF""#, "\u{FEFF}"),
      (#""\uFFFE""#, "\u{FFFE}"), (#""\uffff""#, "\u{FFFF}"), (#""\uFDFA""#, "\u{FDFA}"),
      (#""\uaBcD""#, "\u{ABCD}"),
      (#""\ud83d\ude39""#, "\u{1F639}"), (#""\uD834\uDd1e""#, "\u{1D11E}"), (#""\uD801\udc37""#, "\u{10437}"),
      (#""\ud83d\ude39\ud83d\udc8d""#, "\u{1F639}\u{1F48D}"), (#""\uD83F\uDFFE""#, "\u{1FFFE}"),
      (#""\uDBFF\uDFFE""#, "\u{10FFFE}"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
      (#""\uD800\uDC00""#, "\u{10000}"),
      ("\"\u{7F}\"", "\u{7F}"), ("\"a\u{7F}a\"", "a\u{7F}a"), ("\"\u{80}\"", "\u{80}"), ("\"é\"", "é"),
      ("\"π\"", "π"),
      ("\"€\"", "€"), ("\"\u{FFFF}\"", "\u{FFFF}"), ("\"\u{1BFFF}\"", "\u{1BFFF}"),
      ("\"\u{10FFFF}\"", "\u{10FFFF}"),
      ("\"\u{2028}\u{2029}\"", "\u{2028}\u{2029}"), ("\"\u{FEFF}\"", "\u{FEFF}"), ("\"⍂㈴⍂\"", "⍂㈴⍂"),
      ("\"😀\"", "😀"),
      ("\"e\u{301}\"", "e\u{301}"), ("\"\u{2060}\"", "\u{2060}"), ("\"Nguyễn Thị Ánh\"", "Nguyễn Thị Ánh"),
      (#""new line ends here""#, "new line ends here"), (#""[1,{\"a\":2}]""#, #"[1,{"a":2}]"#),
      (#""'""#, "'"),
      (#""\u0060\u012a\u12AB""#, "`Īካ"), (#""EURO €, \u20ac""#, "EURO €, €"),
    ] as [(String, String)])
  func readsTexts(written: String, expected: String) throws {
    let value = try read(written)
    #expect(value.isText)
    #expect(value.text.map { Array($0.unicodeScalars) } == Array(expected.unicodeScalars))
  }

  @Test(
    "A name is read with all that may stand in it",
    arguments: [
      (#"{"":0}"#, ""), (#"{" ":0}"#, " "), (#"{"a":0}"#, "a"), (#"{"\u0061":0}"#, "a"),
      (#"{"foo\u0000bar":0}"#, "foo\0bar"),
      (#"{"\"":0}"#, "\""), (#"{"\ud83d\ude39":0}"#, "\u{1F639}"), (#"{"é":0}"#, "é"), (#"{"12":0}"#, "12"),
      (#"{"a:b,c}":0}"#, "a:b,c}"), (#"{"asd":0, "b":1}"#, "asd"), (#"{"12345678":0}"#, "12345678"),
      (#"{"123456789":0}"#, "123456789"), (#"{"1234567890abcdef":0}"#, "1234567890abcdef"),
      (#"{"1234567890abcdefg":0}"#, "1234567890abcdefg"),
    ])
  func readsNames(written: String, name: String) throws {
    let value = try read(written)
    #expect(value.members.first.map { Array($0.key.utf8) } == Array(name.utf8))
    #expect(value[name].integer == 0)
  }

  @Test(
    "Lists and maps are read, empty, full and within each other, and count their values",
    arguments: [
      ("[]", 0), ("[ ]", 0), ("[\n]", 0), ("[[] ]", 1), ("[[]]", 1), ("[\"\"]", 1), ("[\"a\"]", 1),
      ("[false]", 1),
      ("[true]", 1), ("[null]", 1), ("[null, 1, \"1\", {}]", 4), ("[1\n]", 1), (" [1]", 1),
      ("[1,null,null,null,2]", 5),
      ("[2] ", 1), ("[1,2,3]", 3), ("[[],[],[[]]]", 3), ("[ [ ] , [ ] ]", 2), ("[[[[[[[[[[]]]]]]]]]]", 1),
      ("[-1,-0,0]", 3),
      ("{}", 0), ("{ }", 0), ("{\t}", 0), ("{\"a\":[]}", 1), ("{\"a\":{}}", 1), ("{\"a\":\"b\"}", 1),
      ("{\"a\":\"b\",\"a\":\"c\"}", 2), ("{\"a\":\"b\",\"a\":\"b\"}", 2), ("{\n\"a\": \"b\"\n}", 1),
      ("{\"a\" :1 , \"b\": 2 }", 2),
      ("{\"min\": -1.0e+28, \"max\": 1.0e+28}", 2), ("{\"a\":{\"b\":{\"c\":{}}},\"d\":[{}]}", 2),
      ("[{},{},{\"x\":[]}]", 3),
      (
        "{\"x\":[{\"id\": \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}], \"id\": \"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\"}",
        2
      ),
      (
        "{\"title\":\"\\u041f\\u043e\\u043b\\u0442\\u043e\\u0440\\u0430 \\u0417\\u0435\\u043c\\u043b\\u0435\\u043a\\u043e\\u043f\\u0430\" }",
        1
      ),
      ("\r\n[\r\n1\r\n,\r\n2\r\n]\r\n", 2), ("\t \n\r[]\t \n\r", 0),
    ] as [(String, Int)])
  func readsStructures(written: String, count: Int) throws {
    #expect(try read(written).count == count)
  }

  @Test(
    "Any kind of value may stand alone, with white space around it",
    arguments: [
      "42", "-0.1", "\"asd\"", "\"\"", "true", "false", "null", "[]", "{}", "0", "1e5", "\"\\u0041\"",
    ])
  func readsScalars(written: String) throws {
    #expect(try read(written).isPresent)
    #expect(try read(" \(written)").isPresent)
    #expect(try read("\(written)\n").isPresent)
    #expect(try read("\t\r\n \(written) \n\r\t").isPresent)
  }
}

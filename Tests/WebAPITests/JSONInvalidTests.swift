import Testing
import WebAPI

@Suite("The grammar of RFC 8259: what must be refused, in both modes")
struct JSONInvalidTests {
  private func expectRefusal(_ bytes: [UInt8]) {
    for strictly in [false, true] {
      let failure = #expect(throws: JSONFailure.self) { try JSONValue.parse(bytes, strictly: strictly) }
      #expect((0...bytes.count).contains(failure?.offset ?? -1))
    }
  }

  @Test(
    "Broken numbers, alone and within a list",
    arguments: [
      "-", "+", "++", "+1", "-+1", "--1", "+Inf", "Inf", "Infinity", "-Infinity", "NaN", "-NaN", "+NaN",
      "nan", "-01", "-00",
      "00", "01", "012", "-012", "007", "00.0", "-00.0", "00e0", "-00e0", "-1.0.", "-2.", "2.", ".1", ".-1",
      ".2e-3", ".",
      "-.", "-.5", "-.123", "0.1.2", "0.3e+", "0.3e", "0.e1", "0E+", "0E", "0e+", "0e", "0e-", "1.0e+",
      "1.0e-", "1.0e",
      "1 000.0", "1_000", "1,000.", "1eE2", "1ee2", "1e+-2", "1e++2", "1e1.5", "1e1e1", "2.e+3", "2.e-3",
      "2.e3", "9.e+",
      "1+2", "1-2", "1*2", "0x1", "0x42", "-0x1", "0b1", "0o7", "123abc", "1.2a-3", "1.8011670033376514H-308",
      "-2a", "-1x", "1a",
      "1ea", "1e1a", "- 1", "1 .5", "1. 5", "1 e5", "1e 5", "1e5 6", "-foo", "1f", "1L", "1n", "$1", "1%",
      "1'000", "１", "٣",
      "½", "−1", "1\u{A0}", "1/2", "1.5.", "0,5,", "-,", "1..2",
    ])
  func refusesNumbers(written: String) {
    expectRefusal(Array(written.utf8))
    expectRefusal(Array("[\(written)]".utf8))
  }

  @Test(
    "Broken words",
    arguments: [
      "t", "tr", "tru", "truth", "True", "TRUE", "trueish", "tRue", "true1", "f", "fals", "False", "FALSE",
      "falsey", "fasle",
      "n", "nul", "nulll", "NULL", "Null", "none", "None", "nil", "undefined", "yes", "no", "a", "aå", "å",
      "*", "#", "@", "~",
      "<null>", "<.>", "(1)", "&", "=", ";", "|", "^", "`a`", "…", "true false", "null null", "nu ll",
      "tr\\u0075e",
    ])
  func refusesWords(written: String) {
    expectRefusal(Array(written.utf8))
    expectRefusal(Array("[\(written)]".utf8))
    expectRefusal(Array("{\"a\":\(written)}".utf8))
  }

  @Test(
    "Broken texts, alone, as a list's element and as a name",
    arguments: [
      #"""#, #""a"#, #""\"#, #""\""#, #""a\""#, #""\\\""#, #""\x00""#, #""\x""#, #""\a""#, #""\v""#, #""\0""#,
      #""\1""#,
      #""\01""#, #""\101""#, #""\e""#, #""\ ""#, #""\'""#, #""\-""#, #""\U0041""#, #""\u""#, #""\u1""#,
      #""\u12""#,
      #""\u123""#, #""\u123"#, #""\u"#, #""\u00A"#, #""\u00A""#, #""\u00G0""#, #""\uqqqq""#, #""\u 041""#,
      #""\u+041""#,
      #""\u-041""#, #""\u{41}""#, #""\u004１""#, #""\uD834\""#, #""\uD834\u""#, #""\uD834\u1""#,
      #""\uD834\u1x""#,
      #""\uD834\uDd""#, #""\uD800\uD800\x""#, #""\ud83d\ude3""#, "\"\\\u{1F300}\"", "\"\\é\"", "\"\\\t\"",
      "\"\\\n\"", "\"\t\"",
      "\"\n\"", "\"\r\"", "\"\0\"", "\"\u{1}\"", "\"\u{1F}\"", "\"a\u{0}a\"", "\"\u{8}\"", "\"\u{C}\"",
      "\"new\nline\"",
      "\"1234567\t\"", "\"12345678\u{1F}\"", "'a'", "'", "\u{201C}a\u{201D}", "abc", "\\u0041", "\\n",
      "\\\"a\\\"",
      #"\u0022a\u0022"#, #"\u0020"a""#, #""a"x"#, #""a" "b""#, #""a""b""#, #""\\"""#, "é", "\\", "`a`",
      #""a"#, "\"a\u{0}",
    ])
  func refusesTexts(written: String) {
    expectRefusal(Array(written.utf8))
    expectRefusal(Array("[\(written)]".utf8))
    expectRefusal(Array("{\(written):1}".utf8))
  }

  @Test(
    "Broken lists",
    arguments: [
      "[", "]", "[[", "]]", "[]]", "[[]", "[1", "[1,", "[,", "[,1", "[,1]", "[1,]", "[1,,]", "[1,,2]", "[,]",
      "[,,]", "[-]",
      "[\"\",]", "[\"a\",", "[\"a\"", "[\"", "[\"a", "[\"a,4", "['", "[\"a\\", "[3[4]]", "[1 true]", "[1 2]",
      "[\"a\" \"b\"]", "[1:2]",
      "[\"\": 1]", "[1;2]", "[1}", "[}", "[{]", "[{}", "[x", "[x]", "[*]", "[<]", "[ , \"\"]", "[\"x\"]]",
      "[\"x\"],", "[1],", "[1]x",
      "[1]]", "[][]", "[] []", "[],[]", "[1]1", "[1]\"a\"", "[a", "[nul", "[fals", "[tru", "[ false, nul",
      "[ true, fals", "[1\n,",
      "[\"a\",\n4\n,1,", "[1,\n1\n,1", "[{\"a\":1", "[[[[", "[]#", "[1]//", "[1]/*x*/", "[/*x*/1]",
      "[1,/**/2]", "[\u{B}1]", "[\u{C}]",
      "[\"\u{B}a\"\\f]", "[\u{2060}]", "[\u{A0}1]", "[\u{FEFF}1]", "[\u{3000}]", "[\u{0}1]", "[1\u{0}]",
      "(1)", "[1)", "[1,2", "[...]",
      "[1, ,2]", "[\\u000A\"\"]", "[\"\" true]", "[null,", "[{}{}]", "[]]]", "[1]\u{0}",
    ])
  func refusesLists(written: String) {
    expectRefusal(Array(written.utf8))
  }

  @Test(
    "Broken maps",
    arguments: [
      "{", "}", "{{", "{}}", "}{", "{]", "{[", "{,", "{,}", "{\"", "{\"a", "{\"a\"", "{\"a\"}", "{\"a\":",
      "{\"a\":}", "{\"a\": ,}",
      "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{\"a\":1,,}", "{\"a\":1,,\"b\":2}",
      "{\"a\":\"b\",,\"c\":\"d\"}", "{,\"a\":1}", "{\"a\" 1}",
      "{\"a\" \"b\"}", "{\"a\",1}", "{\"a\", \"b\"}", "{\"a\"::1}", "{\"a\":1:2}", "{\"a\"=1}", "{\"a\"=>1}",
      "{a:1}", "{a: \"b\"}", "{'a':0}",
      "{\"a\":'b'}", "{1:1}", "{9999E9999:1}", "{null:null}", "{null:null,null:null}", "{true:1}", "{[]:1}",
      "{[: \"x\"}\n",
      "{{}:1}", "{:\"b\"}", "{:}", "{\"a\":x}", "{\"a\":truth}", "{\"a\":\"b", "{\"a\":\"b\"",
      "{\"a\":\"a\" 123}", "{\"a\":1 \"b\":2}",
      "{\"a\":1;\"b\":2}", "{\"a\":1]", "{\"a\":[1}", "{\"a\":{\"b\":1}", "{\"a\":\"b\"}#",
      "{\"a\":\"b\"}#{}", "{\"a\":\"b\"}/**/",
      "{\"a\":\"b\"}/**//", "{\"a\":\"b\"}//", "{\"a\":\"b\"}/", "{\"a\":/*comment*/\"b\"}", "{/**/}",
      "{\"a\": true} \"x\"", "{} {}",
      "{}x", "{},", "{\"id\":0,}", "{\"id\":0,,,,,}", "{\"a\":\"b\"}}", "{\"foo\":\"bar\", \"a\"}",
      "{\"a\":\"a\",\"b", "{ \"foo\" : \"bar\", \"a\" }",
      "{\"a\u{0}\":1}", "{\"a\"\u{0}:1}", "{\"a\":\u{0}1}", "{\"a\u{A0}\"\u{A0}:1}", "{\"x\", null}",
      "{\"x\"::\"b\"}", "{\u{1F1E8}\u{1F1ED}}",
      "{\"a\"\n}", "{\"a\":1 ,\n}", "{\"a\":-}", "{\"a\":01}", "{\"a\":\"\\x\"}", "{\"a\" : 1 : }", "{\"\"}",
      "{\"a\":{}", "{...}", "*",
      "{\"asd\":\"asd\"", "{\"a\"", "{,\"", "{[\"x\"]", "{'a'", "[\"\\{[\"\\{[\"\\{[\"\\{", "{\"a\":1}\u{0}",
      "<{}>", "{}\u{2060}",
    ])
  func refusesMaps(written: String) {
    expectRefusal(Array(written.utf8))
  }

  @Test(
    "What is nothing, or stands before or after the value",
    arguments: [
      "", " ", "\n", "\t\r\n ", ",", ":", "1,", "1 2", "1]", "1}", "\"a\",", "null,null", "{}1", "1{}",
      "[]\"\"", "\"\"[]", "\u{FEFF}",
      "\u{FEFF}\u{FEFF}1", " \u{FEFF}1", "1\u{FEFF}", "\u{2060}1", "\u{A0}1", "\u{C}1", "\u{B}1", "\u{0}",
      "\u{0}1", "1\u{0}", "1\u{1A}",
      "\u{2028}1", "\u{85}1", "\u{3000}1", "//1\n1", "#1\n1", "/**/1", "1/**/", "1#", "1//", "1;", "<!---->1",
      ")]}',\n1", "while(1);1",
      "a(1)", "\\u000A1", "--\n1", "%PDF", "<html></html>", "<?xml version=\"1.0\"?>", "a: 1", "- 1", "a=1",
      "a,b", "{\"a\":1}\n{\"a\":2}",
    ])
  func refusesSurroundings(written: String) {
    expectRefusal(Array(written.utf8))
  }

  @Test(
    "Bytes that are not UTF-8, outside of texts and within numbers, words and escapes",
    arguments: [
      [0xFF], [0xE5], [0x80], [0xC3, 0xA9], [0xEF, 0xBB], [0xEF, 0xBB, 0x7B, 0x7D], [0xEF, 0xBB, 0xBF],
      [0xBF, 0x31],
      [0x5B, 0xFF, 0x5D], [0x5B, 0x61, 0xE5, 0x5D], [0x5B, 0x31, 0xE5, 0x5D], [0x5B, 0x30, 0xE5, 0x5D],
      [0x5B, 0x31, 0x32, 0x33, 0xE5, 0x5D],
      [0x5B, 0x31, 0x65, 0x31, 0xE5, 0x5D], [0x5B, 0x31, 0x65, 0xE5, 0x5D], [0x5B, 0x2D, 0xE5, 0x5D],
      [0x5B, 0x31, 0x2E, 0xE5, 0x5D],
      [0x74, 0x72, 0x75, 0xE5], [0x5B, 0x22, 0x5C, 0xE5, 0x22, 0x5D],
      [0x5B, 0x22, 0x5C, 0x75, 0xE5, 0x22, 0x5D],
      [0x5B, 0x22, 0x5C, 0x75, 0x30, 0x30, 0x30, 0xE5, 0x22, 0x5D], [0x22, 0xE5], [0x5B, 0x22, 0xC3],
      [0x7B, 0xB9, 0x3A, 0x30, 0x7D],
      [0x7B, 0x22, 0xB9, 0x22, 0x3A, 0x22, 0x30, 0x22, 0x2C, 0x7D], [0xFE, 0xFF, 0x00, 0x31],
      [0xFF, 0xFE, 0x31, 0x00],
      [0x31, 0x00], [0x00, 0x31], [0x00, 0x5B, 0x00, 0x5D], [0x5B, 0x00, 0x5D, 0x00],
      [0xFF, 0xFE, 0x00, 0x00, 0x31, 0x00, 0x00, 0x00],
      [0xFF, 0xFE, 0x5B, 0x00, 0x22, 0x00, 0xE9, 0x00, 0x22, 0x00, 0x5D, 0x00], [0x2B, 0x41, 0x48, 0x73],
    ] as [[UInt8]])
  func refusesBytes(bytes: [UInt8]) {
    expectRefusal(bytes)
  }

  @Test("Every control character but the four of white space is refused between values")
  func refusesControlCharacters() {
    for byte: UInt8 in (0...0x20) where ![0x09, 0x0A, 0x0D, 0x20].contains(byte) {
      expectRefusal([0x5B, byte, 0x5D])
      expectRefusal([byte])
    }
  }

  @Test(
    "A hundred thousand openings end in a refusal and not in a crash",
    arguments: ["[", "{\"a\":", "[{\"\":", "[[],", "[{},"])
  func refusesDepth(opening: String) {
    expectRefusal(Array(String(repeating: opening, count: 100_000).utf8))
  }
}

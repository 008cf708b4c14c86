import Testing
import WebAPI

@Suite("Writing JSON")
struct JSONWritingTests {
  @Test(
    "Each kind of value is written as RFC 8259 wants it",
    arguments: [
      (.null, "null"), (.bool(true), "true"), (.bool(false), "false"), (.integer(-12), "-12"),
      (.integer(.min), "-9223372036854775808"), (.number(1.5), "1.5"), (.number(1e300), "1e+300"),
      (.number(.infinity), "null"), (.number(.nan), "null"), (.list([]), "[]"), (.object([]), "{}"),
      (.list([.integer(1), .text("a"), .null]), #"[1,"a",null]"#),
      (.object([("z", .integer(1)), ("a", .list([.bool(true)]))]), #"{"z":1,"a":[true]}"#),
    ] as [(JSONOutput, String)])
  func writes(output: JSONOutput, expected: String) {
    #expect(String(decoding: output.bytes, as: UTF8.self) == expected)
  }

  @Test("Characters that must be escaped are, in texts and in names; others stay")
  func escapes() {
    let bytes = JSONOutput.object([("a\"b", .text("\"\\/\n\r\t\0\u{1F}\u{7F}é😀"))]).bytes
    #expect(
      String(decoding: bytes, as: UTF8.self) == #"{"a\"b":"\"\\/\n\r\t\u0000\u001F\u007Fé😀"}"#)
  }
}

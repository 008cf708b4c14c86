import Platform
import Testing

@Suite("Signs that mean something to others")
struct SignEscapingTests {
  @Test(
    "are written otherwise whatever stands behind them",
    arguments: [
      ("a<b", "a&lt;b"), ("<\u{301}", "&lt;\u{301}"), ("<\u{200D}<", "&lt;\u{200D}&lt;"),
      ("\u{338}<", "\u{338}&lt;"),
      ("", ""), ("é", "é"), ("e\u{301}", "e\u{301}"),
    ])
  func signs(text: String, written: String) {
    #expect(text.escaping(["<": "&lt;"]).unicodeScalars.elementsEqual(written.unicodeScalars))
  }

  @Test("are told from those that only look alike: a greater-than sign with a stroke is none")
  func lookalike() {
    #expect("\u{226E}".escaping(["<": "&lt;"]) == "\u{226E}")
  }
}

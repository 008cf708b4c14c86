import Platform
import Testing

@Suite("Contact ids")
struct ContactIDTests {
  @Test("An id of digits is ordered as text: 10 comes before 2")
  func ordersDigitsAsText() {
    #expect(ContactID("10") < ContactID("2"))
    #expect(["2", "10", "1"].map { ContactID($0) }.sorted().map(\.text) == ["1", "10", "2"])
  }

  @Test("Ids are ordered by code points, not by language or UTF-16")
  func ordersByCodePoints() {
    let expected = ["", "A", "B", "a", "z", "é", "đ", "\u{FFFD}", "\u{1F600}"]
    #expect(expected.shuffled().map { ContactID($0) }.sorted().map(\.text) == expected)
  }

  @Test("Upper and lower case make different ids")
  func isCaseSensitive() {
    #expect(ContactID("Ab") != ContactID("ab"))
  }
}

import Platform
import Scoring
import Testing

@testable import FilesConnector

@Suite("Dates, numbers, addresses and digests")
struct PieceTests {
  private func parse(_ pattern: String, _ text: String) throws -> String? {
    let format = try DateFormat(pattern)
    return Array(text.utf8).withUnsafeBufferPointer { format.parse($0)?.description }
  }

  @Test("A pattern reads what follows it, in UTC")
  func dates() throws {
    #expect(try parse("yyyyMMdd", "20261123") == "2026-11-23T00:00:00Z")
    #expect(try parse("dd.MM.yyyy HH:mm", "23.11.2026 14:05") == "2026-11-23T14:05:00Z")
    #expect(try parse("MM/dd/yyyy HH:mm:ss", "11/23/2026 14:05:59") == "2026-11-23T14:05:59Z")
    #expect(try parse("yyyy-MM-ddTHH:mm:ssZ", "2026-11-23T14:05:59Z") == "2026-11-23T14:05:59Z")
    #expect(try parse("yyyy年MM月dd日", "2026年11月23日") == "2026-11-23T00:00:00Z")
  }

  @Test(
    "What does not follow the pattern, or is no day, is no time",
    arguments: ["2026112", "202611234", "20261323", "20260230", "2026112a", "2026-11-23", ""])
  func noDates(_ text: String) throws {
    #expect(try parse("yyyyMMdd", text) == nil)
  }

  @Test(
    "A pattern that cannot be used is refused",
    arguments: [
      "", "yyyyMM", "yyyyMMddyyyy", "d.M.yyyy", "yyyy-MM-dd hh:mm", "yyyyMMdd mm", "yyyy-MM-dd'T'HH",
    ])
  func patterns(_ pattern: String) {
    #expect(throws: DateFormatProblem.self) { try DateFormat(pattern) }
  }

  @Test(
    "Numbers are read as PlainNumber reads them",
    arguments: [
      "0", "12", "-0.5", "+3", "12.50", "007", "1.", ".5", "1e3", "", "-", "1,5", "nan", "999999999999999",
      "1234567890123456789", "0.1", "123.456", "0.000000000000001", "12.345678901234567", "-", "1.2.3",
      "0x10",
    ])
  func numbers(_ text: String) {
    let fast = Array(text.utf8).withUnsafeBufferPointer { $0.plainNumber }
    #expect(fast == PlainNumber.parse(text))
  }

  @Test(
    "Addresses are judged and normalised as EmailAddress does",
    arguments: [
      "a@b.c", "A.B+c@Example.COM", "@b.c", "a@", "a@b..c", "a@.b", "a@b.", "a b@c.d", "a,b@c.d", "a@b@c.d",
      "a",
      "", "ü@münchen.de", "a@MÜNCHEN.de", "<a@b.c>", "a@b", "a@b;c",
      String(repeating: "a", count: 600) + "@b.c",
    ])
  func addresses(_ text: String) {
    let expected = EmailAddress(text)?.normalized
    let found = Array(text.utf8).withUnsafeBufferPointer { AddressReader.normalized($0) }
    #expect(found == expected)
    var reader = AddressReader(bits: 4)
    for _ in 0..<2 {
      let kept = Array(text.utf8).withUnsafeBufferPointer { reader.address($0) }
      #expect(kept == (expected == nil ? nil : text))
    }
  }

  @Test("The digest is XXH64")
  func digest() {
    #expect(ContentDigest.of("".utf8) == 0xEF46_DB37_51D8_E999)
    #expect(ContentDigest.of("a".utf8) == 0xD24E_C4F1_A98C_6E5B)
    #expect(ContentDigest.of("abc".utf8) == 0x44BC_2CF5_AD77_0999)
    #expect(ContentDigest.of("Nobody inspects the spammish repetition".utf8) == 0xFBCE_A83C_8A37_8BF1)
  }

  @Test("The digest of a part does not depend on where the stream was cut")
  func cuts() {
    let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var digest = ContentDigest()
    bytes.withUnsafeBytes { raw in
      digest.absorb(UnsafeRawBufferPointer(rebasing: raw[..<64]))
      digest.absorb(UnsafeRawBufferPointer(rebasing: raw[64..<640]))
      #expect(digest.finished(UnsafeRawBufferPointer(rebasing: raw[640...])) == ContentDigest.of(bytes))
    }
  }

  @Test("A cache of texts gives back the same texts when places collide")
  func cache() {
    var cache = TextCache(bits: 2)
    for round in 0..<3 {
      for index in 0..<50 {
        let text = "a text that is longer than fifteen bytes \(index)"
        let found = Array(text.utf8).withUnsafeBufferPointer { cache.text($0) }
        #expect(found == text, "round \(round)")
      }
    }
  }
}

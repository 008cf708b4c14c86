import Testing

@testable import WebAPI

@Suite("Dates in headers")
struct HTTPDateTests {
  @Test(
    "The three forms of RFC 9110 are read",
    arguments: [
      ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
      ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
      ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199), ("Fri, 01 Mar 2024 00:00:00 UTC", 1_709_251_200),
      ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800), ("Tuesday, 19-Jan-38 03:14:07 GMT", 2_147_483_647),
    ] as [(String, Double)])
  func reads(text: String, expected: Double) {
    #expect(HTTPDate.parse(text) == expected)
  }

  @Test(
    "Anything else is none",
    arguments: [
      "", "soon", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Foo 1994 08:49:37 GMT",
      "Sun, 00 Nov 1994 08:49:37 GMT",
      "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT",
      "Sun, 06 Nov 1994 08:49:99 GMT", "Sun, 06 Nov 19941 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
      "2026-11-27T11:41:00Z",
    ])
  func refuses(text: String) {
    #expect(HTTPDate.parse(text) == nil)
  }

  @Test(
    "A time is written for people to read",
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (1_709_251_199.9, "2024-02-29T23:59:59Z"), (-1, "1969-12-31T23:59:59Z"),
      (1_795_779_660, "2026-11-27T11:41:00Z"), (1e300, "a time far away"), (.nan, "a time far away"),
    ] as [(Double, String)])
  func writes(seconds: Double, expected: String) {
    #expect(HTTPDate.text(seconds) == expected)
  }

  @Test("Every day of four centuries is written and read as the same")
  func agreesWithItself() {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    for day in stride(from: 0, to: 146_097, by: 1) {
      let seconds = Double(day) * 86_400
      let parts = HTTPDate.text(seconds).prefix(10).split(separator: "-")
      let month = Int(parts[1]).map { months[$0 - 1] } ?? ""
      #expect(HTTPDate.parse("Xxx, \(parts[2]) \(month) \(parts[0]) 00:00:00 GMT") == seconds)
    }
  }
}

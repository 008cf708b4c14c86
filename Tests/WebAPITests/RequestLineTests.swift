import Testing

@testable import WebAPI

@Suite("A request in one line")
struct RequestLineTests {
  @Test("It tells connection, method, path, status, time, bytes, wait and try")
  func tellsAll() {
    let line = RequestLine.text(
      .answered(
        number: 2, seconds: 0.231, waited: 1.2, method: "PATCH",
        url: "https://a.test/api/contacts/batch/edit",
        body: [UInt8](repeating: 0x61, count: 4210),
        answer: WebResponse(status: 200, body: [UInt8](repeating: 0x61, count: 76_400))))
    let words = line.split(separator: " ").joined(separator: " ")
    #expect(
      words == "web PATCH /api/contacts/batch/edit 200 0.231 s 4.2 KB sent 76 KB read waited 1.200 s try 2")
  }

  @Test("Columns stand under those of the line before, and what is not worth telling is left out")
  func alignsColumns() throws {
    let short = RequestLine.text(.answered(url: "https://a.test/"))
    let long = RequestLine.text(
      .answered(
        connection: "newsroom", seconds: 119.9, method: "DELETE",
        url: "https://a.test/" + String(repeating: "x", count: 90),
        answer: WebResponse(status: 404, body: [UInt8](repeating: 0x61, count: 999_000))))
    let place = try #require(short.firstRange(of: "200")?.lowerBound)
    #expect(short.distance(from: short.startIndex, to: place) == 59)
    #expect(long.dropFirst(59).hasPrefix("404"))
    #expect(short.count == long.count)
    #expect(!short.contains("waited"))
    #expect(!short.contains("try"))
    #expect(!short.hasSuffix(" "))
  }

  @Test("Names of a query are kept, values shortened and masked")
  func shortensQueries() {
    let line = RequestLine.text(
      .answered(url: "https://a.test/x?a=1&search=0123456789abc&key=s,t&b", secrets: ["geheim"]))
    #expect(line.contains(" /x?a=1&search=012345678…&key=***&b "))
    #expect(
      RequestLine.text(.answered(url: "https://a.test/x?q=123geheim", secrets: ["geheim"])).contains(
        "q=123*** "))
  }

  @Test("A request without an answer says what failed, its other words kept")
  func tellsFailures() {
    let line = RequestLine.text(.failed("no answer in 30 s", number: 2))
    #expect(line.hasSuffix("  failed: no answer in 30 s  try 2"))
    let long = RequestLine.text(.failed(String(repeating: "so long ", count: 50), number: 2))
    #expect(long.hasSuffix("…  try 2"))
    #expect(PlainLine.width(long) <= 120)
  }

  @Test(
    "Nothing that a server sends moves the cursor, ends the line or makes it too long",
    arguments: [
      "\u{1B}[2J\u{7}", "a\r\nb", "\u{202E}abc", "\u{9B}31m", "\u{2028}", "e\u{301}\u{302}\u{303}", "漢字", "👩‍👩‍👧",
    ])
  func isHarmless(text: String) {
    let many = String(repeating: text, count: 60)
    for exchange in [
      WebExchange.failed(many), .answered(url: "https://a.test/\(many)?\(many)=\(many)"),
      .answered(connection: many, method: "GET"), .answered(method: String(text.prefix(6))),
    ] {
      let line = RequestLine.text(exchange)
      #expect(PlainLine.width(line) <= 120)
      #expect(
        !line.unicodeScalars.contains { scalar in
          scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            || (0x2028...0x202E).contains(scalar.value)
        })
    }
  }

  @Test("A line is never wider than asked, whatever the numbers", arguments: [100, 120, 200])
  func keepsToColumns(columns: Int) {
    let line = RequestLine.text(
      .answered(
        connection: String(repeating: "c", count: 40), number: 100_000, seconds: 1e9, waited: 1e9,
        method: "PROPFIND",
        url: "https://a.test/" + String(repeating: "x", count: 300),
        answer: WebResponse(status: 123_456)), columns: columns)
    #expect(PlainLine.width(line) <= columns)
  }

  @Test(
    "Bytes and seconds in few digits",
    arguments: [
      (0, "0 B"), (999, "999 B"), (1000, "1.0 KB"), (9_949, "9.9 KB"), (9_951, "10 KB"), (999_499, "999 KB"),
      (999_500, "1.0 MB"), (12_345_678, "12 MB"), (5_000_000_000, "5.0 GB"), (7_000_000_000_000, "7.0 TB"),
      (-5, "0 B"),
    ])
  func writesBytes(count: Int, expected: String) {
    #expect(PlainLine.bytes(count) == expected)
  }

  @Test(
    "Seconds in few digits",
    arguments: [
      (0, "0.000 s"), (0.2314, "0.231 s"), (9.9994, "9.999 s"), (9.9996, "10.0 s"), (99.96, "100 s"),
      (.nan, "? s"),
      (.infinity, "? s"), (1e300, "1000000000000 s"),
    ] as [(Double, String)])
  func writesSeconds(seconds: Double, expected: String) {
    #expect(PlainLine.seconds(seconds) == expected)
  }
}

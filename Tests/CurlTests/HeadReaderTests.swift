import Testing

@testable import Curl

@Suite("Heads of answers")
struct HeadReaderTests {
  private func head(_ lines: [String]) -> HTTPHead? {
    var reader = HeadReader()
    for line in lines { Array(line.utf8).withUnsafeBufferPointer { reader.read($0) } }
    return reader.whole
  }

  @Test("a head is whole with its empty line")
  func whole() throws {
    #expect(head(["HTTP/2 204\r\n", "a: 1\r\n"]) == nil)
    let whole = try #require(head(["HTTP/2 204\r\n", "a:1\r\n", "b : x: y \t\r\n", "c:\r\n", "\r\n"]))
    #expect(whole.status == 204)
    #expect(whole.version == "2")
    #expect(whole.headers == [HTTPHeader("a", "1"), HTTPHeader("b", "x: y"), HTTPHeader("c", "")])
  }

  @Test("a folded line goes on with the header before")
  func folded() {
    let whole = head(["HTTP/1.1 200 OK\r\n", "a: 1\r\n", "  2\r\n", "\r\n"])
    #expect(whole?.headers == [HTTPHeader("a", "1 2")])
  }

  @Test("a line without a colon is no header")
  func noColon() {
    #expect(head(["HTTP/1.0 200\r\n", "strange\r\n", "\n"])?.headers == [])
  }
}

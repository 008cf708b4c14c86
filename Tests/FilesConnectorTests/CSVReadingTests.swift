import Foundation
import Platform
import Scoring
import Testing

@testable import FilesConnector

@Suite("Reading CSV")
struct CSVReadingTests {
  private func pull(_ text: String) async throws -> Pulled { try await pull(bytes: Array(text.utf8)) }

  private func pull(bytes: [UInt8], rowsPerPage: Int? = nil) async throws -> Pulled {
    let folder = try TemporaryFolder()
    try folder.write("contacts.csv", bytes: bytes)
    return try await folder.connector("contacts: contacts.csv", rowsPerPage: rowsPerPage).pull("contacts")
  }

  private func failing(_ text: String) async -> ConnectorFailure? {
    await failure { _ = try await pull(text) }
  }

  @Test("The delimiter is found by itself", arguments: [",", ";", "\t"])
  func delimiters(_ mark: String) async throws {
    let pulled = try await pull("id\(mark)email\(mark)city\n1\(mark)a@b.c\(mark)Huế\n")
    #expect(
      pulled.contacts == [
        ContactRecord(
          id: ContactID("1"), emails: ["a@b.c"],
          fields: [ContactField("email", "a@b.c"), ContactField("city", "Huế")])
      ])
  }

  @Test("A mark within quotes does not decide the delimiter")
  func quotedHeader() async throws {
    let pulled = try await pull("id;\"a,b,c,d\"\n1;x\n")
    #expect(pulled.contacts.first?.fields == [ContactField("a,b,c,d", "x")])
  }

  @Test("Quotes hold delimiters, line ends and doubled quotes")
  func quotes() async throws {
    let pulled = try await pull("id,note,city\r\n1,\"a, \"\"b\"\"\r\nc\",\"x\"\r\n2,,y\r\n")
    #expect(
      pulled.contacts.map(\.fields) == [
        [ContactField("note", "a, \"b\"\r\nc"), ContactField("city", "x")], [ContactField("city", "y")],
      ])
    #expect(pulled.rejected.isEmpty)
  }

  @Test("A byte order mark and blank lines are passed over")
  func mark() async throws {
    let pulled = try await pull("\u{FEFF}\n\nid,city\n\n1,a\n  \n\r\n2,b\n\n")
    #expect(pulled.contacts.map(\.id.text) == ["1", "2"])
    #expect(pulled.read == 2)
  }

  @Test("The last row needs no line end", arguments: ["id,city\n1,a\n2,b", "id,city\r\n1,a\r\n2,\"b\""])
  func lastRow(_ text: String) async throws {
    #expect(try await pull(text).contacts.count == 2)
  }

  @Test("Rows with too few or too many fields are rejected at their line")
  func counts() async throws {
    let pulled = try await pull("id,city,note\n1,a\n2,\"b\n\",c\n3,a,b,c\n4,a,\n")
    #expect(pulled.contacts.map(\.id.text) == ["2", "4"])
    #expect(
      pulled.reasons == [
        "contacts.csv:2: has 2 fields, the header 3", "contacts.csv:5: has 4 fields, the header 3",
      ])
    #expect(pulled.read == 4)
  }

  @Test("A single column is enough")
  func single() async throws {
    #expect(try await pull("email\na@b.c\n").contacts.map(\.id.text) == ["a@b.c"])
  }

  @Test("Quotes within an unquoted field are text")
  func looseQuotes() async throws {
    #expect(
      try await pull("id,note\n1,5\" pipe\n").contacts.first?.fields == [ContactField("note", "5\" pipe")])
  }

  @Test("Text after a closing quote spoils its own row only")
  func strayText() async throws {
    let pulled = try await pull("id,note\n1,\"a\"b,\"c\n2,d\n3,\"e\"\r x\n4,f\n")
    #expect(pulled.contacts.map(\.id.text) == ["2", "4"])
    #expect(
      pulled.reasons == [
        "contacts.csv:2: has text after the closing quote of field 2",
        "contacts.csv:4: has text after the closing quote of field 2",
      ])
  }

  @Test("A quote that is never closed spoils its own line only")
  func openQuote() async throws {
    let pulled = try await pull("id,note\n1,a\n2,\"b\n3,c\n4,d\n")
    #expect(pulled.contacts.map(\.id.text) == ["1", "3", "4"])
    #expect(pulled.reasons == ["contacts.csv:3: has a quote that is never closed"])
  }

  @Test("A quote that is not closed within a mebibyte spoils its own line only")
  func runawayQuote() async throws {
    let rows = (0..<300_000).map { "\($0),c\n" }.joined()
    let pulled = try await pull("id,note\nx,\"b\n" + rows)
    #expect(pulled.contacts.count == 300_000)
    #expect(pulled.reasons == ["contacts.csv:2: has a quote that is never closed"])
  }

  @Test("A line of more than a mebibyte is rejected and reading goes on", arguments: [1 << 20, 9 << 20])
  func longLine(_ length: Int) async throws {
    let pulled = try await pull("id,note\n1,a\n2," + String(repeating: "x", count: length) + "\n3,c\n")
    #expect(pulled.contacts.map(\.id.text) == ["1", "3"])
    #expect(pulled.reasons == ["contacts.csv:3: is longer than 1048576 bytes"])
  }

  @Test("A row of almost a mebibyte is read")
  func nearlyLongLine() async throws {
    let pulled = try await pull("id,note\n1,\"" + String(repeating: "\"\"", count: 500_000) + "\"\n")
    #expect(pulled.contacts.first?.fields.first?.value.utf8.count == 500_000)
  }

  @Test("Rows are whole wherever the reading buffer ends")
  func bufferEnds() async throws {
    let rows = (0..<200_000).map { "\($0),\"note, \($0)\nsecond line\"\r\n" }.joined()
    let pulled = try await pull("id,note\n" + rows)
    #expect(pulled.contacts.count == 200_000)
    #expect(pulled.contacts.last?.fields == [ContactField("note", "note, 199999\nsecond line")])
    #expect(pulled.rejected.isEmpty)
  }

  @Test("A row that is not UTF-8 is rejected, its neighbours are not")
  func badUTF8() async throws {
    let bytes = Array("id,city\n1,a\n2,".utf8) + [0xE9, 0x0A] + Array("3,é\n".utf8)
    let pulled = try await pull(bytes: bytes)
    #expect(pulled.contacts.map(\.id.text) == ["1", "3"])
    #expect(pulled.reasons == ["contacts.csv:3: is not UTF-8"])
  }

  @Test("A file without a header is bad data with its line", arguments: ["", "\n \n", "\u{FEFF}"])
  func noHeader(_ text: String) async throws {
    let failed = await failing(text)
    #expect(failed?.kind == .badData)
    #expect(failed?.what.hasSuffix("/contacts.csv:1: the file has no header") == true)
  }

  @Test("A column that stands twice is bad data")
  func twice() async throws {
    let failed = await failing("\nid,city, city\n")
    #expect(failed?.kind == .badData)
    #expect(failed?.what.hasSuffix("contacts.csv:2: the header names 'city' twice") == true)
  }

  @Test("Contacts need id or email in the header, and the cure says how to map one")
  func noKey() async throws {
    let failed = await failing("E-Mail,city\na@b.c,x\n")
    #expect(failed?.kind == .badData)
    #expect(failed?.what.hasSuffix("contacts.csv:1: the header has neither 'id' nor 'email'") == true)
    #expect(failed?.cure.contains("columns: { contacts: { email: ") == true)
  }

  @Test("UTF-16 is named as what it is")
  func utf16() async throws {
    let failed = await failure { _ = try await pull(bytes: [0xFF, 0xFE, 0x69, 0, 0x64, 0]) }
    #expect(failed?.what.hasSuffix("contacts.csv:1: the file is UTF-16") == true)
  }

  @Test("A header that is not UTF-8 or never closes its quote is bad data")
  func badHeader() async throws {
    #expect(await failure { _ = try await pull(bytes: [0x69, 0x64, 0x2C, 0xFF, 0x0A]) }?.kind == .badData)
    #expect(await failing("id,\"city\n1,a\n")?.kind == .badData)
  }

  @Test("A file that is not there is a fault of the configuration that names path and key")
  func missing() async throws {
    let folder = try TemporaryFolder()
    let connector = try folder.connector("contacts: none.csv")
    let failed = await failure { _ = try await connector.pull("contacts") }
    #expect(failed?.kind == .configuration)
    #expect(
      failed?.what
        == "'\(folder.path)/none.csv', named by connections.list.contacts, cannot be read: No such file or directory"
    )
  }

  @Test("A folder or a pipe is no file")
  func notAFile() async throws {
    let folder = try TemporaryFolder()
    mkfifo(folder.at("pipe"), 0o600)
    for name in ["pipe", "../\(URL(filePath: folder.path).lastPathComponent)"] {
      let connector = try folder.connector("contacts: \(name)")
      #expect(await failure { _ = try await connector.pull("contacts") }?.kind == .configuration)
    }
  }

  @Test("Contacts come in pages, and the listing ends with the last one")
  func pages() async throws {
    let pulled = try await pull(bytes: Array("id,city\n1,a\n2,b\n3,c\n4,d\n5,e\n".utf8), rowsPerPage: 2)
    #expect(pulled.listings == [.everything, .everything, .everythingAndDone])
    #expect(pulled.contacts.count == 5)
    #expect(Set(pulled.readings) == [Reading(number: 1, isContinuation: false)])
  }

  @Test("Header only is a complete listing of nobody")
  func headerOnly() async throws {
    let pulled = try await pull("id,email")
    #expect(pulled.listings == [.everythingAndDone])
    #expect(pulled.read == 0)
  }
}

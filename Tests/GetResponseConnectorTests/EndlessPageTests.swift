import ConnectorConformance
import GetResponseSimulator
import Platform
import Scoring
import Testing

@testable import GetResponseConnector

@Suite("A server that gives the same page for ever ends a reading")
struct EndlessPageTests {
  private let account = GetResponseTestAccount()

  private func reading(_ stream: String, _ path: String, _ page: String) async throws -> ConnectorFailure? {
    account.network.decide { $0.path == path ? .altered { _ in .json(page) } : .answered }
    return await failure {
      var pull = Pull()
      try await pull.read(stream, account.getResponse(), account.year(.model()))
    }
  }

  @Test("where contacts are searched")
  func search() async throws {
    let page = #"[{"contactId":"a"},{"contactId":"b"}]"#
    let said = try await reading("activities", "/v3/search-contacts/contacts", page)
    #expect(said?.kind == .badData)
  }

  @Test("where shops are listed")
  func shops() async throws {
    // A hundred fill a page.
    let entries = (0..<1_000).map { #"{"shopId":"s\#($0)"}"# }.joined(separator: ",")
    let said = try await reading("orders", "/v3/shops", "[\(entries)]")
    #expect(said?.kind == .badData)
  }
}

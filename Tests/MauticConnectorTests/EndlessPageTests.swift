import ConnectorConformance
import Platform
import Synchronization
import Testing

@testable import MauticConnector

@Suite("A server that gives the same entries for ever ends a reading")
struct EndlessPageTests {
  @Test("instead of being asked all night", arguments: ["contacts", "page_hits"])
  func same(stream: String) async throws {
    let account = MauticTestAccount()
    let now = try await account.window().now
    for number in 1...5 {
      let id = try await account.addContact(email: "p\(number)@example.com", firstName: "P\(number)")
      try await account.addActivity(of: id, number: number, at: now)
    }
    let first = FirstAnswers()
    account.network.decide { request in
      .altered { first.answer(to: request.path, unless: $0) }
    }
    let connector = account.mautic()
    let window = try await account.window()
    let name = StreamName(stream)
    let page = try await connector.page(of: name, after: nil, window: window)
    #expect(page.hasMore)
    let failure = await #expect(throws: ConnectorFailure.self) {
      try await connector.page(of: name, after: page.cursor, window: window)
    }
    #expect(failure?.kind == .badData)
  }
}

/// Repeats what each path was answered first.
private final class FirstAnswers: Sendable {
  private let known = Mutex<[String: SimulatedAnswer]>([:])

  func answer(to path: String, unless answer: SimulatedAnswer) -> SimulatedAnswer {
    known.withLock { known in
      if let first = known[path] { return first }
      known[path] = answer
      return answer
    }
  }
}

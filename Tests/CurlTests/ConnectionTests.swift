import Testing

@testable import Curl

@Suite("Connections")
struct ConnectionTests {
  @Test("a hundred requests one after the other need one connection")
  func reuse() async throws {
    let server = try RawServer.answering { _, connection in connection.answer("200 OK", [1]) }
    defer { server.stop() }
    let client = try HTTPClient()
    for _ in 1...100 {
      #expect(try await client.send(HTTPRequest(url: server.url)).body.collect() == [1])
    }
    #expect(server.count.accepted == 1)
    await client.close()
  }

  @Test("an address of IPv6 is spoken to")
  func version6() async throws {
    let server = try Self.answering(isVersion6: true)
    defer { server.stop() }
    let client = try HTTPClient()
    let response = try await client.send(HTTPRequest(url: server.url))
    #expect(try await response.body.collect() == [1])
    #expect(response.body.timing?.remoteAddress == "::1")
    await client.close()
  }

  @Test("a name with addresses of both kinds is reached when one of them refuses", arguments: [true, false])
  func bothFamilies(isVersion6: Bool) async throws {
    let server = try Self.answering(isVersion6: isVersion6)
    defer { server.stop() }
    let client = try HTTPClient()
    let response = try await client.send(HTTPRequest(url: "http://localhost:\(server.port)"))
    #expect(try await response.body.collect() == [1])
    #expect(response.body.timing?.remoteAddress == (isVersion6 ? "::1" : "127.0.0.1"))
    await client.close()
  }

  private static func answering(isVersion6: Bool) throws -> RawServer {
    try RawServer(isVersion6: isVersion6) { connection, _ in
      while connection.readRequest() != nil { connection.answer("200 OK", [1]) }
    }
  }

  @Test("two hundred requests at a time keep to the connections of one host")
  func capPerHost() async throws {
    let server = try RawServer.answering { request, connection in
      connection.answer("200 OK", Array(request.target.utf8))
    }
    defer { server.stop() }
    let client = try HTTPClient(HTTPSettings(connectionsPerHost: 3))
    let url = server.url
    let answers = try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 1...200 {
        group.addTask {
          let body = try await client.send(HTTPRequest(url: "\(url)/\(number)")).body.collect()
          return String(decoding: body, as: UTF8.self) == "/\(number)"
        }
      }
      return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(answers == 200)
    #expect(server.count.mostOpen <= 3)
    await client.close()
  }

  @Test("no request is left waiting beside an idle connection")
  func noneForgotten() async throws {
    let server = try RawServer.answering { _, connection in connection.answer() }
    defer { server.stop() }
    let url = server.url
    // Nothing but an answer may wake a request that waits for a connection.
    let timeouts = HTTPTimeouts(connect: .infinity, total: 20, stall: .infinity)
    for _ in 1...40 {
      let client = try HTTPClient(HTTPSettings(connectionsPerHost: 3))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 1...60 {
          group.addTask {
            _ = try await client.send(HTTPRequest(url: url, timeouts: timeouts)).body.collect()
          }
        }
        try await group.waitForAll()
      }
      await client.close()
    }
  }

  @Test("what has ended stays in no table, cancelled late or not")
  func nothingStays() async throws {
    let server = try RawServer.answering { _, connection in connection.answer("200 OK", [1]) }
    defer { server.stop() }
    let client = try HTTPClient()
    let url = server.url
    for _ in 1...20 {
      let task = Task { try await client.send(HTTPRequest(url: url)).body.collect() }
      #expect(try await task.value == [1])
      task.cancel()
    }
    let unread = try await client.send(HTTPRequest(url: url))
    withExtendedLifetime(unread) {}
    #expect(await client.census() == LoopCensus(transfers: 0, spareHandles: 1))
    await client.close()
    #expect(await client.census() == LoopCensus())
  }
}

extension HTTPClient {
  /// What the loop holds, once it has handled all that was asked of it before.
  func census() async -> LoopCensus {
    await withCheckedContinuation { continuation in
      if !inbox.post(.census { continuation.resume(returning: $0) }) {
        continuation.resume(returning: LoopCensus())
      }
    }
  }
}

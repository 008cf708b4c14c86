import Testing

@testable import Curl

@Suite("Timing")
struct TimingTests {
  private static func timing(
    of url: String, _ client: HTTPClient, body: [UInt8]? = nil
  ) async throws -> HTTPTiming {
    let response = try await client.send(
      HTTPRequest(method: body == nil ? "GET" : "POST", url: url, body: body))
    #expect(try await response.body.collect() == Array("hello".utf8))
    return try #require(response.body.timing)
  }

  @Test("a new connection has its times, a kept one has none")
  func connections() async throws {
    let server = try RawServer.answering { _, connection in connection.answer("200 OK", Array("hello".utf8)) }
    defer { server.stop() }
    let client = try HTTPClient()
    let first = try await Self.timing(of: server.url, client)
    #expect(first.lookup.map { $0 >= 0 } == true)
    #expect(first.connect.map { $0 > 0 && $0 < 10 } == true)
    #expect(first.tls == nil)
    #expect(first.remoteAddress == "127.0.0.1")
    #expect(first.bytesOnWire == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".utf8.count)
    #expect(first.wait > 0 && first.receive >= 0 && first.send == 0)
    #expect(!first.isRepeated)
    let second = try await Self.timing(of: server.url, client)
    #expect(second.lookup == nil && second.connect == nil && second.tls == nil)
    #expect(second.remoteAddress == "127.0.0.1")
    await client.close()
  }

  @Test("TLS has its own time")
  func encrypted() async throws {
    let server = try RawServer.answering { _, connection in connection.answer("200 OK", Array("hello".utf8)) }
    let front = try TLSFront(server.port)
    defer {
      front.stop()
      server.stop()
    }
    let client = try HTTPClient(HTTPSettings(caFile: front.certificate))
    #expect(try await Self.timing(of: front.url, client).tls.map { $0 > 0 } == true)
    #expect(try await Self.timing(of: front.url, client).tls == nil)
    await client.close()
  }

  @Test("a large body takes its time to be sent")
  func upload() async throws {
    let server = try RawServer.answering { _, connection in connection.answer("200 OK", Array("hello".utf8)) }
    defer { server.stop() }
    let client = try HTTPClient()
    let timing = try await Self.timing(of: server.url, client, body: [UInt8](repeating: 1, count: 8 << 20))
    #expect(timing.send > 0)
    await client.close()
  }

  @Test("a request that was sent twice says so")
  func repeated() async throws {
    let server = try RawServer { connection, number in
      _ = connection.readRequest()
      connection.answer("200 OK", Array("hello".utf8))
      guard connection.readRequest() != nil, number > 1 else { return }
      connection.answer("200 OK", Array("hello".utf8))
    }
    defer { server.stop() }
    let client = try HTTPClient()
    #expect(try await !Self.timing(of: server.url, client).isRepeated)
    let second = try await Self.timing(of: server.url, client)
    #expect(second.isRepeated)
    #expect(second.connect != nil)
    await client.close()
  }

  @Test("there is none before the end and none of a body that broke off")
  func none() async throws {
    let goOn = Event()
    let server = try RawServer { connection, _ in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
      goOn.block()
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let response = try await client.send(HTTPRequest(url: server.url))
    #expect(response.body.timing == nil)
    goOn.happen()
    await #expect(throws: HTTPFailure.self) { try await response.body.collect() }
    #expect(response.body.timing == nil)
    await client.close()
  }
}

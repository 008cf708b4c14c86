import Testing

@testable import Curl

@Suite("Limits")
struct LimitTests {
  @Test("a slow reader holds the server back: little waits in memory")
  func backPressure() async throws {
    let size = 16 << 20
    let body = [UInt8](repeating: 3, count: size)
    let server = try RawServer.answering { request, connection in
      connection.answer("200 OK", request.target == "/small" ? [1] : body)
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let url = server.url
    let response = try await client.send(HTTPRequest(url: url))
    var count = 0
    for try await piece in response.body {
      count += piece.count
      // Whole requests go by between two pieces.
      if count < size / 4 {
        _ = try await client.send(HTTPRequest(url: url + "/small")).body.collect()
      }
    }
    #expect(count == size)
    #expect(response.body.peakBuffered <= 256 * 1024)
    #expect(response.body.peakBuffered > 128 * 1024)
    await client.close()
  }

  @Test("a pause of the reader is no stall")
  func pauseIsNoStall() async throws {
    let body = [UInt8](repeating: 3, count: 16 << 20)
    let server = try RawServer { connection, number in
      _ = connection.readRequest()
      if number == 1 { connection.answer("200 OK", body) }
      connection.waitForEnd()
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let response = try await client.send(
      HTTPRequest(url: server.url, timeouts: HTTPTimeouts(total: 60, stall: 1.5)))
    // The client's own clock says when longer than the stall timeout has passed.
    await #expect(throws: HTTPFailure.self) {
      try await client.send(HTTPRequest(url: server.url, timeouts: HTTPTimeouts(total: 2)))
    }
    #expect(try await response.body.collect().count == 16 << 20)
    await client.close()
  }

  @Test("a body one byte too long: too large", arguments: [true, false])
  func bodyCap(isChunked: Bool) async throws {
    let server = try RawServer { connection, _ in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\n")
      connection.write(
        isChunked
          ? "Transfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n0\r\n\r\n" : "Content-Length: 6\r\n\r\nabcdef")
      connection.waitForEnd()
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let whole = try await client.send(HTTPRequest(url: server.url, maxBodyBytes: 6)).body.collect()
    #expect(whole.count == 6)
    await client.close()
    let other = try HTTPClient()
    let failure = await #expect(throws: HTTPFailure.self) {
      try await other.send(HTTPRequest(url: server.url, maxBodyBytes: 5)).body.collect()
    }
    #expect(failure?.kind == .tooLarge)
    #expect(failure?.reach == .maybeReceived)
    await other.close()
  }

  @Test(
    "a small answer that inflates to a gigabyte: too large, and little of it waits in memory",
    arguments: ["gzip", "br", "zstd", "gzip, gzip"])
  func bomb(encoding: String) async throws {
    let body =
      switch encoding {
      case "br": Compressed.brotliZeros
      case "zstd": Compressed.zstdZeros(mebibytes: 1024)
      case "gzip, gzip": Compressed.wrapped(Array(Compressed.zeros(1 << 30).prefix(60_000)))
      default: Compressed.zeros(1 << 30)
      }
    let server = try RawServer.answering { _, connection in
      connection.answer(headers: ["Content-Encoding: \(encoding)"], body)
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let response = try await client.send(HTTPRequest(url: server.url, maxBodyBytes: 4 << 20))
    var count = 0
    let failure = await #expect(throws: HTTPFailure.self) {
      for try await piece in response.body { count += piece.count }
    }
    #expect(failure?.kind == .tooLarge)
    #expect(count <= 4 << 20)
    #expect(response.body.peakBuffered <= 256 * 1024)
    await client.close()
  }

  @Test("what is gathered whole is bounded by the limit alone")
  func gatheredBomb() async throws {
    let server = try RawServer.answering { _, connection in
      connection.answer(headers: ["Content-Encoding: zstd"], Compressed.zstdZeros(mebibytes: 1024))
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let response = try await client.send(HTTPRequest(url: server.url, maxBodyBytes: 4 << 20))
    let failure = await #expect(throws: HTTPFailure.self) { try await response.body.collect() }
    #expect(failure?.kind == .tooLarge)
    #expect(response.body.peakBuffered <= 4 << 20)
    await client.close()
  }

  @Test("interim answers without end: too large")
  func endlessInterim() async throws {
    let server = try RawServer { connection, _ in
      _ = connection.readRequest()
      while connection.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n") {}
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let failure = await #expect(throws: HTTPFailure.self) {
      try await client.send(HTTPRequest(url: server.url))
    }
    #expect(failure?.kind == .tooLarge)
    await client.close()
  }

  @Test("a head beyond the limit: too large")
  func headCap() async throws {
    let server = try RawServer.answering { _, connection in
      let headers = (1...100).map { "X-\($0): \(String(repeating: "y", count: 90))" }
      connection.answer(headers: headers)
    }
    defer { server.stop() }
    let client = try HTTPClient(HTTPSettings(maxHeaderBytes: 8 * 1024))
    let failure = await #expect(throws: HTTPFailure.self) {
      try await client.send(HTTPRequest(url: server.url))
    }
    #expect(failure?.kind == .tooLarge)
    await client.close()
    let roomy = try HTTPClient()
    #expect(try await roomy.send(HTTPRequest(url: server.url)).headers.count == 101)
    await roomy.close()
  }

  @Test("a line of a head that never ends: too large")
  func endlessLine() async throws {
    let server = try RawServer { connection, _ in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nX-Long: ")
      while connection.write(String(repeating: "y", count: 10_000)) {}
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let failure = await #expect(throws: HTTPFailure.self) {
      try await client.send(HTTPRequest(url: server.url))
    }
    #expect(failure?.kind == .tooLarge)
    await client.close()
  }
}

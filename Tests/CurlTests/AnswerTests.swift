import Testing

@testable import Curl

@Suite("Answers")
struct AnswerTests {
  @Test("the head arrives while the body is still to come")
  func headComesFirst() async throws {
    let headSeen = Event()
    let server = try RawServer { connection, _ in
      _ = connection.readRequest()
      connection.write(
        "HTTP/1.1 201 Created\r\nX-Colour: blue \r\nx-colour: red\r\nContent-Length: 5\r\n\r\n")
      headSeen.block()
      connection.write("hello")
      connection.waitForEnd()
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let response = try await client.send(HTTPRequest(url: server.url))
    headSeen.happen()
    #expect(response.status == 201)
    #expect(response.version == "1.1")
    #expect(response.header("X-COLOUR") == "blue")
    #expect(response.headers.count { $0.isNamed("x-colour") } == 2)
    #expect(response.header("X-Shape") == nil)
    #expect(try await response.body.collect() == Array("hello".utf8))
    await client.close()
  }

  @Test("the body comes piece by piece, as the server sends it")
  func bodyStreams() async throws {
    let firstRead = Event()
    let server = try RawServer { connection, _ in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none")
      firstRead.block()
      connection.write("two")
      connection.waitForEnd()
    }
    defer { server.stop() }
    let client = try HTTPClient()
    var pieces: [String] = []
    for try await piece in try await client.send(HTTPRequest(url: server.url)).body {
      pieces.append(String(decoding: piece, as: UTF8.self))
      firstRead.happen()
    }
    #expect(pieces == ["one", "two"])
    await client.close()
  }

  @Test("a chunked body is put together, its trailers are no headers")
  func chunked() async throws {
    let server = try RawServer.answering { _, connection in
      connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=")
      connection.write("y\r\n!\r\n0\r\nX-Late: yes\r\n\r\n")
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let response = try await client.send(HTTPRequest(url: server.url))
    #expect(try await response.body.collect() == Array("hello!".utf8))
    #expect(response.header("X-Late") == nil)
    await client.close()
  }

  @Test(
    "a compressed body is unpacked",
    arguments: [("gzip", Compressed.gzip), ("br", Compressed.brotli), ("zstd", Compressed.zstd)])
  func compressed(encoding: String, bytes: [UInt8]) async throws {
    let server = try RawServer.answering { request, connection in
      let isAccepted = request.header("Accept-Encoding")?.contains(encoding) == true
      connection.answer(headers: ["Content-Encoding: \(isAccepted ? encoding : "unwanted")"], bytes)
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let response = try await client.send(HTTPRequest(url: server.url))
    #expect(try await response.body.collect() == Array(Compressed.words.utf8))
    await client.close()
  }

  @Test("a body that was packed twice is unpacked twice")
  func packedTwice() async throws {
    let server = try RawServer.answering { _, connection in
      connection.answer(headers: ["Content-Encoding: gzip, gzip"], Compressed.wrapped(Compressed.gzip))
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let response = try await client.send(HTTPRequest(url: server.url))
    #expect(try await response.body.collect() == Array(Compressed.words.utf8))
    await client.close()
  }

  @Test("a redirect is an answer and is not followed", arguments: [301, 302, 303, 307, 308])
  func redirect(status: Int) async throws {
    let server = try RawServer.answering { request, connection in
      if request.target == "/elsewhere" {
        connection.answer("200 OK", [1])
      } else {
        connection.answer("\(status) Elsewhere", headers: ["Location: /elsewhere"])
      }
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let response = try await client.send(HTTPRequest(url: server.url))
    #expect(response.status == status)
    #expect(response.header("Location") == "/elsewhere")
    #expect(try await response.body.collect() == [])
    await client.close()
  }

  @Test("interim answers are passed over")
  func interim() async throws {
    let server = try RawServer.answering { _, connection in
      connection.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
      connection.answer("204 No Content", headers: ["X-Final: yes"])
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let response = try await client.send(HTTPRequest(url: server.url))
    #expect(response.status == 204)
    #expect(response.header("Link") == nil)
    #expect(response.header("X-Final") == "yes")
    #expect(try await response.body.collect() == [])
    await client.close()
  }

  @Test("a body has one reader")
  func oneReader() async throws {
    let server = try RawServer.answering { _, connection in connection.answer("200 OK", [1, 2, 3]) }
    defer { server.stop() }
    let client = try HTTPClient()
    let response = try await client.send(HTTPRequest(url: server.url))
    #expect(try await response.body.collect() == [1, 2, 3])
    let failure = await #expect(throws: HTTPFailure.self) { try await response.body.collect() }
    #expect(failure?.kind == .other)
    await client.close()
  }
}

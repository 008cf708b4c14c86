import Foundation
import Platform
import Sandbox
import Scoring
import Testing

@Suite(.serialized) struct SimulatorHostTests {
  private static let now = Timestamp(1_764_000_000)

  /// A host that listens on a free port, for as long as the body runs.
  private func hosting(
    _ body: (SimulatorHost, Int) async throws -> Void
  ) async throws {
    let host = SimulatorHost(NotebookSimulator(), clock: { Self.now })
    let port = try await host.start()
    do {
      try await body(host, port)
    } catch {
      await host.stop()
      throw error
    }
    await host.stop()
  }

  private func asked(_ host: SimulatorHost) -> [SimulatedRequest] {
    host.withSimulator { ($0 as? NotebookSimulator)?.asked ?? [] }
  }

  @Test func `the simulator sees method, raw path, headers and body`() async throws {
    try await hosting { host, port in
      _ = try await LoopbackClient(port: port).send(
        "PATCH", "/api//a%2Fb/./%C4%91/", headers: ["X-One: a, b", "Authorization: Basic xyz=="],
        body: Array("Đức\0\r\n".utf8))
      let request = try #require(asked(host).first)
      #expect(request.method == "PATCH")
      #expect(request.path == "/api//a%2Fb/./%C4%91/")
      #expect(request.header("x-one") == "a, b")
      #expect(request.header("authorization") == "Basic xyz==")
      #expect(request.header("content-length") == "9")
      #expect(request.body == Array("Đức\0\r\n".utf8))
    }
  }

  @Test func `pairs of the query come decoded and in order`() async throws {
    try await hosting { host, port in
      _ = try await LoopbackClient(port: port).send(
        "GET", "/?b=2&where%5B0%5D[col]=a+b%20c&b=1&&flag&empty=&x=1=2%26&bad=100%25%zz%4&l=%C4%90&q=a?b")
      let query = try #require(asked(host).first).query
      #expect(
        query == [
          SimulatedPair("b", "2"), SimulatedPair("where[0][col]", "a b c"), SimulatedPair("b", "1"),
          SimulatedPair("flag", ""), SimulatedPair("empty", ""), SimulatedPair("x", "1=2&"),
          SimulatedPair("bad", "100%%zz%4"), SimulatedPair("l", "Đ"), SimulatedPair("q", "a?b"),
        ])
    }
  }

  @Test func `status, headers and time of the simulator's answer come back`() async throws {
    try await hosting { _, port in
      let answer = try await LoopbackClient(port: port).send("GET", "/?status=422")
      #expect(answer.status == 422)
      #expect(answer.headers["x-seen-at"] == Self.now.description)
      #expect(answer.headers["content-length"] == "8")
      #expect(answer.text == "answer 1")
    }
  }

  @Test func `one connection serves many requests`() async throws {
    try await hosting { _, port in
      let client = try LoopbackClient(port: port)
      for number in 1...50 { #expect(try await client.send("GET", "/").text == "answer \(number)") }
    }
  }

  @Test func `an answer to HEAD has a length and no body`() async throws {
    try await hosting { _, port in
      let client = try LoopbackClient(port: port)
      let length = try await client.send("HEAD", "/?size=5000").headers["content-length"]
      #expect(length == "5000")
      let answer = try await client.send("GET", "/").text
      #expect(answer == "answer 2")
    }
  }

  @Test(arguments: [0, 1, 65_536, 65_537, 1_500_000]) func `answers of any size arrive whole`(
    size: Int
  ) async throws {
    try await hosting { _, port in
      let answer = try await LoopbackClient(port: port).send("GET", "/?size=\(size)")
      #expect(answer.body == NotebookSimulator.bytes(size))
    }
  }

  @Test(arguments: [65_536, 65_537, 2_100_000, 16 << 20]) func `bodies of up to 16 MiB reach the simulator`(
    size: Int
  ) async throws {
    try await hosting { host, port in
      let client = try LoopbackClient(port: port)
      let body = NotebookSimulator.bytes(size)
      let status = try await client.send("POST", "/", body: body).status
      #expect(status == 200)
      let isWhole = asked(host).first?.body == body
      #expect(isWhole)
      let answer = try await client.send("GET", "/").text
      #expect(answer == "answer 2")
    }
  }

  @Test func `a longer body is refused and the connection goes on`() async throws {
    try await hosting { host, port in
      let client = try LoopbackClient(port: port)
      let body = [UInt8](repeating: 0x0A, count: 16 << 20 | 1)
      let status = try await client.send("POST", "/", body: body).status
      #expect(status == 413)
      #expect(asked(host).isEmpty)
      let answer = try await client.send("GET", "/").text
      #expect(answer == "answer 1")
    }
  }

  @Test func `a body in chunks is put together`() async throws {
    try await hosting { host, port in
      let raw = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
      let status = try await LoopbackClient(port: port).send(raw: Array(raw.utf8)).status
      #expect(status == 200)
      #expect(asked(host).first?.body == Array("hello world".utf8))
    }
  }

  @Test func `many clients are answered, one request at a time`() async throws {
    try await hosting { host, port in
      let counts = try await withThrowingTaskGroup(of: [String].self) { group in
        for _ in 0..<16 {
          group.addTask {
            let client = try LoopbackClient(port: port)
            var counts: [String] = []
            for _ in 0..<25 {
              counts.append(try await client.send("GET", "/?size=3000").headers["x-count", default: ""])
            }
            return counts
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(Set(counts) == Set((1...400).map(String.init)))
      #expect(host.requests.all == 400)
    }
  }

  @Test func `requests that may change something are counted`() async throws {
    try await hosting { host, port in
      let client = try LoopbackClient(port: port)
      for method in ["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD"] {
        _ = try await client.send(method, "/")
      }
      #expect(host.requests.all == 6)
      #expect(host.requests.changing == 4)
    }
  }

  @Test(arguments: [false, true]) func `a dropped request gets no answer, and the next ones do`(
    afterActing: Bool
  ) async throws {
    try await hosting { host, port in
      host.dropNext(2, afterActing: afterActing)
      for _ in 0..<2 {
        let failure = await #expect(throws: LoopbackClient.Trouble.self) {
          try await LoopbackClient(port: port).send("POST", "/")
        }
        #expect(failure?.kind == .closed)
      }
      #expect(asked(host).count == (afterActing ? 2 : 0))
      let status = try await LoopbackClient(port: port).send("GET", "/").status
      #expect(status == 200)
      #expect(host.requests.all == 3)
    }
  }

  @Test func `stopping closes connections and frees the port`() async throws {
    let host = SimulatorHost(NotebookSimulator(), clock: { Self.now })
    let port = try await host.start()
    let client = try LoopbackClient(port: port)
    let status = try await client.send("GET", "/").status
    #expect(status == 200)
    await host.stop()
    #expect(try await client.end())
    let failure = #expect(throws: LoopbackClient.Trouble.self) { try LoopbackClient(port: port) }
    #expect(failure?.kind == .refused)
    let next = SimulatorHost(NotebookSimulator(), port: port, clock: { Self.now })
    #expect(try await next.start() == port)
    let answer = try await LoopbackClient(port: port).send("GET", "/").text
    #expect(answer == "answer 1")
    await next.stop()
  }

  @Test func `a host that was stopped can start again with what it knew`() async throws {
    let host = SimulatorHost(NotebookSimulator(), clock: { Self.now })
    let first = try await LoopbackClient(port: host.start()).send("GET", "/").text
    #expect(first == "answer 1")
    await host.stop()
    let second = try await LoopbackClient(port: host.start()).send("GET", "/").text
    #expect(second == "answer 2")
    await host.stop()
  }

  @Test func `a port that is taken or impossible is reported`() async throws {
    try await hosting { _, port in
      for wrong in [port, 70_000, -1] {
        let other = SimulatorHost(NotebookSimulator(), port: wrong, clock: { Self.now })
        let failure = await #expect(throws: SimulatorHostFailure.self) { try await other.start() }
        #expect(failure?.port == wrong)
        #expect(failure?.reason.isEmpty == false)
      }
    }
  }

  @Test func `only this machine is listened to`() async throws {
    try await hosting { _, port in
      let sockets = try String(contentsOfFile: "/proc/net/tcp", encoding: .utf8)
      let suffix = String(format: ":%04X", port)
      let listening = sockets.split(separator: "\n").map { $0.split(separator: " ") }
        .filter { $0.count > 3 && $0[1].hasSuffix(suffix) && $0[3] == "0A" }
      #expect(listening.map { String($0[1]) } == ["0100007F" + suffix])
    }
  }
}

import Testing

@testable import WebAPI

@Suite("Counting traffic")
struct TrafficTests {
  private func traffic(of exchanges: [WebExchange]) -> Traffic {
    let log = TrafficLog()
    for exchange in exchanges { log.saw(exchange) }
    return log.traffic
  }

  @Test("Everything about a route is added up")
  func addsUp() throws {
    let body = [UInt8](repeating: 0x61, count: 10)
    let answer = WebResponse(status: 200, body: body + body, timing: WebTiming(bytesOnWire: 7))
    let traffic = traffic(of: [
      .answered(seconds: 0.5, waited: 1, body: body, answer: answer),
      .answered(number: 2, seconds: 0.25, answer: WebResponse(status: 204)),
      .answered(answer: WebResponse(status: 429)), .failed("no answer"),
    ])
    let route = try #require(traffic.routes.first)
    #expect(traffic.routes.count == 1)
    #expect(route.requests == 4)
    #expect(route.repetitions == 1)
    #expect(route.statuses == [200: 1, 204: 1, 429: 1])
    #expect((1...5).map { route.answers(ofClass: $0) } == [0, 2, 0, 1, 0])
    #expect(route.failures == 1)
    #expect(route.bytesSent == 10)
    #expect(route.bytesReceived == 20)
    #expect(route.bytesOnWire == 7)
    #expect(route.secondsInRequests == 31)
    #expect(route.secondsWaited == 1)
    #expect(route.slowest == 30)
  }

  @Test("As JSON it is a list, sorted by connection and route")
  func writesJSON() throws {
    let traffic = traffic(of: [
      .answered(connection: "web", route: "b"), .answered(connection: "web", route: "a"),
      .answered(connection: "shop", route: "c", seconds: 0.12345, answer: WebResponse(status: 404)),
    ])
    let json = try JSONValue.parse(traffic.json.bytes)
    #expect(json.elements.map { $0["connection"].text } == ["shop", "web", "web"])
    #expect(json.elements.map { $0["route"].text } == ["c", "a", "b"])
    #expect(
      String(decoding: traffic.json.bytes, as: UTF8.self).hasPrefix(
        #"[{"connection":"shop","route":"c","requests":1,"repetitions":0,"answers":{"4xx":1},"statuses":{"404":1},"#
          + #""failures":0,"bytesSent":0,"bytesReceived":0,"bytesOnWire":0,"secondsInRequests":0.123,"#
          + #""secondsWaited":0.0,"slowestSeconds":0.123},"#))
  }

  @Test("Beyond two hundred routes a connection all others are counted together")
  func foldsRoutes() {
    var exchanges = (0..<250).map { WebExchange.answered(route: "GET /\($0)") }
    exchanges += [.answered(route: "GET /0"), .answered(connection: "shop", route: "GET /new")]
    let traffic = traffic(of: exchanges)
    #expect(traffic.routes.count == 202)
    #expect(traffic.routes.first { $0.route == "(other)" }?.requests == 50)
    #expect(traffic.routes.first { $0.route == "GET /0" }?.requests == 2)
    #expect(traffic.routes.first { $0.connection == "shop" }?.route == "GET /new")
  }

  @Test("Routes that differ only by a secret are one")
  func joinsMaskedRoutes() {
    let traffic = traffic(of: [
      .answered(route: "GET /rest/1/abcdefghij12/x"), .answered(route: "GET /rest/1/abcdefghij34/x"),
    ])
    #expect(traffic.routes.map(\.route) == ["GET /rest/1/***/x"])
    #expect(traffic.routes.map(\.requests) == [2])
  }

  @Test("Counts of many tasks at once are all there")
  func takesManyTasks() async {
    let log = TrafficLog()
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask { for _ in 0..<100 { log.saw(.answered(route: "r\(task % 2)")) } }
      }
    }
    #expect(log.traffic.routes.map(\.requests) == [400, 400])
  }

  @Test("The table has a line a route and one for all, without columns in which nothing happened")
  func writesTables() {
    let table = traffic(of: [
      .answered(route: "GET /a"),
      .answered(connection: "shop", route: "GET /b", answer: WebResponse(status: 503)),
    ]).text()
    #expect(
      table == """
        connection  route   requests  5xx     took  slowest
        shop        GET /b         1    1  0.250 s  0.250 s
        web         GET /a         1    0  0.250 s  0.250 s
        all                        2    1  0.500 s  0.250 s

        """)
  }

  @Test("Nothing sent is an empty table and an empty list")
  func writesNothing() {
    #expect(traffic(of: []).text().isEmpty)
    #expect(traffic(of: []).json.bytes == Array("[]".utf8))
  }

  @Test("The table keeps to its width by cutting routes, and lets no control character through")
  func keepsToColumns() {
    let table = traffic(of: [
      .answered(route: "GET /\u{1B}[2J" + String(repeating: "x", count: 200)), .answered(route: "GET /b"),
    ]).text(columns: 80)
    #expect(table.split(separator: "\n").allSatisfy { PlainLine.width(String($0)) <= 80 })
    #expect(!table.contains("\u{1B}"))
    #expect(table.contains("GET /·[2J"))
  }
}

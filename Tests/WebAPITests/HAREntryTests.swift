import Foundation
import Testing

@testable import WebAPI

@Suite("The entries of a trace")
struct HAREntryTests {
  @Test("An entry has every member that HAR 1.2 asks for, with a request and an answer as they were")
  func hasAllMembers() throws {
    let answer = WebResponse(
      status: 201,
      headers: [
        WebHeader("Content-Type", "text/plain; charset=utf-8"), WebHeader("Location", "/new?token=abc"),
      ],
      body: Array("größer\u{1}".utf8),
      timing: WebTiming(bytesOnWire: 300, remoteAddress: "2001:db8::7", version: "2"))
    let entry = try entry(
      of: .answered(
        connection: "shop", route: "POST /x/{id}", number: 3, method: "POST",
        url: "https://a.test/x/5?a=1%202&b=%C3%A9+f&c&=d&token=t#end", headers: [WebHeader("X-One", "1")],
        body: Array("{}".utf8), answer: answer))
    let request = entry["request"]
    #expect(request["method"].text == "POST")
    #expect(request["url"].text == "https://a.test/x/5?a=1%202&b=%C3%A9+f&c&=d&token=***#end")
    #expect(request["httpVersion"].text == "HTTP/2")
    #expect(request["cookies"].isArray)
    #expect(request["headers"][0]["name"].text == "X-One")
    #expect(request["headers"][0]["value"].text == "1")
    #expect(request["queryString"].elements.map { $0["name"].text } == ["a", "b", "c", "", "token"])
    #expect(request["queryString"].elements.map { $0["value"].text } == ["1 2", "é f", "", "d", "***"])
    #expect(request["headersSize"].integer == -1)
    #expect(request["bodySize"].integer == 2)
    #expect(request["postData"]["text"].text == "{}")
    let response = entry["response"]
    #expect(response["status"].integer == 201)
    #expect(response["statusText"].text == "")
    #expect(response["httpVersion"].text == "HTTP/2")
    #expect(response["cookies"].isArray)
    #expect(response["headers"].count == 2)
    #expect(response["redirectURL"].text == "/new?token=***")
    #expect(response["headersSize"].integer == -1)
    #expect(response["bodySize"].integer == 9)
    #expect(response["_transferSize"].integer == 300)
    #expect(response["content"]["size"].integer == 9)
    #expect(response["content"]["mimeType"].text == "text/plain; charset=utf-8")
    #expect(response["content"]["text"].text == "größer\u{1}")
    #expect(!response["content"]["encoding"].isPresent)
    #expect(entry["cache"].isObject)
    #expect(entry["serverIPAddress"].text == "2001:db8::7")
    #expect(entry["_connection"].text == "shop")
    #expect(entry["_route"].text == "POST /x/{id}")
    #expect(entry["_try"].integer == 3)
  }

  @Test("Times are in milliseconds, TLS within connecting, and their sum is the time of the entry")
  func tellsTimes() throws {
    let timing = WebTiming(lookup: 0.001, connect: 0.01, tls: 0.02, send: 0.0005, wait: 0.15, receive: 0.03)
    let entry = try entry(
      of: .answered(seconds: 0.25, waited: 1.5, answer: WebResponse(status: 200, timing: timing)))
    let times = entry["timings"]
    #expect(times["dns"].number == 1)
    #expect(times["connect"].number == 30)
    #expect(times["ssl"].number == 20)
    #expect(times["send"].number == 0.5)
    #expect(times["wait"].number == 150)
    #expect(times["receive"].number == 30)
    #expect(times["blocked"].number == 1538.5)
    #expect(entry["time"].number == 1750)
    // It began to wait then, and was sent at .250.
    #expect(entry["startedDateTime"].text == "2026-11-27T11:40:58.750Z")
  }

  @Test("Steps that did not happen, or that nobody knows of, are -1")
  func tellsUnknownTimes() throws {
    let open = try entry(
      of: .answered(answer: WebResponse(status: 200, timing: WebTiming(wait: 0.25))))["timings"]
    #expect(["dns", "connect", "ssl"].map { open[$0].integer } == [-1, -1, -1])
    let unknown = try entry(of: .answered(seconds: 0.25))
    #expect(unknown["timings"]["wait"].number == 250)
    #expect(unknown["timings"]["blocked"].number == 0)
    #expect(unknown["timings"]["dns"].integer == -1)
    #expect(unknown["time"].number == 250)
  }

  @Test(
    "Dates are written to the millisecond, whatever the number",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (1_795_779_660.0004, "2026-11-27T11:41:00.000Z"),
      (1_795_779_660.9996, "2026-11-27T11:41:01.000Z"), (1_795_779_660.007, "2026-11-27T11:41:00.007Z"),
      (-5, "1970-01-01T00:00:00.000Z"), (.nan, "1970-01-01T00:00:00.000Z"),
      (1e300, "9999-12-31T23:59:59.000Z"),
    ] as [(Double, String)])
  func writesDates(seconds: Double, expected: String) {
    #expect(HARTimings.date(seconds) == expected)
  }

  @Test("A request without an answer has status 0 and says why")
  func tellsFailures() throws {
    let response = try entry(of: .failed("no answer of https://u:p@a.test in 30 s"))["response"]
    #expect(response["status"].integer == 0)
    #expect(response["_error"].text == "no answer of https://***@a.test in 30 s")
    #expect(response["content"]["size"].integer == 0)
    #expect(response["bodySize"].integer == -1)
  }

  @Test("A form is told as text and as pairs, with its secrets masked in both")
  func tellsForms() throws {
    let post = try entry(
      of: .answered(
        method: "POST",
        headers: [WebHeader("content-type", "application/x-www-form-urlencoded; charset=UTF-8")],
        body: Array("name=A+B%20C&client_secret=x,y&empty=".utf8)))["request"]["postData"]
    #expect(post["mimeType"].text == "application/x-www-form-urlencoded; charset=UTF-8")
    #expect(post["text"].text == "name=A+B%20C&client_secret=***&empty=")
    #expect(post["params"].elements.map { $0["name"].text } == ["name", "client_secret", "empty"])
    #expect(post["params"].elements.map { $0["value"].text } == ["A B C", "***", ""])
  }

  @Test("A body that is no text is told in Base64, masked before")
  func tellsBinaryBodies() throws {
    let body: [UInt8] = [0xFF, 0x00] + Array("geheim".utf8)
    let entry = try entry(
      of: .answered(
        method: "POST", body: body, answer: WebResponse(status: 200, body: body), secrets: ["geheim"]))
    let masked = Data([0xFF, 0x00] + Array("***".utf8)).base64EncodedString()
    #expect(entry["response"]["content"]["encoding"].text == "base64")
    #expect(entry["response"]["content"]["text"].text == masked)
    #expect(entry["request"]["postData"]["_encoding"].text == "base64")
    #expect(entry["request"]["postData"]["text"].text == masked)
  }

  @Test(
    "A long body is cut between two letters, and the entry says so",
    arguments: [(7, "größe"), (4, "gr\u{F6}"), (3, "gr"), (0, "")])
  func cutsBodies(limit: Int, expected: String) throws {
    let masking = BodyMasking(
      Array("größer".utf8), mimeType: "text/plain", limit: limit, redactor: Redactor())
    #expect(masking.text == expected)
    #expect(!masking.isBase64)
    #expect(masking.comment == "cut after \(limit) of 8 bytes")
  }

  @Test("A secret across the cut is masked whole")
  func masksAcrossTheCut() {
    let body = Array("0123geheim".utf8)
    let masking = BodyMasking(body, mimeType: "", limit: 6, redactor: Redactor(secrets: ["geheim"]))
    #expect(masking.text == "0123***")
  }

  @Test("What compression saved is told if the server says how long the body was")
  func tellsCompression() throws {
    func response(_ headers: [WebHeader]) throws -> JSONValue {
      try entry(
        of: .answered(
          answer: WebResponse(status: 200, headers: headers, body: [UInt8](repeating: 0x61, count: 100))))[
          "response"]
    }
    let told = try response([WebHeader("Content-Encoding", "gzip"), WebHeader("Content-Length", "30")])
    #expect(told["bodySize"].integer == 30)
    #expect(told["content"]["size"].integer == 100)
    #expect(told["content"]["compression"].integer == 70)
    let untold = try response([WebHeader("Content-Encoding", "gzip")])
    #expect(untold["bodySize"].integer == -1)
    #expect(!untold["content"]["compression"].isPresent)
    #expect(try response([WebHeader("Content-Length", "-5")])["bodySize"].integer == 100)
  }
}

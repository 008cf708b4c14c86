import Foundation
import Platform
import Sandbox
import Synchronization
import Testing

@Suite("A platform that means harm", .serialized, .timeLimit(.minutes(5)))
struct HostileServerTests {
  private static let commands = [["check"], ["pull"], ["plan"], ["sync"]]

  /// Nothing that a platform says ends the program otherwise than it ends itself.
  private func expectCalm(_ outcome: Outcome) {
    #expect([0, 3, 65, 69, 74, 77, 78].contains(outcome.status), "\(outcome.description.prefix(4_000))")
  }

  // MARK: Absurd values

  /// Numbers in place of all numbers of an answer, but for the working time, for whose end Bitrix24 would be waited.
  private static func absurd(_ body: [UInt8], _ number: String) -> [UInt8] {
    let text = String(decoding: body, as: UTF8.self)
    let spoilt = text.replacing(/("(?!operating|offset)\w+": ?)("?)-?\d[\d.]*("?)(?=[,}\]])/) {
      "\($0.output.1)\($0.output.2)\(number)\($0.output.3)"
    }
    return Array(spoilt.utf8)
  }

  @Test(
    "absurd numbers everywhere are refused or passed over, and the program lives",
    arguments: HostileWeb.platforms, ["9223372036854775807", "-9223372036854775808", "1e300"])
  func absurdNumbers(platform: String, number: String) async throws {
    try await HostileWeb.with(
      platform,
      spoil: { _, answer in
        var answer = answer
        answer.body = Self.absurd(answer.body, number)
        return answer
      },
      { place, _ in
        for command in Self.commands { expectCalm(try await Program.run(command, in: place.path)) }
      })
  }

  @Test("absurd pauses are not waited for, and the program lives", arguments: HostileWeb.platforms)
  func absurdPauses(platform: String) async throws {
    try await HostileWeb.with(
      platform,
      spoil: { _, _ in
        SimulatedAnswer(
          status: 429, headers: [SimulatedPair("Retry-After", "1e300")], body: Array("{}".utf8))
      },
      { place, _ in
        let pull = try await place.run("pull")
        #expect(pull.status == 69, "\(pull)")
        #expect(pull.err.contains("asks to wait until a time far away"), "\(pull)")
        expectCalm(try await place.run("check"))
      })
  }

  // MARK: Size

  @Test("a small answer that inflates beyond all bounds is given up", arguments: HostileWeb.platforms)
  func bomb(platform: String) async throws {
    // A zstd frame of a gibibyte of zeros: blocks of 128 KiB that say one byte many times (RFC 8878).
    var bomb: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]
    for number in 1...8_192 {
      let head = (128 << 13) | 1 << 1 | (number == 8_192 ? 1 : 0)
      bomb += [UInt8(head & 255), UInt8(head >> 8 & 255), UInt8(head >> 16), 0]
    }
    let body = bomb
    try await HostileWeb.with(
      platform,
      spoil: { _, _ in
        SimulatedAnswer(
          status: 200,
          headers: [
            SimulatedPair("Content-Type", "application/json"), SimulatedPair("Content-Encoding", "zstd"),
          ],
          body: body)
      },
      { place, host in
        let pull = try await place.run("pull")
        #expect(pull.status == 69, "\(pull)")
        #expect(pull.err.contains("the answer is larger than"), "\(pull)")
        #expect(host.requests.all == 1)
      })
  }

  @Test("JSON that is deeper than any answer is no JSON", arguments: HostileWeb.platforms)
  func deep(platform: String) async throws {
    try await HostileWeb.with(
      platform,
      spoil: { _, _ in
        SimulatedAnswer(
          status: 200, headers: [SimulatedPair("Content-Type", "application/json")],
          body: Array(("{\"result\":" + String(repeating: "[", count: 100_000)).utf8))
      },
      { place, _ in
        let pull = try await place.run("pull")
        #expect(pull.status == 69 || pull.status == 78, "\(pull)")
        #expect(pull.err.contains("no JSON"), "\(pull)")
      })
  }

  @Test("fields of two megabytes and a hundred thousand tags keep nobody else from being scored")
  func oversized() async throws {
    let huge = String(repeating: "x", count: 2_000_000)
    try await HostileWeb.with(
      "mautic", names: [huge, "Ben"],
      spoil: { request, answer in
        guard request.method == "GET", request.path == "/api/contacts" else { return answer }
        var answer = answer
        let tags = (1...100_000).map { "{\"tag\":\"t\($0)\"}" }.joined(separator: ",")
        let text = String(decoding: answer.body, as: UTF8.self)
        if let place = text.firstRange(of: "\"tags\":[]") {
          answer.body = Array(text.replacingCharacters(in: place, with: "\"tags\":[\(tags)]").utf8)
        }
        return answer
      },
      { place, _ in
        let sync = try await place.run("sync", "--verbose")
        #expect(sync.status == 0 || sync.status == 3, "\(sync.description.prefix(4_000))")
        #expect(sync.out.count + sync.err.count < 100_000)
        let other = try await place.run("explain", "p2@example.com", "--json")
        #expect(other.out.contains(#""score":14"#), "\(other.description.prefix(4_000))")
      })
  }

  // MARK: Leading elsewhere

  @Test("a redirect leads nowhere, and whoever it names hears nothing", arguments: HostileWeb.platforms)
  func redirect(platform: String) async throws {
    try await NotifyReceiver.with { thief, port in
      let elsewhere = "http://localhost:\(port)/hook"
      for status in [301, 302, 303, 307, 308] {
        try await HostileWeb.with(
          platform,
          spoil: { _, _ in
            SimulatedAnswer(
              status: status, headers: [SimulatedPair("Location", elsewhere)], body: Array("{}".utf8))
          },
          { place, _ in
            let pull = try await place.run("pull")
            #expect([69, 78].contains(pull.status), "\(pull)")
          })
      }
      #expect(thief.messages().isEmpty)
    }
  }

  @Test("links to a next page are not followed to another host", arguments: HostileWeb.platforms)
  func links(platform: String) async throws {
    try await NotifyReceiver.with { thief, port in
      let elsewhere = "http://localhost:\(port)/hook"
      try await HostileWeb.with(
        platform,
        spoil: { _, answer in
          var answer = answer
          answer.headers.append(SimulatedPair("Link", "<\(elsewhere)>; rel=\"next\""))
          answer.headers.append(SimulatedPair("Refresh", "0; url=\(elsewhere)"))
          let text = String(decoding: answer.body, as: UTF8.self)
          // HubSpot's own way to tell of a next page, and keys by which others do.
          let spoilt = text.replacing(
            /^\{/, with: "{\"next\":\"\(elsewhere)\",\"_links\":{\"next\":{\"href\":\"\(elsewhere)\"}},")
          answer.body = Array(
            spoilt.replacing(/"link":"[^"]*"/, with: "\"link\":\"\(elsewhere)\"").utf8)
          return answer
        },
        { place, _ in
          for command in Self.commands { expectCalm(try await Program.run(command, in: place.path)) }
        })
      #expect(thief.messages().isEmpty)
    }
  }

  // MARK: Without end

  @Test("pages that lead in a circle are not turned for ever")
  func circle() async throws {
    let count = Mutex(0)
    let first = Mutex<SimulatedAnswer?>(nil)
    try await HostileWeb.with(
      "hubspot",
      spoil: { request, answer in
        guard request.method == "GET", request.path.hasSuffix("/contacts"),
          request.path.contains("/objects/")
        else { return answer }
        let number = count.withLock { count -> Int in
          count += 1
          return count
        }
        // Whoever follows without an end is stopped some day.
        guard number < 2_000 else { return SimulatedAnswer(status: 400, body: Array("{}".utf8)) }
        return first.withLock { first in
          var page = first ?? answer
          first = page
          let text = String(decoding: page.body, as: UTF8.self)
          let next = "{\"paging\":{\"next\":{\"after\":\"\(["a", "b", "c"][number % 3])\"}},"
          page.body = Array(text.replacing(/^\{/, with: next).utf8)
          return page
        }
      },
      { place, _ in
        let pull = try await place.run("pull")
        #expect(pull.status == 65, "\(pull)")
        #expect(pull.err.contains("goes round in circles"), "\(pull)")
        #expect(count.withLock { $0 } < 100)
      })
  }
}

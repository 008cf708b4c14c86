import ConnectorConformance
import Foundation
import Platform
import Scoring
import Synchronization
import WebAPI

@testable import MauticConnector

/// Gives the answers of a script, and remembers what was asked.
final class ScriptedTransport: WebTransport {
  private let answers: Mutex<[ScriptedMautic.Route]>
  private let seen = Mutex<[WebRequest]>([])

  init(_ routes: [ScriptedMautic.Route]) {
    answers = Mutex(routes)
  }

  var requests: [WebRequest] { seen.withLock { $0 } }

  func send(_ request: WebRequest) async throws(TransportFailure) -> WebResponse {
    seen.withLock { $0.append(request) }
    return answers.withLock { routes in
      guard let place = routes.firstIndex(where: { $0.fits(request) }) else {
        return RecordedAnswer.json("{\"errors\":[{\"message\":\"no such route\",\"code\":404}]}", status: 404)
      }
      return routes[place].next()
    }
  }
}

extension WebRequest {
  /// `GET /api/contacts`
  var route: String {
    let rest = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).last ?? ""
    return method + " /" + rest.prefix { $0 != "?" }
  }

  var bodyText: String { String(decoding: body ?? [], as: UTF8.self) }
}

/// A Mautic of which only some answers are known.
struct ScriptedMautic {
  /// Answers to one sort of request, one after the other; the last one stays.
  struct Route: Sendable {
    let name: String
    let part: String
    var answers: [WebResponse]

    func fits(_ request: WebRequest) -> Bool {
      request.route == name && (part.isEmpty || request.url.contains(part))
    }

    mutating func next() -> WebResponse {
      answers.count > 1 ? answers.removeFirst() : answers[0]
    }
  }

  /// A route, or the part of it whose address has this in it.
  static func route(_ name: String, with part: String = "", _ answers: WebResponse...) -> Route {
    Route(name: name, part: part, answers: answers)
  }

  let transport: ScriptedTransport
  let clock = VirtualClock(1_795_397_069)
  var fields: WrittenFields? = WrittenFields(
    score: .field("ls_score"), band: nil, reasons: nil, tags: true)
  var login = MauticSettings.Login.basic(user: "api", password: "pass-w0rd")

  init(_ routes: [Route]) {
    transport = ScriptedTransport(routes)
  }

  func connector() -> MauticConnector {
    MauticConnector(
      settings: MauticSettings(url: "https://m.example.com", login: login),
      context: ConnectorContext(name: "web", folder: "/", fields: fields),
      surroundings: WebSurroundings(transport: transport, clock: clock, random: { 0.5 }))
  }

  /// The first page of a stream.
  func page(_ stream: String) async throws -> Page {
    try await connector().page(of: StreamName(stream), after: nil, window: window)
  }

  var window: PullWindow {
    PullWindow(since: Timestamp(1_700_000_000), now: Timestamp(Int64(clock.now())))
  }

  func requests(to route: String) -> [WebRequest] { transport.requests.filter { $0.route == route } }
}

extension ContactWrite {
  /// A state with a score and little else.
  init(
    _ id: Int, _ score: Int, band: String? = nil, reasons: String = "", add: [String] = [],
    remove: [String] = []
  ) {
    self.init(
      contact: ContactID("\(id)"), email: nil, score: score, band: band, reasons: reasons, addTags: add,
      removeTags: remove, asOf: Timestamp(1_795_000_000))
  }
}

/// What a call fails with; nil if it does not.
func failure(_ work: () async throws -> Void) async -> ConnectorFailure? {
  do {
    try await work()
    return nil
  } catch {
    return error as? ConnectorFailure
  }
}

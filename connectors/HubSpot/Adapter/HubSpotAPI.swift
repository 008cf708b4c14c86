import Foundation
import Platform
import Scoring
import WebAPI

/// A JSON answer, and what its headers say.
struct HubSpotAnswer: Sendable {
  let status: Int
  let json: JSONValue
  /// The server's clock; nil if it does not say.
  let serverTime: Timestamp?
  /// Requests that are left to the whole account today; nil if it is not told.
  let leftToday: Int?
  /// Requests that this app may send in 10 seconds; nil if it is not told.
  let burst: Int?

  /// What an answer that is no good one says.
  var trouble: HubSpotTrouble { HubSpotTrouble(status: status, json) }

  /// Where the next page begins; nil if this is the last.
  ///
  /// Some marks come percent-encoded already, as in recorded answers of the lists of forms and of events: they are
  /// encoded once more when they are sent.
  var next: String? {
    guard let mark = json["paging"]["next"]["after"].text, !mark.isEmpty else { return nil }
    return mark.contains("%") ? mark.removingPercentEncoding ?? mark : mark
  }
}

/// Calls of one HubSpot account, with failures in the pipeline's words.
struct HubSpotAPI: Sendable {
  let client: APIClient
  let paths: HubSpotPaths
  /// Whatever the server says passes through it: a server may repeat what it was sent.
  var redactor = Redactor()
  /// How messages call it; whoever shows them says which connection it is.
  let place = "HubSpot"

  private static let nothing = try? JSONValue.parse(Array("{}".utf8))

  /// Reads; any answer but a good one is a failure.
  func get(_ path: String, _ query: [(String, String)] = []) async throws(ConnectorFailure) -> HubSpotAnswer {
    try good(try await answer(to: APICall(path: path, query: query)), path)
  }

  /// Asks by POST, which changes nothing; 207 is a good answer, too.
  func ask(_ path: String, _ body: JSONOutput) async throws(ConnectorFailure) -> HubSpotAnswer {
    try good(try await answer(to: question(path, body)), path)
  }

  /// Asks a search, which HubSpot counts apart from all other requests.
  func search(_ path: String, _ body: JSONOutput) async throws(ConnectorFailure) -> HubSpotAnswer {
    try good(try await answer(to: question(path, body, kind: HubSpotLimits.searchKind)), path)
  }

  /// A question by POST; it may be repeated, and does not go before others as writing does.
  func question(_ path: String, _ body: JSONOutput, kind: String? = nil) -> APICall {
    APICall(
      method: "POST", path: path, body: body.bytes, isRepeatable: true,
      demand: RequestDemand(kind: kind, priority: .reading))
  }

  private func good(_ answer: HubSpotAnswer, _ path: String) throws(ConnectorFailure) -> HubSpotAnswer {
    guard (200..<300).contains(answer.status) else { throw refusal(answer, of: path) }
    return answer
  }

  /// Sends a call; wrong credentials, redirects, pages instead of JSON and failures of the way are thrown, all
  /// else is given.
  func answer(to call: APICall) async throws(ConnectorFailure) -> HubSpotAnswer {
    let response: WebResponse
    do throws(APIFailure) {
      response = try await client.send(call)
    } catch {
      throw failure(error)
    }
    return try read(response, of: call.path)
  }

  /// Reads an answer whose way was good.
  func read(_ response: WebResponse, of path: String) throws(ConnectorFailure) -> HubSpotAnswer {
    if (300..<400).contains(response.status) {
      throw ConnectorFailure(
        .configuration, "\(place) sends \(path) on to another address",
        cure: "Leave url: out, or set it to the address of the API itself")
    }
    // What refuses a request before HubSpot itself sees it may answer with a page; a page in place of anything
    // else comes from a proxy, and must not be taken for what the plan allows.
    let isPlain = response.status >= 500 || response.status == 401 || response.status == 414
    let parsed = try? JSONValue.parse(response.body)
    guard let json = isPlain ? parsed ?? Self.nothing : parsed, isPlain || json.isObject || json.isArray
    else {
      throw ConnectorFailure(
        .unavailable, "\(place) answered \(path) with status \(response.status) and no JSON",
        cure: "Check url: and proxies on the way; the next run tries again")
    }
    func number(_ name: String) -> Int? { response.header(name).flatMap { Int($0) } }
    let answer = HubSpotAnswer(
      status: response.status, json: json, serverTime: response.date.map { Timestamp(Int64($0)) },
      leftToday: number("X-HubSpot-RateLimit-Daily-Remaining"), burst: number("X-HubSpot-RateLimit-Max"))
    if !response.isSuccess, answer.trouble.kind == .authentication { throw refusal(answer, of: path) }
    return answer
  }

  /// Turns a bad answer into a failure.
  func refusal(_ answer: HubSpotAnswer, of path: String) -> ConnectorFailure {
    let trouble = answer.trouble
    let said =
      (trouble.message.map { ": \(sentence($0))" } ?? "")
      + (trouble.correlation.map { " (correlation id \(plain($0)))" } ?? "")
    switch trouble.kind {
    case .authentication:
      return ConnectorFailure(
        .forbidden, "\(place) refused the credentials\(said)",
        cure: "Check auth:, and in HubSpot whether the key was rotated or deleted")
    case .scopes(let names):
      let missing = names.map(plain).joined(separator: ", ")
      return ConnectorFailure(
        .forbidden, "\(place) does not allow \(path)\(said)",
        cure: names.isEmpty
          ? "Give the key the scope, or see whether the plan has this API; connectors/HubSpot/README.md lists both"
          : "Give the key the scope \(missing)")
    case .unknownProperty(let name):
      return ConnectorFailure(
        .configuration, "\(place) has no property '\(plain(name))'",
        cure: "Somebody may have deleted it; the next run makes it again")
    case .notFound:
      return ConnectorFailure(
        .configuration, "\(place) does not know \(path)\(said)",
        cure: "Check url: and apiVersion:; HubSpot may have switched this path off")
    case .tooLong:
      return ConnectorFailure(
        .badData, "\(place) finds the address of \(path) too long",
        cure: "Delete properties of contacts that nobody needs")
    case .validation, .conflict, .other:
      return ConnectorFailure(
        .badData, "\(place) refused \(path) with status \(answer.status)\(said)",
        cure: "Look into HubSpot's logs of the key's calls, under Development, Monitoring")
    case .server:
      return ConnectorFailure(
        .unavailable, "\(place) answered \(path) with status \(answer.status)\(said)",
        cure: "Look at status.hubspot.com; the next run tries again")
    }
  }

  /// Turns a failure of the way into one of the connection.
  func failure(_ failure: APIFailure) -> ConnectorFailure {
    let what = "\(place): \(failure.what)"
    let goesOn = "The next run goes on from here"
    switch failure.kind {
    case .cancelled: return ConnectorFailure(.cancelled, "\(place): the call was stopped")
    case .unauthorized(let message):
      return ConnectorFailure(
        .forbidden, "\(place) gave no access token: \(sentence(message))",
        cure: "Check clientId and clientSecret; if the app was removed from the account, install it again "
          + "and configure its new refreshToken")
    case .certificate:
      return ConnectorFailure(
        .unavailable, what, cure: "The certificate has to be one that this machine trusts: see network: ca:")
    case .unreachable:
      return ConnectorFailure(.unavailable, what, cure: "Check the network. \(goesOn)")
    case .busy(status: 477):
      return ConnectorFailure(
        .unavailable, "\(what); the account is being moved to another data centre",
        cure: "Wait until HubSpot has moved it. \(goesOn)")
    case .busy(status: 423):
      return ConnectorFailure(
        .unavailable, "\(what); somebody else is changing the same records",
        cure: "Look for imports and workflows at the same time. \(goesOn)")
    case .busy(let status):
      let free = failure.freeAt.map { "; it is free again at \(Timestamp(clamping: $0.rounded(.up)))" } ?? ""
      return ConnectorFailure(
        .unavailable, what + free,
        cure: status == 429
          ? "Other tools use up the account's limits; run at another time. \(goesOn)"
          : "Look at status.hubspot.com. \(goesOn)")
    case .exhausted(let limit):
      return ConnectorFailure(
        .unavailable, what,
        cure: limit == "daily"
          ? "The account's requests of this day are used up, by whichever tool. \(goesOn)" : goesOn)
    case .badRequest: return ConnectorFailure(.configuration, what, cure: "Check url:")
    case .lost, .tooLarge: return ConnectorFailure(.unavailable, what, cure: goesOn)
    }
  }

  /// HubSpot's own words at the end of ours, which get their full stop later.
  private func sentence(_ text: String) -> String {
    let text = plain(text)
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  /// HubSpot's own words, short, on one line and without secrets.
  func plain(_ text: String) -> String {
    let line = redactor.redact(text).split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count > 200 ? line.prefix(200) + "…" : line
  }
}

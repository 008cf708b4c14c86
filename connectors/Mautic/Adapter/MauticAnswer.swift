import Platform
import Scoring
import WebAPI

/// A JSON answer, and what its headers say.
struct MauticAnswer: Sendable {
  let status: Int
  let json: JSONValue
  /// What `json` was read from.
  let body: [UInt8]
  let version: MauticVersion?
  /// The server's clock; nil if it does not say.
  let serverTime: Timestamp?
  /// Calls left in this hour; nil without a limit.
  let callsLeft: Int?

  /// The first error's message; nil if there is none.
  ///
  /// `/api/stats` answers errors with 200, so the body is looked at whatever the status.
  var errorMessage: String? {
    if let message = firstError?["message"].text { return message }
    if let message = json["error_description"].text { return message }
    return json["error"]["message"].text ?? json["error"].text
  }

  /// The first error's own code.
  var errorCode: Int? { firstError?["code"].integer ?? json["error"]["code"].integer }

  private var firstError: JSONValue? { json["errors"].elements.first }
}

/// Calls of one Mautic, with failures in the pipeline's words.
struct MauticAPI: Sendable {
  let client: APIClient
  /// How messages call it; whoever shows them says which connection it is.
  let place: String
  /// Whatever the server says passes through it: a server may repeat what it was sent.
  var redactor = Redactor()

  /// Reads; any answer but a good one is a failure.
  func get(_ path: String, _ query: [(String, String)] = []) async throws(ConnectorFailure) -> MauticAnswer {
    let answer = try await answer(to: APICall(path: path, query: query))
    guard answer.status == 200 else { throw refusal(answer, of: path) }
    return answer
  }

  /// Throws if the server gives a page of a list again instead of the next one.
  func demandNews(_ answer: MauticAnswer, of path: String, _ memory: inout PageMemory)
    throws(ConnectorFailure)
  {
    guard !memory.isNew(answer.body) else { return }
    throw ConnectorFailure(
      .badData, "\(place) gives the same entries again when asked for the next ones of \(path)",
      cure: "See that no proxy changes addresses with start= in them")
  }

  /// Sends a call; 401, redirects, pages instead of JSON and failures of the way are thrown, all else is given.
  func answer(to call: APICall) async throws(ConnectorFailure) -> MauticAnswer {
    let response: WebResponse
    do throws(APIFailure) {
      response = try await client.send(call)
    } catch {
      throw failure(error)
    }
    return try read(response, of: call.path)
  }

  /// Reads an answer whose way was good.
  func read(_ response: WebResponse, of path: String) throws(ConnectorFailure) -> MauticAnswer {
    if (300..<400).contains(response.status) {
      throw ConnectorFailure(
        .configuration, "\(place) sends \(path) on to another address",
        cure: "Set url: to the address that Mautic itself uses, with https and without a folder too many")
    }
    let json: JSONValue
    do throws(JSONFailure) {
      json = try JSONValue.parse(response.body)
    } catch {
      throw noJSON(response, path)
    }
    guard json.isObject || json.isArray else { throw noJSON(response, path) }
    let answer = MauticAnswer(
      status: response.status, json: json, body: response.body,
      version: response.header("Mautic-Version").flatMap(MauticVersion.init),
      serverTime: response.date.map { Timestamp(Int64($0)) },
      callsLeft: response.header("X-RateLimit-Remaining").flatMap { Int($0) })
    if answer.status == 401 { throw refusal(answer, of: path) }
    return answer
  }

  private func noJSON(_ response: WebResponse, _ path: String) -> ConnectorFailure {
    let start = response.body.prefix(200).drop { $0 <= 0x20 }
    let isPage = start.first == UInt8(ascii: "<")
    let what = isPage ? "a web page" : response.body.isEmpty ? "nothing" : "something that is no JSON"
    let tells = "\(place) answered \(path) with status \(response.status) and \(what)"
    if response.status >= 500 {
      return ConnectorFailure(
        .unavailable, tells, cure: "Look at the web server's and Mautic's logs; the next run tries again")
    }
    let kind: ConnectorFailure.Kind =
      switch response.status {
      case 401, 403: .forbidden
      case 404: .configuration
      default: .unavailable
      }
    return ConnectorFailure(
      kind, tells,
      cure: "Check url:, and that the API is switched on in Mautic's configuration")
  }

  /// Turns a bad answer into a failure.
  func refusal(_ answer: MauticAnswer, of path: String) -> ConnectorFailure {
    let said = answer.errorMessage.map { ": \(sentence($0))" } ?? ""
    switch answer.status {
    case 401:
      return ConnectorFailure(
        .forbidden, "\(place) refused the credentials\(said)",
        cure: "Check auth:, and in Mautic's API settings that the API and, for a user, HTTP basic auth are on"
      )
    case 403
    where said.contains("API disabled")
      || answer.json["errors"].elements.first?["type"].text == "api_disabled":
      return ConnectorFailure(
        .forbidden, "\(place) has its API switched off\(said)",
        cure: "Switch it on in Mautic under Configuration, API settings, and clear Mautic's cache")
    case 403:
      return ConnectorFailure(
        .forbidden, "\(place) does not allow \(path)\(said)",
        cure: "Give the API user's role the right; connectors/Mautic/README.md lists those that are needed")
    case 404:
      return ConnectorFailure(
        .configuration, "\(place) does not know \(path)\(said)",
        cure: "Check url:; if it is right, clear Mautic's cache after switching the API on")
    case 200:
      return answer.errorCode == 403
        ? ConnectorFailure(
          .forbidden, "\(place) does not allow \(path)\(said)",
          cure: "Give the API user's role the right to view contacts, own and others'")
        : ConnectorFailure(.badData, "\(place) cannot answer \(path)\(said)", cure: "Look at Mautic's log")
    default:
      return ConnectorFailure(
        .unavailable, "\(place) answered \(path) with status \(answer.status)\(said)",
        cure: "Look at Mautic's log; the next run tries again")
    }
  }

  /// Turns a failure of the way into one of the connection.
  func failure(_ failure: APIFailure) -> ConnectorFailure {
    switch failure.kind {
    case .cancelled: return ConnectorFailure(.cancelled, "\(place): the call was stopped")
    case .unauthorized(let message):
      return ConnectorFailure(
        .forbidden, "\(place) gave no access token: \(sentence(message))",
        cure: "Check clientId and clientSecret, and that the API is on in Mautic")
    case .certificate:
      return ConnectorFailure(
        .unavailable, "\(place): \(failure.what)",
        cure: "The certificate has to be one that this machine trusts, and for this very host")
    case .unreachable:
      return ConnectorFailure(
        .unavailable, "\(place): \(failure.what)",
        cure: "Check url: and whether the server is up; the next run goes on from here")
    case .busy(let status):
      let free = failure.freeAt.map { "; it is free again at \(Timestamp(clamping: $0.rounded(.up)))" } ?? ""
      return ConnectorFailure(
        .unavailable, "\(place): \(failure.what)\(free)",
        cure: status == 429
          ? "Raise the API's rate limit in Mautic, or wait; the next run goes on from here"
          : "The server is busy; the next run goes on from here")
    case .exhausted:
      return ConnectorFailure(
        .unavailable, "\(place): \(failure.what)",
        cure: "Raise the API's rate limit in Mautic, or wait; the next run goes on from here")
    case .badRequest: return ConnectorFailure(.configuration, "\(place): \(failure.what)", cure: "Check url:")
    case .lost, .tooLarge:
      return ConnectorFailure(
        .unavailable, "\(place): \(failure.what)", cure: "The next run goes on from here")
    }
  }

  /// A platform's own words at the end of ours, which get their full stop later.
  private func sentence(_ text: String) -> String {
    let text = plain(text)
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  /// A platform's own words, short, on one line and without secrets.
  func plain(_ text: String) -> String {
    let line = redactor.redact(text).split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count > 200 ? line.prefix(200) + "…" : line
  }
}

import Foundation
import Platform
import Scoring
import Synchronization
import WebAPI

/// A JSON answer, and what its headers say.
struct GetResponseAnswer: Sendable {
  let status: Int
  let json: JSONValue
  /// What `json` was read from.
  let body: [UInt8]
  /// The server's clock; nil if it does not say.
  let serverTime: Timestamp?
  /// How many entries a list has in all; nil if it does not say, as some lists do not.
  let total: Int?

  var isGood: Bool { (200..<300).contains(status) }

  /// What an answer that is no good one says.
  var trouble: GetResponseTrouble { GetResponseTrouble(status: status, json) }

  /// Whether the plan, the rights or the age of an API keep us from it.
  var isRefusal: Bool { [.notAllowed, .notFound].contains(trouble.kind) }
}

/// Calls of one GetResponse account, with failures in the pipeline's words.
final class GetResponseAPI: Sendable {
  let client: APIClient
  private let headers: [WebHeader]
  private let redactor: Redactor
  /// Why no further request is sent: GetResponse has blocked the account, and more of them make it worse.
  private let block = Mutex<ConnectorFailure?>(nil)
  /// How messages call it; whoever shows them says which connection it is.
  let place = "GetResponse"

  init(client: APIClient, headers: [WebHeader] = [], redactor: Redactor = Redactor()) {
    self.client = client
    self.headers = headers
    self.redactor = redactor
  }

  private static let nothing = try? JSONValue.parse(Array("{}".utf8))

  /// Reads; any answer but a good one is a failure.
  func get(_ path: String, _ query: [(String, String)] = []) async throws(ConnectorFailure)
    -> GetResponseAnswer
  {
    let answer = try await answer(to: call(path, query))
    guard answer.isGood else { throw refusal(answer, of: path) }
    return answer
  }

  /// A call that reads.
  func call(_ path: String, _ query: [(String, String)] = []) -> APICall {
    APICall(path: path, query: query, headers: headers, route: GetResponsePaths.route(path))
  }

  /// A call with a body. All that are used may be repeated, as names are unique, but for writes of contacts: their
  /// tags were read before, and others may have changed them since.
  func post(
    _ path: String, _ body: JSONOutput, _ query: [(String, String)] = [],
    priority: RequestDemand.Priority = .writing, isRepeatable: Bool = true
  ) -> APICall {
    APICall(
      method: "POST", path: path, query: query, body: body.bytes, headers: headers,
      isRepeatable: isRepeatable,
      route: GetResponsePaths.route(path), demand: RequestDemand(priority: priority))
  }

  /// Sends a call; wrong credentials, redirects, pages instead of JSON, blocks and failures of the way are
  /// thrown, all else is given.
  func answer(to call: APICall) async throws(ConnectorFailure) -> GetResponseAnswer {
    if let block = block.withLock({ $0 }) { throw block }
    let response: WebResponse
    do throws(APIFailure) {
      response = try await client.send(call)
    } catch {
      throw failure(error)
    }
    return try read(response, of: call.path)
  }

  /// Throws if the server gives a page of a list again instead of the next one.
  func demandNews(_ answer: GetResponseAnswer, of path: String, _ memory: inout PageMemory)
    throws(ConnectorFailure)
  {
    guard !memory.isNew(answer.body) else { return }
    throw ConnectorFailure(
      .badData, "\(place) gives the same entries again when asked for the next page of \(path)",
      cure: "See that no proxy changes addresses with page= in them")
  }

  /// Sends a write; nil if its answer was lost, so that nobody knows what became of it.
  func write(_ call: APICall) async throws(ConnectorFailure) -> GetResponseAnswer? {
    if let block = block.withLock({ $0 }) { throw block }
    let response: WebResponse
    do throws(APIFailure) {
      response = try await client.send(call)
    } catch {
      guard error.mayHaveActed, error.kind != .cancelled else { throw failure(error) }
      return nil
    }
    return try read(response, of: call.path)
  }

  /// Reads an answer whose way was good.
  private func read(_ response: WebResponse, of path: String) throws(ConnectorFailure) -> GetResponseAnswer {
    if (300..<400).contains(response.status) {
      throw ConnectorFailure(
        .configuration,
        "\(place) sends \(path) on to another address: url: is the wrong address for this account",
        cure: "Leave url: out; a MAX account needs the address that its manager names, and domain:")
    }
    // What refuses a request before GetResponse itself sees it may answer with a page; a page in place of
    // anything else comes from a proxy, and must not be taken for what the plan allows.
    let isPlain = response.status >= 500 || response.status == 401 || response.body.isEmpty
    let parsed = try? JSONValue.parse(response.body)
    guard let json = isPlain ? parsed ?? Self.nothing : parsed, isPlain || json.isObject || json.isArray
    else {
      let beginning = plain(String(decoding: response.body.prefix(200), as: UTF8.self))
      throw ConnectorFailure(
        .unavailable,
        "\(place) answered \(path) with status \(response.status) and no JSON: \(beginning)",
        cure: "Check url: and proxies on the way; the next run tries again")
    }
    let answer = GetResponseAnswer(
      status: response.status, json: json, body: response.body,
      serverTime: response.date.map { Timestamp(Int64($0)) },
      total: response.header("TotalCount").flatMap { Int($0) })
    guard !answer.isGood else { return answer }
    switch answer.trouble.kind {
    case .authentication, .headers, .unknownDomain, .limit: throw refusal(answer, of: path)
    case .blocked:
      let failure = refusal(answer, of: path)
      block.withLock { $0 = $0 ?? failure }
      throw failure
    default: return answer
    }
  }

  /// Turns a bad answer into a failure.
  func refusal(_ answer: GetResponseAnswer, of path: String) -> ConnectorFailure {
    let trouble = answer.trouble
    let said = said(trouble)
    switch trouble.kind {
    case .authentication:
      return ConnectorFailure(
        .forbidden, "\(place) refused the credentials\(said)",
        cure:
          "Check auth:. A key that is not used for 90 days ends: make a new one under Integrations and API, API"
      )
    case .headers:
      return ConnectorFailure(
        .configuration, "\(place) refused the headers\(said)",
        cure:
          "Check apiKey:, which stands without the word api-key, and domain: and parentLogin: of a MAX account"
      )
    case .unknownDomain:
      return ConnectorFailure(
        .configuration, "\(place) does not know the domain\(said)",
        cure: "Check domain:, which stands without https://, and url:")
    case .blocked:
      return ConnectorFailure(
        .forbidden, "\(place) has blocked the account or this machine\(said)",
        cure: "Ask GetResponse's support before the next run; nothing more was sent")
    case .notAllowed:
      return ConnectorFailure(
        .forbidden, "\(place) does not allow \(path)\(said)",
        cure: "See whether the account's plan and the user's rights have it")
    case .notFound:
      return ConnectorFailure(
        .configuration, "\(place) does not know \(path)\(said)", cure: "Check url: and, with MAX, domain:")
    case .unknownReference:
      return ConnectorFailure(
        .changedMeanwhile, "\(place) no longer has something that \(path) names\(said)",
        cure: "Somebody may have deleted a list, field or tag; the next run looks anew")
    case .invalid:
      return ConnectorFailure(
        .badData, "\(place) does not understand what was sent to \(path)\(said)",
        cure: "This is a mistake of this program: report it with these words")
    case .forbiddenState, .duplicate, .restricted, .other:
      return ConnectorFailure(
        .badData, "\(place) refused \(path) with status \(answer.status)\(said)",
        cure: "Look the contact, field or plan up in GetResponse")
    case .limit, .server:
      return ConnectorFailure(
        .unavailable, "\(place) answered \(path) with status \(answer.status)\(said)",
        cure: "The next run goes on from here")
    }
  }

  /// GetResponse's own words, its code and what its support asks for.
  func said(_ trouble: GetResponseTrouble) -> String {
    let message = trouble.message.map { ": \(sentence($0))" } ?? ""
    let marks = [trouble.code.map { "code \($0)" }, trouble.uuid.map { "uuid \(plain($0))" }]
      .compactMap(\.self)
    return message + (marks.isEmpty ? "" : " (\(marks.joined(separator: ", ")))")
  }

  /// Turns a failure of the way into one of the connection.
  private func failure(_ failure: APIFailure) -> ConnectorFailure {
    let what = "\(place): \(failure.what)"
    let goesOn = "The next run goes on from here"
    switch failure.kind {
    case .cancelled: return ConnectorFailure(.cancelled, "\(place): the call was stopped")
    case .unauthorized(let message):
      return ConnectorFailure(
        .forbidden, "\(place) gave no access token: \(sentence(message))",
        cure:
          "Check clientId and clientSecret; if the app lost its access, let it in again and configure its new "
          + "refreshToken")
    case .certificate:
      return ConnectorFailure(
        .unavailable, what, cure: "The certificate has to be one that this machine trusts: see network: ca:")
    case .unreachable:
      return ConnectorFailure(.unavailable, what, cure: "Check the network. \(goesOn)")
    case .busy(status: 503):
      return ConnectorFailure(
        .unavailable, "\(what); it may be under maintenance", cure: "Wait until it is over. \(goesOn)")
    case .busy(let status):
      let free = failure.freeAt.map { "; it is free again at \(Timestamp(clamping: $0.rounded(.up)))" } ?? ""
      return ConnectorFailure(
        .unavailable, what + free,
        cure: status == 429
          ? "Other tools use up the account's limits; run at another time. \(goesOn)" : goesOn)
    case .badRequest: return ConnectorFailure(.configuration, what, cure: "Check url:")
    case .exhausted, .lost, .tooLarge: return ConnectorFailure(.unavailable, what, cure: goesOn)
    }
  }

  /// GetResponse's own words at the end of ours, which get their full stop later.
  private func sentence(_ text: String) -> String {
    let text = plain(text)
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  /// GetResponse's own words, short, on one line and without secrets.
  func plain(_ text: String) -> String {
    let line = redactor.redact(text).split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count > 200 ? line.prefix(200) + "…" : line
  }
}

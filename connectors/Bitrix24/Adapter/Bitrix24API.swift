import Foundation
import Platform
import Scoring
import WebAPI

/// Calls of one portal, with failures in the pipeline's words.
struct Bitrix24API: Sendable {
  let client: APIClient
  let pace: CommandPace
  /// Whatever the server says passes through it: a server may repeat what it was sent.
  var redactor = Redactor()
  /// How messages call it; whoever shows them says which connection it is.
  let place = "Bitrix24"
  /// The most commands in one request.
  static let mostCommands = 50
  /// Bitrix24 itself cuts off after a minute.
  private static let timeout = 90.0
  /// How often a batch is sent whose commands met a limit.
  private static let tries = 4

  // MARK: Reading

  /// Sends commands that change nothing. What becomes of each is in the answer; where limits refused some of them,
  /// all are sent again when the limits allow it.
  func read(_ commands: [NamedCommand]) async throws(ConnectorFailure) -> BatchAnswer {
    var answer = try await once(commands)
    for _ in 1..<Self.tries {
      guard commands.contains(where: { answer.isLimited($0) }) else { break }
      answer = try await once(commands)
    }
    return answer
  }

  private func once(_ commands: [NamedCommand]) async throws(ConnectorFailure) -> BatchAnswer {
    let response: WebResponse
    let call = batch(commands, priority: .reading)
    do throws(APIFailure) {
      response = try await send(call)
    } catch {
      throw failure(error)
    }
    return try answer(response, to: commands)
  }

  /// The result of a command that has to be there.
  func needed(_ named: NamedCommand, _ answer: BatchAnswer) throws(ConnectorFailure) -> JSONValue {
    switch answer[named] {
    case .result(let value): return value
    case .trouble(let trouble): throw refusal(trouble, of: named.command.method)
    case .missing:
      throw ConnectorFailure(
        .unavailable, "\(place) left \(named.command.method) of a batch unanswered",
        cure: "The next run tries again")
    }
  }

  // MARK: Batches

  /// Sends a call. A token that ended is renewed once for a call, and where the token that another process got has
  /// ended too, that is once too few.
  func send(_ call: APICall) async throws(APIFailure) -> WebResponse {
    let response = try await client.send(call)
    guard response.status == 401, let json = try? JSONValue.parse(response.body),
      Bitrix24Trouble(status: 401, json).code == "expired_token"
    else { return response }
    return try await client.send(call)
  }

  /// A batch as a call. One that writes is not repeated when its answer is lost: what it says of fields with several
  /// values was read before, and others may have changed them since.
  func batch(_ commands: [NamedCommand], priority: RequestDemand.Priority) -> APICall {
    let list = commands.map { ($0.name, JSONOutput.text($0.command.text)) }
    return APICall(
      method: "POST", path: "/batch",
      body: JSONOutput.object([("halt", .integer(0)), ("cmd", .object(list))]).bytes,
      isRepeatable: priority == .reading,
      demand: demand(commands.map(\.command.method), priority), timeout: Self.timeout)
  }

  /// What commands ask of the limits. Some portals charge the batch itself: by what it works, which differs
  /// between reading and writing, so that its part is counted in hundredths of the seconds that it may take.
  func demand(_ methods: [String], _ priority: RequestDemand.Priority) -> RequestDemand {
    var counts: [String: Int] = [:]
    var seconds = 0.0
    for method in methods {
      counts[method, default: 0] += 1
      seconds += pace.seconds(of: method)
    }
    if seconds >= Bitrix24Limits.free { counts[Bitrix24Limits.batch] = Int((seconds * 100).rounded()) }
    return RequestDemand(methods: counts, priority: priority)
  }

  /// Reads the answer to a batch, and learns from it how long commands take.
  func answer(
    _ response: WebResponse, to commands: [NamedCommand]
  ) throws(ConnectorFailure) -> BatchAnswer {
    let answer = BatchAnswer(try read(response, of: "a batch"))
    var times: [String: (sum: Double, count: Double)] = [:]
    for named in commands {
      guard let seconds = answer.seconds(of: named.name) else { continue }
      times[named.command.method, default: (0, 0)].sum += seconds
      times[named.command.method, default: (0, 0)].count += 1
    }
    for (method, time) in times { pace.note(method, seconds: time.sum / time.count) }
    return answer
  }

  // MARK: Single calls

  /// A call of one method with parameters that a batch cannot express.
  func call(_ method: String, _ parameters: JSONOutput, isRepeatable: Bool) -> APICall {
    APICall(
      method: "POST", path: "/" + method, body: parameters.bytes, isRepeatable: isRepeatable,
      demand: RequestDemand(methods: [method: 1], priority: .writing), timeout: Self.timeout)
  }

  /// Sends a single call; gives the trouble that the portal has with it, and throws all other.
  func change(
    _ method: String, _ parameters: JSONOutput, isRepeatable: Bool
  ) async throws(ConnectorFailure) -> Result<JSONValue, Bitrix24Refusal> {
    let response: WebResponse
    do throws(APIFailure) {
      response = try await send(call(method, parameters, isRepeatable: isRepeatable))
    } catch {
      throw failure(error)
    }
    if response.status == 400 || response.status == 403 || response.status == 404,
      let json = try? JSONValue.parse(response.body), json["error"].isPresent
    {
      return .failure(Bitrix24Refusal(trouble: Bitrix24Trouble(status: response.status, json)))
    }
    return .success(try read(response, of: method)["result"])
  }

  // MARK: Answers

  /// Reads an answer whose way was good.
  func read(_ response: WebResponse, of what: String) throws(ConnectorFailure) -> JSONValue {
    if (300..<400).contains(response.status) {
      throw ConnectorFailure(
        .configuration, "\(place) sends \(what) on to another address",
        cure: "The portal may have been renamed: set webhook: or url: to its new address")
    }
    let json = try? JSONValue.parse(response.body)
    guard response.isSuccess else { throw refusal(Bitrix24Trouble(status: response.status, json), of: what) }
    guard let json, json.isObject else {
      throw ConnectorFailure(
        .unavailable, "\(place) answered \(what) with status \(response.status) and no JSON",
        cure: "Check the address and proxies on the way; the next run tries again")
    }
    return json
  }

  /// Turns trouble into a failure.
  func refusal(_ trouble: Bitrix24Trouble, of what: String) -> ConnectorFailure {
    let code = trouble.code.isEmpty ? "" : " (\(plain(trouble.code)))"
    let said = (trouble.message.map { $0.isEmpty ? "" : ": \(sentence($0))" } ?? "") + code
    switch trouble.kind {
    case .authentication:
      return ConnectorFailure(
        .forbidden, "\(place) refused the credentials\(said)",
        cure: "Check webhook: or auth:; a webhook gets another address when somebody edits it, and may expire"
      )
    case .scope:
      return ConnectorFailure(
        .forbidden, "\(place) does not allow \(what)\(said)",
        cure: "Tick the scope crm of the webhook or application; connectors/Bitrix24/README.md lists them")
    case .rights:
      return ConnectorFailure(
        .forbidden, "\(place) does not allow \(what)\(said)",
        cure: "Let a CRM administrator make the webhook: it has its maker's rights")
    case .plan:
      return ConnectorFailure(
        .forbidden, "\(place) does not allow \(what)\(said)",
        cure: "REST needs a paid plan with a Market subscription")
    case .noMethod:
      return ConnectorFailure(
        .configuration, "\(place) does not know the method of \(what)\(said)",
        cure: "Check the address; this version of Bitrix24 may not have it")
    case .notFound:
      return ConnectorFailure(
        .configuration, "\(place) does not find what \(what) asks for\(said)", cure: "The next run goes on")
    case .validation:
      return ConnectorFailure(
        .badData, "\(place) refused \(what) with status \(trouble.status)\(said)",
        cure: "See in Bitrix24 whether a rule forbids it")
    case .limit:
      return ConnectorFailure(
        .unavailable, "\(place) has no more time for \(what)\(said)",
        cure: "Other tools use up the portal's limits; run at another time. The next run goes on from here")
    case .deleted:
      return ConnectorFailure(
        .configuration, "the portal does not exist any more\(said)", cure: "Check webhook: or url:")
    case .server:
      return ConnectorFailure(
        .unavailable, "\(place) answered \(what) with status \(trouble.status)\(said)",
        cure: "The next run tries again")
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
        cure:
          "Check clientId, clientSecret and oauth:; a refresh token lasts 180 days: after that, or if the "
          + "application was removed, authorise it anew and configure its new refreshToken")
    case .certificate:
      return ConnectorFailure(
        .unavailable, what, cure: "The certificate has to be one that this machine trusts: see network: ca:")
    case .unreachable:
      return ConnectorFailure(.unavailable, what, cure: "Check the network. \(goesOn)")
    case .busy(let status):
      let free = failure.freeAt.map { "; it is free again at \(Timestamp(clamping: $0.rounded(.up)))" } ?? ""
      return ConnectorFailure(
        .unavailable, what + free,
        cure: status == 503
          ? "Other tools may use up the portal's limits; a portal that says OVERLOAD_LIMIT was blocked by hand: "
            + "ask Bitrix24's support. \(goesOn)"
          : "Other tools use up the portal's working time; run at another time. \(goesOn)")
    case .exhausted:
      return ConnectorFailure(.unavailable, what, cure: goesOn)
    case .badRequest: return ConnectorFailure(.configuration, what, cure: "Check webhook: or url:")
    case .lost, .tooLarge: return ConnectorFailure(.unavailable, what, cure: goesOn)
    }
  }

  /// Bitrix24's own words at the end of ours, which get their full stop later.
  private func sentence(_ text: String) -> String {
    let text = plain(text)
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  /// Bitrix24's own words, short, on one line and without secrets.
  func plain(_ text: String) -> String {
    let line = redactor.redact(text).split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count > 200 ? line.prefix(200) + "…" : line
  }
}

/// A refusal of one call by the portal.
struct Bitrix24Refusal: Error, Hashable, Sendable {
  let trouble: Bitrix24Trouble
}

extension BatchAnswer {
  /// Whether a limit refused a command.
  func isLimited(_ named: NamedCommand) -> Bool {
    if case .trouble(let trouble) = self[named] { return trouble.kind == .limit }
    return false
  }
}

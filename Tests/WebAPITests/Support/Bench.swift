import WebAPI

/// A client with a scripted transport and a virtual clock around it.
struct Bench {
  let transport: ScriptedTransport
  let clock: VirtualClock
  let client: APIClient

  init(
    _ transport: ScriptedTransport, clock: VirtualClock = VirtualClock(),
    authorization: any Authorization = NoAuthorization(), policy: RetryPolicy = .standard,
    governor: Governor = Governor([RateLimit("in flight", .inFlight(4))]), rename: RenameRule? = nil,
    redactor: Redactor = Redactor(), observer: (any WebObserver)? = nil,
    chance: @escaping @Sendable () -> Double = { 0.5 }
  ) {
    self.transport = transport
    self.clock = clock
    client = APIClient(
      base: "https://crm.example.test", authorization: authorization, policy: policy, governor: governor,
      rename: rename, redactor: redactor,
      surroundings: WebSurroundings(
        transport: transport, clock: clock, random: chance, observer: observer))
  }

  init(_ outcomes: [ScriptedTransport.Outcome], policy: RetryPolicy = .standard) {
    self.init(ScriptedTransport(outcomes), policy: policy)
  }

  /// The failure of a call that must fail; nil if it did not.
  func failure(of call: APICall) async -> APIFailure? {
    do throws(APIFailure) {
      _ = try await client.send(call)
      return nil
    } catch {
      return error
    }
  }
}

extension APICall {
  static let read = APICall(path: "/api/contacts")
  static let create = APICall(method: "POST", path: "/api/contacts/new")
  static let update = APICall(method: "PATCH", path: "/api/contacts/1/edit", isRepeatable: true)
}

extension Governor {
  /// One request after the other.
  static var oneAtATime: Governor { Governor([RateLimit("in flight", .inFlight(1))]) }
}

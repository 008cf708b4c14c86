import WebAPI

/// Writes values to contacts and does not rest before each of them is known to be there.
///
/// Whatever may have been done is read back, and written again only if it is not there.
public struct LossTrial: Sendable {
  /// How contacts are written.
  public enum Way: Sendable {
    /// By PUT, which the client repeats itself.
    case repeatable
    /// By POST, which it must not.
    case once
  }

  /// What it took.
  public struct Outcome: Hashable, Sendable {
    /// Calls that wrote, each of them with its repetitions.
    public var writes = 0
    /// Of these, how many came back as perhaps done.
    public var unknown = 0
    /// Of these, how many came back as refused for now.
    public var notDone = 0
    /// Of these, how many came back as never having reached the server.
    public var neverSent = 0
    /// How many were found done when they were looked for.
    public var foundDone = 0
    /// How many were not found then.
    public var foundMissing = 0
    /// Calls that read a contact back.
    public var readings = 0
    /// How many of them failed.
    public var failedReadings = 0
    /// Contacts that were given up.
    public var givenUp = 0
    /// The words of the first failure of a write.
    public var firstFailure: String?
    /// The words of the first failure of a write that no repetition helps.
    public var refusal: String?

    /// Nothing yet.
    public init() {}

    mutating func add(_ other: Outcome) {
      writes += other.writes
      unknown += other.unknown
      notDone += other.notDone
      neverSent += other.neverSent
      foundDone += other.foundDone
      foundMissing += other.foundMissing
      readings += other.readings
      failedReadings += other.failedReadings
      givenUp += other.givenUp
      firstFailure = firstFailure ?? other.firstFailure
      refusal = refusal ?? other.refusal
    }
  }

  /// More rounds than any contact needs unless something is broken.
  private static let mostRounds = 40

  private let client: APIClient
  private let way: Way

  /// A trial with a client that somebody else closes.
  public init(_ client: APIClient, _ way: Way) {
    self.client = client
    self.way = way
  }

  /// Writes all contacts, so many at a time.
  ///
  /// - Parameters:
  ///   - isDoubtful: whether a contact may have been written already, by somebody who did not see the answer.
  ///   - before: called before a contact is written.
  ///   - after: called when a contact is known to hold its value.
  public func run(
    _ wanted: [(contact: Int, value: Int)], together: Int = 1,
    isDoubtful: @escaping @Sendable (Int) -> Bool = { _ in false },
    before: @escaping @Sendable (Int, Int) -> Void = { _, _ in },
    after: @escaping @Sendable (Int) -> Void = { _ in }
  ) async -> Outcome {
    await withTaskGroup(of: Outcome.self) { group in
      for first in 0..<together {
        group.addTask {
          var outcome = Outcome()
          for index in stride(from: first, to: wanted.count, by: together) {
            let (contact, value) = wanted[index]
            let mustLook = isDoubtful(contact)
            if !mustLook { before(contact, value) }
            if await settle(contact, value, mustLook, &outcome) { after(contact) }
          }
          return outcome
        }
      }
      return await group.reduce(into: Outcome()) { $0.add($1) }
    }
  }

  /// True when the contact is known to hold the value.
  private func settle(_ contact: Int, _ value: Int, _ isDoubtful: Bool, _ outcome: inout Outcome) async
    -> Bool
  {
    var mustLook = isDoubtful
    for _ in 1...Self.mostRounds {
      if mustLook {
        guard let held = await read(contact, &outcome) else { continue }
        if held == value {
          outcome.foundDone += 1
          return true
        }
        outcome.foundMissing += 1
        mustLook = false
      }
      guard let standing = await write(contact, value, &outcome) else { return true }
      if standing == .refusedForGood { break }
      mustLook = standing == .unknown
    }
    outcome.givenUp += 1
    return false
  }

  /// Writes once; nil when the answer says that it is done.
  private func write(_ contact: Int, _ value: Int, _ outcome: inout Outcome) async -> APIFailure.Standing? {
    outcome.writes += 1
    let call = APICall.write(value, to: contact, way)
    do throws(APIFailure) {
      let response = try await client.send(call)
      if response.isSuccess { return nil }
      outcome.refusal = outcome.refusal ?? "\(call.method) was answered by \(response.status)"
      return .refusedForGood
    } catch {
      outcome.firstFailure = outcome.firstFailure ?? error.what
      switch error.standing {
      case .unknown: outcome.unknown += 1
      case .neverSent: outcome.neverSent += 1
      case .tryLater: outcome.notDone += 1
      case .refusedForGood: outcome.refusal = outcome.refusal ?? error.what
      }
      return error.standing
    }
  }

  /// What a contact holds, which may be nothing; nil when that cannot be had now.
  private func read(_ contact: Int, _ outcome: inout Outcome) async -> Int?? {
    outcome.readings += 1
    do {
      let response = try await client.send(.contact(contact))
      return .some(try JSONValue.parse(response.body)["score"].integer)
    } catch {
      outcome.failedReadings += 1
      return nil
    }
  }
}

extension APICall {
  /// Gives a contact of the server's a value.
  public static func write(_ value: Int, to contact: Int, _ way: LossTrial.Way) -> APICall {
    let body = JSONOutput.object([("score", .integer(value))]).bytes
    return switch way {
    case .repeatable:
      APICall(method: "PUT", path: "/contacts/\(contact)", body: body, isRepeatable: true)
    case .once: APICall(method: "POST", path: "/contacts/\(contact)/scores", body: body)
    }
  }

  /// Reads a contact of the server's.
  public static func contact(_ contact: Int) -> APICall { APICall(path: "/contacts/\(contact)") }
}

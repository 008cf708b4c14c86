import Curl

/// Everything that a server was ever told about its contacts, in order.
public final class Ledger: Sendable {
  /// How the contacts stand against what they should hold.
  public struct Audit: Hashable, Sendable {
    /// Contacts that do not hold their value.
    public var missing = 0
    /// Contacts that were given two different values at some time.
    public var contradicted = 0
    /// Contacts that were given the same value more than once.
    public var repeated = 0
    /// How often a value was taken in all.
    public var writes = 0
  }

  private struct Contact {
    var values: [Int] = []
    /// A write that is done after the next request.
    var late: Int?
    var requests = 0
  }

  private let contacts = Guarded<[Int: Contact]>([:])

  /// Makes an empty ledger.
  public init() {}

  /// Counts a request about a contact and says which one it is, from 1.
  func count(_ contact: Int) -> Int {
    contacts.withLock { contacts in
      contacts[contact, default: Contact()].requests += 1
      return contacts[contact]?.requests ?? 1
    }
  }

  func write(_ value: Int, to contact: Int) {
    contacts.withLock { $0[contact, default: Contact()].values.append(value) }
  }

  /// Keeps a write back until `settle`.
  func writeLate(_ value: Int, to contact: Int) {
    contacts.withLock { $0[contact, default: Contact()].late = value }
  }

  /// Does what was kept back.
  func settle(_ contact: Int) {
    contacts.withLock { contacts in
      guard let late = contacts[contact]?.late else { return }
      contacts[contact]?.late = nil
      contacts[contact]?.values.append(late)
    }
  }

  /// The value that a contact holds; nil if it was never given one.
  public func value(of contact: Int) -> Int? {
    contacts.withLock { $0[contact]?.values.last }
  }

  /// Every value that a contact was given, in order.
  public func values(of contact: Int) -> [Int] {
    contacts.withLock { $0[contact]?.values ?? [] }
  }

  /// Does all that is late, and compares every contact with the value that it should hold.
  public func audit(_ wanted: [Int: Int]) -> Audit {
    var audit = Audit()
    for (contact, value) in wanted {
      settle(contact)
      let values = values(of: contact)
      if values.last != value { audit.missing += 1 }
      if Set(values).count > 1 { audit.contradicted += 1 }
      if values.count > Set(values).count { audit.repeated += 1 }
      audit.writes += values.count
    }
    return audit
  }
}

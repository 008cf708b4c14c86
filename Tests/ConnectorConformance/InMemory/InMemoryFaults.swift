import Platform

/// One call of the protocol.
public enum InMemoryCall: Hashable, Sendable {
  /// `streams`
  case streams
  /// `page` of this stream
  case page(String)
  /// `current`
  case current
  /// `prepare`
  case prepare
  /// `write`
  case write
  /// `commit`
  case commit
  /// `createTask`
  case createTask
  /// `check`
  case check
}

/// A task that was made about a contact.
public struct InMemoryTask: Equatable, Sendable {
  /// The contact's id.
  public let contact: String
  /// What is to be done.
  public let task: HandoffTask
}

/// A request that may change something on the platform.
public enum InMemoryRequest: Equatable, Sendable {
  /// Fields and tags were asked for.
  case prepare(WriteLayout)
  /// Contacts were written or staged.
  case write([ContactWrite])
  /// Staged writes were made visible.
  case commit
}

/// Something that goes wrong when it is asked for.
public enum InMemoryFault: Hashable, Sendable {
  /// A write of the contact is answered so, and nothing is written.
  case outcome(ContactID, WriteOutcome)
  /// The answer to a write of the contact is lost, after it was written or before.
  case lostAnswer(ContactID, written: Bool)
  /// A call fails as a whole, after it did its work or before; nil stands for any call.
  case failure(InMemoryCall?, ConnectorFailure, acted: Bool)
  /// A page of the stream carries a record that cannot be used.
  case rejected(StreamName, RejectedRecord)
}

/// The faults to come, each so many times after so many chances were let pass.
struct FaultScript: Sendable {
  private struct Entry: Sendable {
    let fault: InMemoryFault
    var skipping: Int
    var times: Int?
  }

  private var entries: [Entry] = []

  mutating func add(_ fault: InMemoryFault, skipping: Int, times: Int?) {
    entries.append(Entry(fault: fault, skipping: skipping, times: times))
  }

  mutating func calm() {
    entries = []
  }

  /// The failure of a call that is due before the call acts or after it.
  mutating func failure(of call: InMemoryCall, acted: Bool) -> ConnectorFailure? {
    for index in entries.indices {
      guard case .failure(let which, let failure, acted) = entries[index].fault, which ?? call == call,
        take(index)
      else { continue }
      drop()
      return failure
    }
    return nil
  }

  /// What happens to a write of this contact.
  mutating func fault(of contact: ContactID) -> InMemoryFault? {
    for index in entries.indices {
      switch entries[index].fault {
      case .outcome(contact, _), .lostAnswer(contact, _):
        let fault = entries[index].fault
        guard take(index) else { continue }
        drop()
        return fault
      default: continue
      }
    }
    return nil
  }

  /// The unusable records of a page.
  mutating func rejected(of stream: StreamName) -> [RejectedRecord] {
    var result: [RejectedRecord] = []
    for index in entries.indices {
      if case .rejected(stream, let record) = entries[index].fault, take(index) { result.append(record) }
    }
    drop()
    return result
  }

  /// Counts a chance; true if the fault happens at it.
  private mutating func take(_ index: Int) -> Bool {
    if entries[index].skipping > 0 {
      entries[index].skipping -= 1
      return false
    }
    if let times = entries[index].times {
      guard times > 0 else { return false }
      entries[index].times = times - 1
    }
    return true
  }

  private mutating func drop() {
    entries.removeAll { $0.times == 0 }
  }
}

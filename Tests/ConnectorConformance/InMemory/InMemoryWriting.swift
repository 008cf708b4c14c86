import Platform

extension InMemoryState {
  /// Notes what a caller did against the contract.
  mutating func violation(_ text: String) -> ConnectorFailure {
    violations.append(text)
    return ConnectorFailure(.configuration, "Against the contract: \(text)")
  }

  /// Looks at a batch before anything is done.
  mutating func inspect(_ batch: [ContactWrite], last: ContactID?) throws(ConnectorFailure) {
    let can = options.capabilities
    guard can.canWrite else { throw violation("there is nowhere to write to") }
    guard isPrepared else { throw violation("a write came before prepare") }
    guard batch.count <= can.batchSize else { throw violation("\(batch.count) contacts in one batch") }
    guard Set(batch.map(\.contact)).count == batch.count else {
      throw violation("a contact twice in a batch")
    }
    if can.wantsWritesInOrder {
      var last = last
      for write in batch {
        if let last, write.contact <= last { throw violation("\(write.contact) was written after \(last)") }
        last = write.contact
      }
    }
    for write in batch {
      let foreign = (write.addTags + write.removeTags).filter { !layout.ownedTags.contains($0) }
      guard can.canClearScore || !write.clearsScore else {
        throw violation("the score of \(write.contact) was to be cleared")
      }
      guard foreign.isEmpty else { throw violation("the tags \(foreign) of \(write.contact) are not owned") }
    }
  }

  /// Writes or stages one contact, or lets the scripted fault happen.
  mutating func write(_ write: ContactWrite, staged: inout [ContactWrite]) -> WriteOutcome {
    let fault = script.fault(of: write.contact)
    if case .outcome(_, let outcome) = fault { return outcome }
    switch current(write.contact) {
    case .gone: return .gone
    case .moved(let winner): return .moved(to: winner)
    case .present: break
    }
    if case .lostAnswer(_, false) = fault { return .unknown }
    var outcome = WriteOutcome.staged
    if options.isStaged {
      staged.removeAll { $0.contact == write.contact }
      staged.append(write)
    } else {
      outcome = .written(version: apply(write))
    }
    if case .lostAnswer = fault { return .unknown }
    return outcome
  }
}

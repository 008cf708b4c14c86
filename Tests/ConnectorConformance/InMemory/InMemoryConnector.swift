import Platform
import Scoring
import Synchronization

/// A platform in memory and a connection to it.
///
/// Tests edit the platform behind the connection's back, script its faults and look at what it holds:
/// ```swift
/// let connector = InMemoryConnector(.web)
/// connector.edit { $0.contacts["1"] = InMemoryContact("ann@example.com", fields: ["job_title": "CTO"]) }
/// connector.refuse("1", "is archived")
/// connector.held("1")?.score
/// ```
/// `reopened()` gives a connection of another process to the same platform.
public final class InMemoryConnector: Connector {
  /// Called before every call acts, outside of all locks, so that it may edit the platform.
  public typealias Hook = @Sendable (InMemoryConnector, InMemoryCall) -> Void

  private final class Account: Sendable {
    let state: Mutex<InMemoryState>
    let hook = Mutex<Hook?>(nil)

    init(_ options: InMemoryOptions) {
      state = Mutex(InMemoryState(options: options))
    }
  }

  /// What one process knows: it is lost when the process ends.
  private struct Process: Sendable {
    var staged: [ContactWrite] = []
    var lastWritten: ContactID?
    /// What was held when this process last knew all of it.
    var knownHoldings: Int64?
  }

  private let account: Account
  private let process = Mutex(Process())

  /// A new and empty platform.
  public init(_ options: InMemoryOptions = .web) {
    account = Account(options)
  }

  private init(account: Account) {
    self.account = account
  }

  /// A connection of another process to the same platform; what was staged is not in it.
  public func reopened() -> InMemoryConnector { InMemoryConnector(account: account) }

  private init(_ state: InMemoryState) {
    account = Account(state.options)
    account.state.withLock { $0 = state }
  }

  /// Another platform that is as this one is now, and a new process's connection to it.
  public func copied() -> InMemoryConnector { InMemoryConnector(account.state.withLock { $0 }) }

  // MARK: For tests

  /// Edits the platform behind the connection's back.
  public func edit(_ change: (inout InMemoryContent) -> Void) {
    account.state.withLock { $0.edit(change) }
  }

  /// Everything that stands on the platform.
  public var content: InMemoryContent { account.state.withLock { $0.content } }

  /// What the platform holds of ours for a contact; nil if there is no such contact.
  public func held(_ contact: String) -> HeldState? { account.state.withLock { $0.held(contact) } }

  /// Where the platform keeps what is ours; `prepare` sets it.
  public var layout: WriteLayout {
    get { account.state.withLock { $0.layout } }
    set { account.state.withLock { $0.layout = newValue } }
  }

  /// What the platform is like; may be changed at any time.
  public var options: InMemoryOptions {
    get { account.state.withLock { $0.options } }
    set { account.state.withLock { $0.options = newValue } }
  }

  /// Every request that could have changed something, also those that failed.
  public var requests: [InMemoryRequest] { account.state.withLock { $0.requests } }

  /// Every contact state that was asked to be written, in order.
  public var writes: [ContactWrite] {
    requests.flatMap { request -> [ContactWrite] in
      if case .write(let batch) = request { return batch }
      return []
    }
  }

  /// Every task that was made.
  public var tasks: [InMemoryTask] { account.state.withLock { $0.tasks } }

  /// Every call, also those that only read.
  public var calls: [InMemoryCall] { account.state.withLock { $0.calls } }

  /// What the caller did against the contract: too large a batch, a contact twice, a tag that is not owned.
  public var violations: [String] { account.state.withLock { $0.violations } }

  /// Scripts a fault: it happens so many times (nil: until `calm`) after so many chances were let pass.
  public func script(_ fault: InMemoryFault, skipping: Int = 0, times: Int? = 1) {
    account.state.withLock { $0.script.add(fault, skipping: skipping, times: times) }
  }

  /// Refuses the next writes of a contact; nil until `calm`.
  public func refuse(_ contact: String, _ reason: String, times: Int? = 1) {
    script(.outcome(ContactID(contact), .refused(reason: reason)), times: times)
  }

  /// Loses the answer to the next write of a contact.
  public func loseAnswer(_ contact: String, written: Bool, times: Int? = 1) {
    script(.lostAnswer(ContactID(contact), written: written), times: times)
  }

  /// Lets a call fail as a whole, before it acts or after; nil stands for any call.
  public func fail(
    _ call: InMemoryCall?, _ failure: ConnectorFailure = InMemoryConnector.outage, acted: Bool = false,
    skipping: Int = 0, times: Int? = 1
  ) {
    script(.failure(call, failure, acted: acted), skipping: skipping, times: times)
  }

  /// Forgets all scripted faults.
  public func calm() {
    account.state.withLock { $0.script.calm() }
  }

  /// Sets what happens before every call; nil for nothing.
  public func beforeEachCall(_ hook: Hook?) {
    account.hook.withLock { $0 = hook }
  }

  /// The platform does not answer.
  public static let outage = ConnectorFailure(
    .unavailable, "The platform in memory does not answer", cure: "Try again later")

  // MARK: Connector

  /// As it stands in the options.
  public var platform: String { options.platform }

  /// As they stand in the options.
  public var capabilities: ConnectorCapabilities { options.capabilities }

  /// Contacts, activities and outcomes; what is held, if contacts don't carry it.
  public func streams() async throws(ConnectorFailure) -> [StreamDescription] {
    try call(.streams) { state, _ in state.streams }
  }

  /// The next page.
  public func page(
    of stream: StreamName, after cursor: Cursor?, window: PullWindow
  ) async throws(ConnectorFailure) -> Page {
    try call(.page(stream.text)) { (state, process) throws(ConnectorFailure) in
      var page = try state.page(of: stream, after: cursor, window: window)
      page.rejected = state.script.rejected(of: stream)
      page.recordsRead += page.rejected.count
      if stream == InMemoryState.holdings, !page.hasMore,
        let place = try? InMemoryCursor(page.cursor), place.generation == state.holdingsGeneration
      {
        process.knownHoldings = place.generation
      }
      return page
    }
  }

  /// What is held now.
  public func current(
    _ contacts: [ContactID]
  ) async throws(ConnectorFailure) -> [ContactID: CurrentState] {
    try call(.current) { (state, _) throws(ConnectorFailure) in
      if contacts.count > state.options.capabilities.readBackSize {
        throw state.violation("\(contacts.count) contacts were read back at once")
      }
      return Dictionary(contacts.map { ($0, state.current($0)) }, uniquingKeysWith: { first, _ in first })
    }
  }

  /// Remembers the layout and begins a new pass of writes.
  public func prepare(_ layout: WriteLayout) async throws(ConnectorFailure) {
    try call(.prepare, request: .prepare(layout)) { state, process in
      state.layout = layout
      state.isPrepared = true
      process.staged = []
      process.lastWritten = nil
    }
  }

  /// Writes or stages a batch.
  public func write(_ batch: [ContactWrite]) async throws(ConnectorFailure) -> [WriteOutcome] {
    try call(.write, request: .write(batch)) { (state, process) throws(ConnectorFailure) in
      try state.inspect(batch, last: process.lastWritten)
      process.lastWritten = batch.last?.contact ?? process.lastWritten
      return batch.map { write in
        let isKnown = process.knownHoldings == state.holdingsGeneration
        let outcome = state.write(write, staged: &process.staged)
        if isKnown { process.knownHoldings = state.holdingsGeneration }
        return outcome
      }
    }
  }

  /// Makes what is staged visible; the cursor stands behind our own writes, if nobody else wrote meanwhile.
  public func commit() async throws(ConnectorFailure) -> [StreamName: Cursor] {
    try call(.commit, request: .commit) { state, process in
      let isKnown = process.knownHoldings == state.holdingsGeneration
      for write in process.staged { _ = state.apply(write) }
      process.staged = []
      process.lastWritten = nil
      guard state.options.style == .fullListing, isKnown else { return [:] }
      process.knownHoldings = state.holdingsGeneration
      let place = InMemoryCursor(
        reading: 0, isContinuation: false, generation: state.holdingsGeneration, isDone: true)
      return [InMemoryState.holdings: place.cursor]
    }
  }

  /// Makes a task unless there is one of the key.
  public func createTask(_ task: HandoffTask, for contact: ContactID) async throws(ConnectorFailure) {
    try call(.createTask) { state, _ in
      if !state.tasks.contains(where: { $0.task.key == task.key }) {
        state.tasks.append(InMemoryTask(contact: contact.text, task: task))
      }
    }
  }

  /// Says that all is well, or what was scripted.
  public func check(now: Timestamp) async -> [Finding] {
    do {
      try call(.check) { _, _ in }
      return [Finding(.fine, "The platform in memory answers")]
    } catch {
      return [Finding(error)]
    }
  }

  /// Logs a call, runs the hook, and lets the scripted failures happen before the body or after it.
  private func call<Result: Sendable>(
    _ call: InMemoryCall, request: InMemoryRequest? = nil,
    _ body: (inout InMemoryState, inout Process) throws(ConnectorFailure) -> Result
  ) throws(ConnectorFailure) -> Result {
    account.hook.withLock { $0 }?(self, call)
    return try process.withLock { (process) throws(ConnectorFailure) in
      try account.state.withLock { (state) throws(ConnectorFailure) in
        state.calls.append(call)
        if let request { state.requests.append(request) }
        if let failure = state.script.failure(of: call, acted: false) { throw failure }
        let result = try body(&state, &process)
        if let failure = state.script.failure(of: call, acted: true) { throw failure }
        return result
      }
    }
  }
}

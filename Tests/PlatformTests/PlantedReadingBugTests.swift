import ConnectorConformance
import Platform
import Scoring
import Synchronization
import Testing

@Suite("The suite finds what a connector reads wrongly")
struct PlantedReadingBugTests {
  /// Loses the first contact of the first page after a restart.
  private final class ForgetsARow: Tampering {
    let inner: InMemoryConnector
    private let hasRead = Mutex(false)

    init(inner: InMemoryConnector) { self.inner = inner }

    func page(
      of stream: StreamName, after cursor: Cursor?, window: PullWindow
    ) async throws(ConnectorFailure) -> Page {
      var page = try await inner.page(of: stream, after: cursor, window: window)
      let isRestart = hasRead.withLock { hasRead in
        defer { hasRead = true }
        return !hasRead && cursor != nil
      }
      if isRestart, page.hasMore { page.contacts = Array(page.contacts.dropFirst()) }
      return page
    }
  }

  @Test("A row that is forgotten when a new instance goes on")
  func forgottenRow() async throws {
    let broken = try await brokenClauses { ForgetsARow(inner: $0) }
    #expect(broken.contains(.resumes))
    #expect(!broken.contains(.readsEverything))
  }

  /// Gives no contact twice, although it changed in between.
  private final class GivesNothingTwice: Tampering {
    let inner: InMemoryConnector
    private let given = Mutex<Set<ContactID>>([])

    init(inner: InMemoryConnector) { self.inner = inner }

    func page(
      of stream: StreamName, after cursor: Cursor?, window: PullWindow
    ) async throws(ConnectorFailure) -> Page {
      var page = try await inner.page(of: stream, after: cursor, window: window)
      page.contacts = given.withLock { given in
        page.contacts.filter { given.insert($0.id).inserted }
      }
      return page
    }
  }

  @Test("A change between two pages that is taken for one given already")
  func missedChange() async throws {
    let broken = try await brokenClauses { GivesNothingTwice(inner: $0) }
    #expect(broken == [.missesNoChange, .repeatsPages])
  }

  private struct AltersPages: Tampering {
    let inner: InMemoryConnector
    let alter: @Sendable (StreamName, Cursor?, inout Page) -> Void

    func page(
      of stream: StreamName, after cursor: Cursor?, window: PullWindow
    ) async throws(ConnectorFailure) -> Page {
      var page = try await inner.page(of: stream, after: cursor, window: window)
      alter(stream, cursor, &page)
      return page
    }
  }

  @Test("An address that is lost")
  func lostAddress() async throws {
    let broken = try await brokenClauses { inner in
      AltersPages(inner: inner) { _, _, page in
        for index in page.contacts.indices { page.contacts[index].emails = [] }
      }
    }
    #expect(broken == [.readsEverything])
  }

  @Test("A second reading that is always empty")
  func emptySecondReading() async throws {
    let broken = try await brokenClauses { inner in
      AltersPages(inner: inner) { _, _, page in
        if page.reading.isContinuation { (page.contacts, page.activities) = ([], []) }
      }
    }
    #expect(broken.isSuperset(of: [.seesChanges, .missesNoChange, .resumes]))
    #expect(!broken.contains(.readsEverything))
  }

  @Test("Removals that are swallowed")
  func swallowedRemoval() async throws {
    let broken = try await brokenClauses { inner in
      AltersPages(inner: inner) { _, _, page in page.removals = [] }
    }
    #expect(broken == [.seesRemovals])
  }

  @Test("Merges that are swallowed")
  func swallowedMerge() async throws {
    let broken = try await brokenClauses { inner in
      AltersPages(inner: inner) { _, _, page in page.merges = [] }
    }
    #expect(broken == [.seesMerges])
  }

  @Test("A complete listing that never says that it is done")
  func endlessListing() async throws {
    let broken = try await brokenClauses(InMemoryConformanceTests.file) { inner in
      AltersPages(inner: inner) { _, _, page in
        if page.listing == .everythingAndDone { page.listing = .everything }
      }
    }
    #expect(broken == [.endsListings, .seesRemovals])
  }

  @Test("A listing from the start that says it goes on behind the last one")
  func falseContinuation() async throws {
    var options = InMemoryConformanceTests.file
    options.skipsUnchangedListings = false
    let broken = try await brokenClauses(options) { RereadsAsContinuation(inner: $0) }
    #expect(broken.isSuperset(of: [.bringsNothingTwice, .countsAlike]))
  }

  /// Reads activities from the start every time, and calls them further ones.
  private struct RereadsAsContinuation: Tampering {
    let inner: InMemoryConnector

    func page(
      of stream: StreamName, after cursor: Cursor?, window: PullWindow
    ) async throws(ConnectorFailure) -> Page {
      let isActivities = stream == StreamName("activities")
      let wasDone = cursor?.text.split(separator: "|").dropFirst(2).first == "1"
      let start = isActivities && wasDone ? nil : cursor
      var page = try await inner.page(of: stream, after: start, window: window)
      if isActivities, cursor != nil {
        page.reading = Reading(number: page.reading.number, isContinuation: true)
      }
      return page
    }
  }

  @Test("Our own score that is given as a field of the contact")
  func scoreAsField() async throws {
    let broken = try await brokenClauses { inner in
      AltersPages(inner: inner) { _, _, page in
        for index in page.contacts.indices {
          guard let score = page.contacts[index].held?.score else { continue }
          page.contacts[index].fields.append(ContactField("lead_score", "\(score)"))
        }
      }
    }
    #expect(broken == [.knowsOwnWrites, .leavesOthers])
  }

  @Test("Identities that depend on the reading")
  func unstableIdentities() async throws {
    let broken = try await brokenClauses { inner in
      AltersPages(inner: inner) { _, _, page in
        for (index, activity) in zip(page.activities.indices, page.activities) {
          guard case .id(let id) = activity.identity else { continue }
          page.activities[index].identity = .id("\(id)-\(page.reading.number)")
        }
      }
    }
    #expect(broken.contains(.bringsNothingTwice))
    #expect(!broken.contains(.readsEverything))
  }

  @Test("A page that is dropped because of one bad record")
  func droppedPage() async throws {
    let broken = try await brokenClauses { inner in
      AltersPages(inner: inner) { _, _, page in if !page.rejected.isEmpty { page.contacts = [] } }
    }
    #expect(broken == [.reportsUnusable])
  }

  /// Asks for everything, whatever the window is.
  private struct IgnoresTheWindow: Tampering {
    let inner: InMemoryConnector

    func page(
      of stream: StreamName, after cursor: Cursor?, window: PullWindow
    ) async throws(ConnectorFailure) -> Page {
      let wide = PullWindow(since: Timestamp(0), now: window.now)
      return try await inner.page(of: stream, after: cursor, window: wide)
    }
  }

  @Test("Activities from before the window")
  func oldActivities() async throws {
    #expect(try await brokenClauses { IgnoresTheWindow(inner: $0) } == [.leavesOutOld])
  }

  /// Takes an outage for the end of the stream.
  private struct SwallowsOutages: Tampering {
    let inner: InMemoryConnector

    func page(
      of stream: StreamName, after cursor: Cursor?, window: PullWindow
    ) async throws(ConnectorFailure) -> Page {
      do {
        return try await inner.page(of: stream, after: cursor, window: window)
      } catch {
        guard let cursor, error.kind == .unavailable else { throw error }
        return Page(reading: Reading(number: 1, isContinuation: true), cursor: cursor, hasMore: false)
      }
    }
  }

  @Test("An outage that passes for the end of the stream")
  func swallowedOutage() async throws {
    #expect(try await brokenClauses { SwallowsOutages(inner: $0) } == [.survivesOutages])
  }

  /// Leaves contacts that are gone out of what is read back.
  private struct LeavesOutGone: Tampering {
    let inner: InMemoryConnector

    func current(
      _ contacts: [ContactID]
    ) async throws(ConnectorFailure) -> [ContactID: CurrentState] {
      try await inner.current(contacts).filter { $0.value != .gone }
    }
  }

  @Test("A contact that has no answer when it is read back")
  func missingAnswer() async throws {
    #expect(try await brokenClauses { LeavesOutGone(inner: $0) } == [.answersEveryID])
  }

  /// Tries out whether it may write.
  private struct ChecksByWriting: Tampering {
    let inner: InMemoryConnector

    func check(now: Timestamp) async -> [Finding] {
      try? await inner.prepare(.standard)
      return await inner.check(now: now)
    }
  }

  @Test("A check that creates fields")
  func writingCheck() async throws {
    #expect(try await brokenClauses { ChecksByWriting(inner: $0) } == [.readingChangesNothing])
  }

  private struct FindsFault: Tampering {
    let inner: InMemoryConnector
    func check(now: Timestamp) async -> [Finding] { [Finding(.error, "A right is missing", cure: "Ask")] }
  }

  @Test("A check that finds fault with a healthy account")
  func falseFinding() async throws {
    #expect(try await brokenClauses { FindsFault(inner: $0) } == [.findsAreFine])
  }

  private struct HasNoBatchSize: Tampering {
    let inner: InMemoryConnector
    var capabilities: ConnectorCapabilities { ConnectorCapabilities(batchSize: 0, readBackSize: 100) }
  }

  @Test("A batch size of zero")
  func noBatchSize() async throws {
    #expect(try await brokenClauses { HasNoBatchSize(inner: $0) }.contains(.declaresItself))
  }
}

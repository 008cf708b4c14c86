import ConnectorConformance
import Platform
import Testing

@Suite("The platform in memory keeps the contract")
struct InMemoryConformanceTests {
  static let web = options(.changeFeed)
  static let file = options(.fullListing, inOrder: true, isStaged: true)

  static func options(
    _ style: InMemoryOptions.Style, batchSize: Int = 100, storesZero: Bool = true, inOrder: Bool = false,
    isStaged: Bool = false, canWrite: Bool = true
  ) -> InMemoryOptions {
    InMemoryOptions(
      style, pageSize: 2,
      capabilities: ConnectorCapabilities(
        batchSize: batchSize, readBackSize: batchSize, storesZero: storesZero, hasNativeScore: true,
        wantsWritesInOrder: inOrder, canWrite: canWrite, canClearScore: true),
      isStaged: isStaged)
  }

  private static let native = WriteLayout(
    fields: WrittenFields(score: .native, band: nil, reasons: nil, tags: false), bandNames: [], ownedTags: [])

  @Test(
    "as a change feed", arguments: ConformanceSuite.checks(for: InMemorySubject("change feed", web)))
  func asChangeFeed(check: ConformanceCheck) async throws { try await check.run() }

  @Test(
    "as a file that is replaced as a whole",
    arguments: ConformanceSuite.checks(for: InMemorySubject("file", file)))
  func asFile(check: ConformanceCheck) async throws { try await check.run() }

  @Test(
    "as a full listing that is written at once",
    arguments: ConformanceSuite.checks(for: InMemorySubject("listing", options(.fullListing))))
  func asListing(check: ConformanceCheck) async throws { try await check.run() }

  @Test(
    "as a change feed that commits",
    arguments: ConformanceSuite.checks(for: InMemorySubject("staged", options(.changeFeed, isStaged: true))))
  func asStagedFeed(check: ConformanceCheck) async throws { try await check.run() }

  @Test(
    "one contact at a time, where zero cannot be stored",
    arguments: ConformanceSuite.checks(
      for: InMemorySubject("single", options(.changeFeed, batchSize: 1, storesZero: false))))
  func oneAtATime(check: ConformanceCheck) async throws { try await check.run() }

  @Test(
    "with the platform's own score and nothing else",
    arguments: ConformanceSuite.checks(for: InMemorySubject("native", web, layout: native)))
  func withNativeScore(check: ConformanceCheck) async throws { try await check.run() }

  @Test(
    "where nothing can be written",
    arguments: ConformanceSuite.checks(
      for: InMemorySubject("read only", options(.fullListing, canWrite: false))))
  func readOnly(check: ConformanceCheck) async throws { try await check.run() }

  @Test("Listing unchanged contacts again is as good as leaving them out")
  func listsAgain() async throws {
    var options = Self.file
    options.skipsUnchangedListings = false
    for check in ConformanceSuite.checks(for: InMemorySubject("relisting", options)) {
      try await check.run()
    }
  }

  @Test("There is one check for each clause")
  func hasOneCheckForEachClause() {
    let checks = ConformanceSuite.checks(for: InMemorySubject("change feed", Self.web))
    #expect(checks.map(\.clause) == ConformanceClause.allCases)
    #expect(Set(checks.map(\.name)).count == checks.count)
  }

  @Test("A check that a subject cannot support is skipped with the subject's reason")
  func skipsWithReason() async throws {
    let subject = InMemorySubject("listing", Self.file)
    let check = try #require(
      ConformanceSuite.checks(for: subject).first { $0.clause == .seesMerges })
    let reason = UnsupportedAbility(.merging, "a full listing does not say where a contact went")
    #expect(try await check.run() == .skipped([reason]))
  }
}

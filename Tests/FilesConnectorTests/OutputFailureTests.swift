import Foundation
import Platform
import Scoring
import Testing

@testable import FilesConnector

@Suite("Writing the output when something goes wrong")
struct OutputFailureTests {
  @Test("Nothing staged leaves everything as it is")
  func nothing() async throws {
    let folder = try OutputTests.folder(["1"])
    let connector = try folder.connector(OutputTests.settings)
    #expect(try await connector.commit().isEmpty)
    try await connector.prepare(OutputTests.layout())
    #expect(try await connector.write([]).isEmpty)
    #expect(try await connector.commit().isEmpty)
    #expect(try folder.names() == ["contacts.csv"])
  }

  @Test("A contact that is gone gets no row")
  func gone() async throws {
    let folder = try OutputTests.folder(["1"])
    let connector = try folder.connector(OutputTests.settings)
    try await connector.prepare(OutputTests.layout())
    #expect(
      try await connector.write([OutputTests.write("0", 1), OutputTests.write("1", 2)]) == [.gone, .staged])
    _ = try await connector.commit()
    #expect(try folder.read("scores.csv") == OutputTests.header + "1,,2,,,,2026-11-23T02:00:00Z\n")
  }

  @Test("Staged rows are invisible, private, and forgotten by the next apply")
  func staged() async throws {
    let folder = try OutputTests.folder(["1", "2"], output: OutputTests.header)
    let killed = try folder.connector(OutputTests.settings)
    try await killed.prepare(OutputTests.layout())
    _ = try await killed.write([OutputTests.write("1", 1)])
    #expect(try folder.read("scores.csv") == OutputTests.header)
    var status = stat()
    #expect(stat(folder.at(".scores.csv.staged"), &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    try folder.write(".scores.csv.new", "half")
    try await OutputTests.apply([OutputTests.write("2", 2)], to: folder)
    #expect(try folder.read("scores.csv") == OutputTests.header + "2,,2,,,,2026-11-23T02:00:00Z\n")
    #expect(try folder.names() == ["contacts.csv", "scores.csv"])
    _ = killed
  }

  @Test("A link in the place of our own files is not followed")
  func planted() async throws {
    let folder = try OutputTests.folder(["1"])
    try folder.write("victim", "precious")
    symlink("victim", folder.at(".scores.csv.staged"))
    symlink("victim", folder.at(".scores.csv.new"))
    try await OutputTests.apply([OutputTests.write("1", 1)], to: folder)
    #expect(try folder.read("victim") == "precious")
    #expect(try folder.names() == ["contacts.csv", "scores.csv", "victim"])
  }

  @Test("Contacts out of order are a loud failure and leave nothing behind")
  func order() async throws {
    let folder = try OutputTests.folder(["1", "2"], output: OutputTests.header)
    let connector = try folder.connector(OutputTests.settings)
    try await connector.prepare(OutputTests.layout())
    _ = try await connector.write([OutputTests.write("2", 1)])
    #expect(
      await failure { _ = try await connector.write([OutputTests.write("1", 1)]) }?.kind == .inputOutput)
    #expect(
      await failure { _ = try await connector.write([OutputTests.write("3", 1)]) }?.kind == .inputOutput)
    #expect(try await connector.commit().isEmpty)
    #expect(try folder.read("scores.csv") == OutputTests.header)
    #expect(try folder.names() == ["contacts.csv", "scores.csv"])
  }

  @Test("A commit that fails leaves the old output and no files of ours")
  func failedCommit() async throws {
    let folder = try OutputTests.folder(["1"], output: OutputTests.header)
    let connector = try folder.connector(OutputTests.settings)
    try await connector.prepare(OutputTests.layout())
    _ = try await connector.write([OutputTests.write("1", 1)])
    try FileManager.default.createDirectory(
      atPath: folder.at(".scores.csv.new"), withIntermediateDirectories: true)
    let failed = await failure { _ = try await connector.commit() }
    #expect(failed?.kind == .cannotCreate)
    #expect(failed?.what.contains(folder.at(".scores.csv.new")) == true)
    #expect(try folder.read("scores.csv") == OutputTests.header)
    #expect(try folder.names() == [".scores.csv.new", "contacts.csv", "scores.csv"])
  }

  @Test("An output that became another file before the commit is not replaced")
  func replacedMeanwhile() async throws {
    let folder = try OutputTests.folder(["1"], output: OutputTests.header)
    let connector = try folder.connector(OutputTests.settings)
    try await connector.prepare(OutputTests.layout())
    _ = try await connector.write([OutputTests.write("1", 1)])
    try folder.write("scores.csv", "my,own\n")
    #expect(await failure { _ = try await connector.commit() }?.kind == .badData)
    #expect(try folder.read("scores.csv") == "my,own\n")
    #expect(try folder.names() == ["contacts.csv", "scores.csv"])
  }

  @Test("A disk that takes no more leaves the old output and no files of ours")
  func fullDisk() async {
    // A limit on the size of files stands in for the full disk; it holds for a whole process.
    await #expect(processExitsWith: .success) {
      let folder = try Self.folderWithLongOutput()
      let old = try folder.read("scores.csv")
      let connector = try folder.connector(OutputTests.settings)
      try await connector.prepare(OutputTests.layout())
      _ = try await connector.write([OutputTests.write("1", 1)])
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1 << 20, rlim_max: rlim_t.max)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let failed = await failure { _ = try await connector.commit() }
      try #require(failed?.kind == .inputOutput)
      try #require(failed?.what == "writing '\(folder.at(".scores.csv.new"))' failed: File too large")
      try #require(try folder.read("scores.csv") == old)
      try #require(try folder.names() == ["contacts.csv", "scores.csv"])
    }
  }

  private static func folderWithLongOutput() throws -> TemporaryFolder {
    let reasons = String(repeating: "x", count: 200_000)
    let rows = (100..<120).map { "\($0),,1,,,\(reasons),t\n" }.joined()
    return try OutputTests.folder(["1"], output: OutputTests.header + rows)
  }

  @Test(
    "A folder that cannot be written to is found before anything is staged",
    arguments: ["contacts.csv/scores.csv", "none/scores.csv", "/proc/scores.csv"])
  func noFolder(_ output: String) async throws {
    let folder = try OutputTests.folder(["1"])
    let connector = try folder.connector("{contacts: contacts.csv, output: \(output)}")
    let failed = await failure { try await connector.prepare(OutputTests.layout()) }
    #expect(failed?.kind == .cannotCreate)
    #expect(failed?.what.contains(output.split(separator: "/")[0]) == true)
    #expect(try folder.names() == ["contacts.csv"])
  }

  @Test("Files have no score of their own, and without an output nothing is written")
  func refusals() async throws {
    let folder = try OutputTests.folder(["1"])
    let native = try folder.connector(OutputTests.settings)
    #expect(
      await failure { try await native.prepare(OutputTests.layout(score: .native)) }?.kind == .configuration)
    let silent = try folder.connector("contacts: contacts.csv")
    #expect(await failure { try await silent.prepare(OutputTests.layout()) }?.kind == .configuration)
    #expect(await failure { _ = try await silent.write([]) }?.kind == .configuration)
    #expect(try await silent.current([ContactID("1")]) == [ContactID("1"): .present(.nothing)])
  }
}

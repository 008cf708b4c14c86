import Foundation
import Testing

/// Feeds every input of the corpus again, one after the other, in the ordinary suite.
@Suite("The fuzz targets")
struct CorpusTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Corpus")

  @Test("keep their promises for every input of the corpus", arguments: FuzzTarget.all.map(\.name))
  func replay(_ name: String) async throws {
    let target = try #require(FuzzTarget.named(name))
    let place = Self.folder.appending(path: name)
    let files = try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
    #expect(!files.isEmpty, "\(name) has no corpus")
    let inputs = try files.map { [UInt8](try Data(contentsOf: place.appending(path: $0))) }
    let broken = await Self.ofItsOwn {
      zip(files, inputs).compactMap { file, bytes -> String? in
        do throws(BrokenPromise) {
          try target.run(bytes)
          return nil
        } catch {
          return "\(file): \(error)"
        }
      }
    }
    #expect(broken.isEmpty)
  }

  /// Runs work on a thread of its own: a target waits for tasks, and those of the pool would wait for it.
  private static func ofItsOwn<Result: Sendable>(
    _ work: @escaping @Sendable () -> Result
  ) async -> Result {
    await withCheckedContinuation { continuation in
      let thread = Thread { continuation.resume(returning: work()) }
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  @Test("have a corpus each, and no corpus is without its target")
  func complete() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
    #expect(folders == FuzzTarget.all.map(\.name).sorted())
  }
}

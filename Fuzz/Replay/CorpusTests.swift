import Foundation
import Testing

/// Feeds every input of the corpus again, one after the other, in the ordinary suite.
@Suite("The fuzz targets")
struct CorpusTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Corpus")

  @Test("keep their promises for every input of the corpus", arguments: FuzzTarget.all.map(\.name))
  func replay(_ name: String) throws {
    let target = try #require(FuzzTarget.named(name))
    let place = Self.folder.appending(path: name)
    let files = try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
    #expect(!files.isEmpty, "\(name) has no corpus")
    for file in files {
      let bytes = [UInt8](try Data(contentsOf: place.appending(path: file)))
      do throws(BrokenPromise) {
        try target.run(bytes)
      } catch {
        Issue.record("\(name)/\(file): \(error)")
      }
    }
  }

  @Test("have a corpus each, and no corpus is without its target")
  func complete() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
    #expect(folders == FuzzTarget.all.map(\.name).sorted())
  }
}

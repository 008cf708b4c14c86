import Foundation
import Testing

/// Looks for canaries in all that a run of the program leaves behind.
struct SecretScan: Sendable {
  /// A canary where none has to be.
  struct Hit: Hashable, CustomStringConvertible {
    let canary: String
    let kind: String
    let place: String

    /// Place and canary, nothing of the secret.
    var description: String { "\(canary) stands, \(kind), in \(place)" }
  }

  /// For all canaries that there are.
  static let ofAll = SecretScan(Canaries.all)

  private struct Needle {
    let canary: String
    let spelling: CanarySpelling
  }

  private let needles: [Needle]
  /// The needles by their first two bytes: `starts` says which pairs of bytes begin one.
  private let byStart: [UInt16: [Int]]
  private let starts: [Bool]

  init(_ canaries: [Canary]) {
    needles = canaries.flatMap { canary in
      CanarySpelling.all(of: canary).map { Needle(canary: canary.name, spelling: $0) }
    }
    byStart = Dictionary(grouping: needles.indices) { [needles] index in
      let bytes = needles[index].spelling.bytes
      return UInt16(bytes[0]) << 8 | UInt16(bytes[1])
    }
    var starts = [Bool](repeating: false, count: 1 << 16)
    for start in byStart.keys { starts[Int(start)] = true }
    self.starts = starts
  }

  /// Every canary in some bytes, each spelling once.
  func hits(in data: Data, of place: String) -> Set<Hit> {
    var hits: Set<Hit> = []
    data.withUnsafeBytes { bytes in
      starts.withUnsafeBufferPointer { starts in
        // Megabytes are walked over without optimisation: no iterator, and nothing that is checked twice.
        var pair = 0
        var at = 0
        while at < bytes.count {
          pair = (pair &<< 8 | Int(bytes[at])) & 0xFFFF
          if starts[pair], at > 0 {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[(at - 1)...])
            for index in byStart[UInt16(pair)] ?? [] where rest.starts(with: needles[index].spelling.bytes) {
              let needle = needles[index]
              hits.insert(Hit(canary: needle.canary, kind: needle.spelling.kind, place: place))
            }
          }
          at &+= 1
        }
      }
    }
    return hits
  }

  /// Every canary in the files of a folder, but for the configuration and files that are made for secrets.
  func hits(inFolder folder: String, configuration: String) throws -> Set<Hit> {
    let own = URL(fileURLWithPath: configuration, relativeTo: URL(fileURLWithPath: folder)).standardized.path
    var hits: Set<Hit> = []
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      let path = folder + "/" + name
      hits.formUnion(self.hits(in: Data(name.utf8), of: "the name of a file"))
      // A file that is gone by now was one of another run's.
      guard URL(fileURLWithPath: path).standardized.path != own, let facts = Self.facts(of: path),
        facts.st_mode & S_IFMT == S_IFREG, !Self.isMadeForSecrets(name, mode: facts.st_mode),
        let data = FileManager.default.contents(atPath: path)
      else { continue }
      hits.formUnion(self.hits(in: data, of: name))
    }
    return hits
  }

  /// Records every hit as an issue of the test that runs.
  static func record(_ hits: Set<Hit>, after command: [String]) {
    let words = command.map { ofAll.hits(in: Data($0.utf8), of: "").isEmpty ? $0 : "…" }.joined(
      separator: " ")
    for hit in hits.sorted(by: { $0.description < $1.description }) {
      Issue.record("after leadgauge \(words): \(hit)")
    }
  }

  private static func facts(of path: String) -> stat? {
    var facts = stat()
    return lstat(path, &facts) == 0 ? facts : nil
  }

  /// Environment files, and token files that nobody else can read.
  private static func isMadeForSecrets(_ name: String, mode: mode_t) -> Bool {
    guard mode & 0o077 == 0 else { return false }
    return [".env", ".token.json", ".token.json.new", ".token.json.damaged"].contains { name.hasSuffix($0) }
  }
}

/// The server's version as its `Mautic-Version` header says it, and all that differs between versions.
struct MauticVersion: Hashable, Sendable, CustomStringConvertible {
  let major: Int
  let minor: Int
  let text: String

  /// Reads `5.1.1` or `7.1.0-dev`; nil if it is no version.
  init?(_ text: String) {
    let parts = text.split(separator: ".").map { $0.prefix { $0.isNumber } }
    guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1]) else { return nil }
    self.major = major
    self.minor = minor
    self.text = text
  }

  var description: String { text }

  /// Versions whose API is known to be as this adapter expects it.
  var isKnown: Bool { (4...7).contains(major) }

  /// From 7 on the batch edit of a contact that was merged into another one edits the winner and answers with
  /// the winner's id; before, it answers 404.
  var batchFollowsMerges: Bool { major >= 7 }
}

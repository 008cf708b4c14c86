import Scoring
import Store

/// The store's texts and some that no activity ever named, for asking what a further activity would do.
///
/// A supposed text that folds like one of the person's own gets the number of that one, so that rules which count
/// different targets take them for one.
final class SupposedTexts: TextSource {
  private static let first: TextID = 0x8000_0000
  private let stored: StoreTexts
  private var supposed: [String] = []
  private var known: [String: TextID] = [:]
  private var kinds: [String: UInt32] = [:]

  init(_ stored: StoreTexts) {
    self.stored = stored
  }

  /// Notes what the person's activities name.
  func note(_ id: TextID) throws {
    guard id != 0 else { return }
    let folded = try stored.folded(id)
    known[folded.text] = folded.id
  }

  /// True if an activity of the person names a text that folds alike.
  func isKnown(_ text: String) -> Bool { known[TextFolding.fold(text)].map { $0 < Self.first } ?? false }

  /// A number for a text that may be new.
  func id(of text: String) -> TextID {
    supposed.append(text)
    return Self.first + TextID(supposed.count - 1)
  }

  func folded(_ id: TextID) throws -> FoldedText {
    guard id >= Self.first else { return try stored.folded(id) }
    let text = TextFolding.fold(supposed[Int(id - Self.first)])
    if let known = known[text] { return FoldedText(id: known, text: text) }
    known[text] = id
    return FoldedText(id: id, text: text)
  }

  func customKindCode(_ name: String) throws -> UInt32? {
    if let code = kinds[name] { return code }
    let code = try stored.customKindCode(name) ?? KnownKind.firstCustomCode + id(of: name)
    kinds[name] = code
    return code
  }

  /// The code of a kind that the model names.
  func code(of kind: ActivityKind) throws -> UInt32? {
    switch kind {
    case .known(let known): return UInt32(known.rawValue)
    case .custom(let name): return kinds[name]
    }
  }
}

/// A number that stands for a text; 0 stands for no text.
public typealias TextID = UInt32

/// Gives texts by number. Numbers of equal texts are equal; so are numbers of texts that fold alike, after
/// folding.
public protocol TextSource: AnyObject {
  /// The folded form of a text and its number.
  func folded(_ id: TextID) throws -> FoldedText

  /// The code of a kind `custom:NAME` by its name; nil if no such activity was ever seen.
  func customKindCode(_ name: String) throws -> UInt32?
}

/// A folded text and its number.
public struct FoldedText: Sendable {
  /// The number of the folded form.
  public let id: TextID
  /// The folded form.
  public let text: String

  /// A folded text and its number.
  public init(id: TextID, text: String) {
    self.id = id
    self.text = text
  }
}

/// Texts kept in memory.
public final class TextTable: TextSource {
  private var byText: [Key: TextID] = [:]
  private var texts: [String] = [""]

  /// Compared by bytes: Swift's `==` would take canonically equal texts for one.
  private struct Key: Hashable {
    let bytes: [UInt8]
  }

  /// Starts without texts.
  public init() {}

  /// The number of a text; nil stands for no text.
  public func id(of text: String?) -> TextID {
    guard let text else { return 0 }
    let key = Key(bytes: Array(text.utf8))
    if let id = byText[key] { return id }
    texts.append(text)
    let id = TextID(texts.count - 1)
    byText[key] = id
    return id
  }

  /// The text of a number.
  public func text(_ id: TextID) -> String {
    texts[Int(id)]
  }

  /// The folded form of a text and its number.
  public func folded(_ id: TextID) -> FoldedText {
    let folded = TextFolding.fold(texts[Int(id)])
    return FoldedText(id: self.id(of: folded), text: folded)
  }

  /// The code of a kind of the user\'s own; nil if it was never seen.
  public func customKindCode(_ name: String) -> UInt32? {
    KnownKind.firstCustomCode + id(of: name)
  }

  /// The code of a kind.
  public func code(of kind: ActivityKind) -> UInt32 {
    switch kind {
    case .known(let known): return UInt32(known.rawValue)
    case .custom(let name): return KnownKind.firstCustomCode + id(of: name)
    }
  }
}

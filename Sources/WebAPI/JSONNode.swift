/// One value, or one name of a member, on the tape of a parsed text, in 8 bytes.
///
/// The tape holds the values in the order of the text; a map's names stand before their values.
struct JSONNode: Sendable {
  enum Kind: UInt32 {
    case null, yes, no, number, text, list, map
  }

  /// The longest text, and the most values in one list or map, that a node can describe.
  static let extentLimit = 1 << 27 - 1

  private static let escapedBit: UInt32 = 8
  private static let beyondASCIIBit: UInt32 = 16
  private static let extentShift: UInt32 = 5

  /// Texts and numbers: the first byte, without the quotation mark. Lists and maps: the place on the tape
  /// after all that they hold, and, while they are open, one more than the place of the one around them.
  var anchor: UInt32
  /// From the lowest bit: 3 of the kind, two flags, 27 of the extent.
  private(set) var shape: UInt32

  @inline(__always)
  init(_ kind: Kind, anchor: Int, extent: Int, isEscaped: Bool = false, isBeyondASCII: Bool = false) {
    self.anchor = UInt32(truncatingIfNeeded: anchor)
    shape =
      kind.rawValue | (isEscaped ? JSONNode.escapedBit : 0) | (isBeyondASCII ? JSONNode.beyondASCIIBit : 0)
      | UInt32(truncatingIfNeeded: extent) << JSONNode.extentShift
  }

  /// The shape of a text that reads as it is written and is this long.
  @inline(__always)
  static func plainText(length: Int) -> UInt32 {
    Kind.text.rawValue | UInt32(truncatingIfNeeded: length) << extentShift
  }

  var kind: Kind { Kind(rawValue: shape & 7) ?? .null }
  /// Whether it is a list or a map.
  @inline(__always) var isContainer: Bool { shape & 7 >= Kind.list.rawValue }
  /// Whether a text holds a backslash.
  var isEscaped: Bool { shape & JSONNode.escapedBit != 0 }
  /// Whether a text holds anything beyond ASCII.
  var isBeyondASCII: Bool { shape & JSONNode.beyondASCIIBit != 0 }
  /// Whether a text may read otherwise than it is written.
  @inline(__always)
  var isSpecial: Bool { shape & (JSONNode.escapedBit | JSONNode.beyondASCIIBit) != 0 }
  /// Texts and numbers: how many bytes they are written in. Lists and maps: how many values they hold.
  @inline(__always) var extent: Int { Int(shape >> JSONNode.extentShift) }

  /// Where a text or number stands.
  var range: Range<Int> { Int(anchor)..<(Int(anchor) + extent) }

  /// The place on the tape after this value and all that it holds.
  @inline(__always)
  func next(after place: Int) -> Int {
    if isContainer { return Int(anchor) }
    return place + 1
  }
}

/// One value, or one name of a member, on the tape of a parsed text.
///
/// The tape holds the values in the order of the text; a map's names stand before their values.
struct JSONNode: Sendable {
  enum Kind: UInt8 {
    case null, yes, no, number, text, list, map
  }

  let kind: Kind
  /// Whether a text holds a backslash.
  var isEscaped = false
  /// Whether a text holds anything beyond ASCII.
  var isBeyondASCII = false
  /// Texts and numbers: the first byte, without the quotation mark.
  var start: UInt32 = 0
  /// Texts and numbers: the byte after the last. Lists and maps: how many values they hold.
  var end: UInt32 = 0
  /// The place on the tape after this value and all that it holds.
  var next: UInt32
}

import Scoring

/// One row of activity, small enough to wait in large numbers for its turn.
struct GeneratedActivity {
  struct Marks: OptionSet {
    let rawValue: UInt8
    /// The row has no identity of its own.
    static let nameless = Marks(rawValue: 1)
    /// The row names the contact by address.
    static let byAddress = Marks(rawValue: 2)
  }

  /// Seconds since the world's origin.
  var time: Int32
  let person: UInt32
  /// Tells the person's rows apart.
  let ordinal: UInt32
  let kind: KnownKind
  let connection: SandboxConnection
  let marks: Marks
  /// Index into the catalogue's texts; 0 is none.
  let target: UInt16
  /// Index into the catalogue's campaigns; 0 is none.
  let campaign: UInt16
  /// Negative if there is none; amounts of money are in cents.
  let value: Int32

  /// By time; the rest makes the order of simultaneous rows certain.
  static func precedes(_ left: GeneratedActivity, _ right: GeneratedActivity) -> Bool {
    if left.time != right.time { return left.time < right.time }
    if left.person != right.person { return left.person < right.person }
    return left.ordinal > right.ordinal
  }
}

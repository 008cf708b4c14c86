/// What the engine knows of each distinct text: its folded number, and which pattern lists it matches.
///
/// A direct-mapped cache of fixed size: worked out once for each text as long as there are fewer distinct
/// texts than places, and again when two share a place.
struct TextFacts {
  private static let places = 1 << 16
  private let wordsPerText: Int
  private let patternLists: [[Glob]]
  private var ids: ContiguousArray<TextID>
  private var foldedIDs: ContiguousArray<TextID>
  private var bits: ContiguousArray<UInt64>

  init(patternLists: [[Glob]]) {
    self.patternLists = patternLists
    wordsPerText = max(1, (patternLists.count + 63) / 64)
    ids = ContiguousArray(repeating: 0, count: Self.places)
    foldedIDs = ContiguousArray(repeating: 0, count: Self.places)
    bits = ContiguousArray(repeating: 0, count: Self.places * wordsPerText)
  }

  /// The place of a text's facts, good until the next call.
  @inline(__always)
  mutating func place(of id: TextID, from texts: some TextSource) throws -> Int {
    let place = Int(id) & (Self.places - 1)
    if ids[place] != id { try learn(id, place, from: texts) }
    return place
  }

  @inline(__always)
  func foldedID(at place: Int) -> TextID { foldedIDs[place] }

  @inline(__always)
  func matches(_ bit: Int32, at place: Int) -> Bool {
    bits[place * wordsPerText + Int(bit >> 6)] & (1 << UInt64(bit & 63)) != 0
  }

  private mutating func learn(_ id: TextID, _ place: Int, from texts: some TextSource) throws {
    let folded = try texts.folded(id)
    ids[place] = id
    foldedIDs[place] = folded.id
    for word in 0..<wordsPerText { bits[place * wordsPerText + word] = 0 }
    for (index, globs) in patternLists.enumerated()
    where globs.contains(where: { $0.matches(folded: folded.text) }) {
      bits[place * wordsPerText + index / 64] |= 1 << UInt64(index % 64)
    }
  }
}

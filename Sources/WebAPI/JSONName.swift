/// A name that is looked for among a map's members. It stands in bytes that are given with each call.
struct JSONName: Sendable {
  /// The shape of a node that may hold the name as it is.
  private let shape: UInt32
  private let start: Int
  private let count: Int
  /// The first eight bytes.
  private let head: UInt64

  @inline(__always)
  init(_ range: Range<Int>, of names: Span<UInt8>) {
    start = range.lowerBound
    count = range.count
    shape = JSONNode.plainText(length: count)
    head = JSONName.head(names, at: start, length: count)
  }

  /// Whether a node has this name.
  @inline(__always)
  func isName(of node: JSONNode, _ document: Span<UInt8>, among names: Span<UInt8>) -> Bool {
    if node.isSpecial { return isSpecialName(of: node, document, among: names) }
    guard node.shape == shape else { return false }
    let place = Int(node.anchor)
    guard JSONName.head(document, at: place, length: count) == head else { return false }
    return count <= 8 || isRest(document, place, among: names)
  }

  /// Compares what stands after the first eight bytes.
  private func isRest(_ document: Span<UInt8>, _ place: Int, among names: Span<UInt8>) -> Bool {
    var offset = 8
    while offset < count {
      // The last eight bytes may overlap the ones before.
      let next = min(offset, count - 8)
      let one = document.bytes.unsafeLoadUnaligned(fromByteOffset: place + next, as: UInt64.self)
      let other = names.bytes.unsafeLoadUnaligned(fromByteOffset: start + next, as: UInt64.self)
      if one != other { return false }
      offset += 8
    }
    return true
  }

  @inline(never)
  private func isSpecialName(of node: JSONNode, _ document: Span<UInt8>, among names: Span<UInt8>) -> Bool {
    let name = JSONDocument.string(node, document)
    guard name.utf8.count == count else { return false }
    return name.utf8.enumerated().allSatisfy { names[start + $0] == $1 }
  }

  /// The first eight bytes of a text that stands here, zeros after its end.
  @inline(__always)
  private static func head(_ bytes: Span<UInt8>, at start: Int, length: Int) -> UInt64 {
    guard start + 8 <= bytes.count else { return shortHead(bytes, at: start, length: length) }
    let word = UInt64(
      littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self))
    return length >= 8 ? word : word & (1 << (UInt64(length) * 8) &- 1)
  }

  private static func shortHead(_ bytes: Span<UInt8>, at start: Int, length: Int) -> UInt64 {
    var word: UInt64 = 0
    for place in 0..<min(length, 8) {
      word |= UInt64(bytes[start + place]) << UInt64(place * 8)
    }
    return word
  }
}

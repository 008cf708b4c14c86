/// A parsed text, shared by all values that look into it.
final class JSONDocument: Sendable {
  let bytes: [UInt8]
  let nodes: [JSONNode]

  init(_ bytes: [UInt8], isStrict: Bool) throws(JSONFailure) {
    var parser = JSONParser(expecting: bytes.count, isStrict: isStrict)
    try parser.parse(bytes.span)
    self.bytes = bytes
    nodes = parser.nodes
  }

  /// The bytes of a text or number, escapes resolved.
  func unescaped(_ node: JSONNode) -> ArraySlice<UInt8> {
    let raw = bytes[node.range]
    return node.isEscaped ? JSONEscapes.resolve(raw.span)[...] : raw
  }

  /// A text or number; what is not UTF-8 becomes U+FFFD.
  func string(_ node: JSONNode) -> String {
    let bytes = bytes
    return JSONDocument.string(node, bytes.span)
  }

  /// A text or number in these bytes; what is not UTF-8 becomes U+FFFD.
  static func string(_ node: JSONNode, _ bytes: Span<UInt8>) -> String {
    let raw = bytes.extracting(node.range)
    if node.isEscaped { return String(decoding: JSONEscapes.resolve(raw), as: UTF8.self) }
    if node.isBeyondASCII { return raw.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }
    // The parser has seen each of these bytes, and that it is below 0x80.
    return String(copying: unsafe UTF8Span(unchecked: raw, isKnownASCII: true))
  }

  /// The place of the value of a map's last member with this name.
  func member(_ name: String, ofMapAt map: Int) -> Int? {
    let (bytes, tape) = (bytes, nodes)
    let nodes = tape.span
    let name = name.utf8.span
    let key = JSONName(0..<name.count, of: name)
    var found: Int?
    var at = map + 1
    for _ in 0..<nodes[map].extent {
      if key.isName(of: nodes[at], bytes.span, among: name) { found = at + 1 }
      at = nodes[at + 1].next(after: at + 1)
    }
    return found
  }
}

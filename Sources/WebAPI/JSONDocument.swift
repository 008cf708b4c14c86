/// A parsed text, shared by all values that look into it.
final class JSONDocument: Sendable {
  let bytes: [UInt8]
  let nodes: [JSONNode]

  init(_ bytes: [UInt8]) throws(JSONFailure) {
    var parser = JSONParser(expecting: bytes.count)
    try parser.parse(bytes.span)
    self.bytes = bytes
    nodes = parser.nodes
  }

  /// The bytes of a text or number as they stand there.
  func raw(_ node: JSONNode) -> ArraySlice<UInt8> {
    bytes[Int(node.start)..<Int(node.end)]
  }

  /// The bytes of a text or number, escapes resolved.
  func unescaped(_ node: JSONNode) -> ArraySlice<UInt8> {
    node.isEscaped ? JSONEscapes.resolve(raw(node))[...] : raw(node)
  }

  /// A text or number; what is not UTF-8 becomes U+FFFD.
  func string(_ node: JSONNode) -> String {
    String(decoding: unescaped(node), as: UTF8.self)
  }

  /// Whether a member has this name.
  func isName(_ node: JSONNode, _ name: String) -> Bool {
    let isAsLong = Int(node.end - node.start) == name.utf8.count
    if isAsLong, raw(node).elementsEqual(name.utf8) { return !node.isEscaped }
    // Only these can read otherwise than they are written.
    guard node.isEscaped || node.isBeyondASCII else { return false }
    return string(node).utf8.elementsEqual(name.utf8)
  }
}

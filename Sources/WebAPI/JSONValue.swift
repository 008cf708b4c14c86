/// A value in a JSON text, read leniently: platforms send numbers as texts, and lists in place of maps.
///
/// It looks into the parsed text, which is kept as long as one of its values is. What is missing or has
/// another shape than was asked for is null or nil; nothing here traps.
public struct JSONValue: Sendable, CustomStringConvertible {
  private let document: JSONDocument?
  private let place: Int

  /// Maps and lists within each other; more is an attack or a mistake.
  public static let depthLimit = 200

  private static let absent = JSONValue(document: nil, place: 0)

  private init(document: JSONDocument?, place: Int) {
    self.document = document
    self.place = place
  }

  /// Reads a whole text by the grammar of RFC 8259, with two leniences: a byte order mark at the beginning
  /// is passed over, and bytes that are not UTF-8 become U+FFFD within texts and names. `strictly` takes both
  /// away.
  ///
  /// The grammar allows what follows, so it is never refused:
  /// - Half of a surrogate pair, written as `\ud83d`, becomes U+FFFD.
  /// - Of members with the same name the last is found, as in nearly every other reader; `members` lists all.
  /// - A number may be of any size. `text` gives its digits, `integer` and `number` are nil if it does not
  ///   fit.
  ///
  /// There are limits: 4 GiB in all, 128 MiB in one text, 134 million values in one list or map, and
  /// `depthLimit`.
  public static func parse(_ bytes: [UInt8], strictly: Bool = false) throws(JSONFailure) -> JSONValue {
    JSONValue(document: try JSONDocument(bytes, isStrict: strictly), place: 0)
  }

  private var node: JSONNode? { document?.nodes[place] }

  /// A map's member; of members with the same name the last. A list's element if the key is its index,
  /// written as `members` gives it.
  public subscript(_ key: String) -> JSONValue {
    guard let document, let node, node.kind == .map else {
      guard let index = Int(key), String(index) == key else { return .absent }
      return self[elementAt: index]
    }
    return document.member(key, ofMapAt: place).map { JSONValue(document: document, place: $0) } ?? .absent
  }

  /// A list's element, counted from 0, found by walking there. A map's member whose name is that number:
  /// some platforms send a list with gaps as a map.
  public subscript(_ index: Int) -> JSONValue {
    isObject ? self[String(index)] : self[elementAt: index]
  }

  private subscript(elementAt index: Int) -> JSONValue {
    guard let document, let node, node.kind == .list, index >= 0, index < node.extent else {
      return .absent
    }
    var at = place + 1
    for _ in 0..<index { at = document.nodes[at].next(after: at) }
    return JSONValue(document: document, place: at)
  }

  /// Whether it is null, or not there at all.
  public var isNull: Bool { node.map { $0.kind == .null } ?? true }
  /// Whether it is there; null counts as there.
  public var isPresent: Bool { document != nil }
  /// Whether it stands in quotation marks.
  public var isText: Bool { node?.kind == .text }
  /// Whether it is a number without quotation marks.
  public var isNumber: Bool { node?.kind == .number }
  /// Whether it is a map.
  public var isObject: Bool { node?.kind == .map }
  /// Whether it is a list.
  public var isArray: Bool { node?.kind == .list }

  /// A text as it is, a number as it was written, `true` or `false`; nil for anything else.
  public var text: String? {
    guard let document, let node else { return nil }
    switch node.kind {
    case .text, .number, .yes, .no: return document.string(node)
    case .null, .list, .map: return nil
    }
  }

  /// A number, or a text that holds one, if it is whole: `12`, `"12"`, `12.0`, `"12.0"`.
  ///
  /// One beyond ±2^61 is none: no platform counts so far, and whoever adds to it, or takes the difference of two,
  /// need not fear that the result does not fit.
  public var integer: Int? {
    numeral.flatMap { JSONNumber.integer($0) }.flatMap { Self.countable.contains($0) ? $0 : nil }
  }

  private static let countable = -(1 << 61)...(1 << 61)

  /// A number, or a text that holds one, if it is finite.
  public var number: Double? { numeral.flatMap { JSONNumber.double($0) } }

  private var numeral: ArraySlice<UInt8>? {
    guard let document, let node, node.kind == .number || node.kind == .text else { return nil }
    return document.unescaped(node)
  }

  /// `true` or `false`, 1 or 0, or a text that holds one of these.
  public var boolean: Bool? {
    switch node?.kind {
    case .yes: true
    case .no: false
    case .text, .number:
      switch text {
      case "true", "1": true
      case "false", "0": false
      default: nil
      }
    default: nil
    }
  }

  /// A list's elements, or a map's values in the order of the text; nothing for anything else.
  public var elements: [JSONValue] {
    guard let document, let node, node.kind == .list || node.kind == .map else { return [] }
    let isMap = node.kind == .map
    var elements: [JSONValue] = []
    elements.reserveCapacity(node.extent)
    var at = place + 1
    for _ in 0..<node.extent {
      if isMap { at += 1 }
      elements.append(JSONValue(document: document, place: at))
      at = document.nodes[at].next(after: at)
    }
    return elements
  }

  /// A map's members in the order of the text, each as often as it stands there; a list's elements with the
  /// keys `"0"`, `"1"`, …; nothing for anything else.
  public var members: [(key: String, value: JSONValue)] {
    let elements = elements
    guard let document, isObject else { return elements.enumerated().map { (String($0), $1) } }
    return elements.map { (document.string(document.nodes[$0.place - 1]), $0) }
  }

  /// How many elements or members it has; 0 for anything else.
  public var count: Int {
    guard let node, node.kind == .list || node.kind == .map else { return 0 }
    return node.extent
  }

  /// The value's shape for a message; never what it holds.
  public var description: String {
    switch node?.kind {
    case nil: "nothing"
    case .null: "null"
    case .yes, .no: "true or false"
    case .number: "a number"
    case .text: "a text"
    case .list: "a list of \(count)"
    case .map: "a map of \(count)"
    }
  }
}

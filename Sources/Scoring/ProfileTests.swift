/// The profile rules of a model, ready to be asked of a buffer's fields.
struct ProfileTests {
  private enum Test {
    case text(slot: Int, needles: [[UInt8]], how: TextTest, wanted: Bool)
    case globs(slot: Int, [Glob])
    case number(slot: Int, bound: Double, isMinimum: Bool)
    case domain(slot: Int, DomainClass)
    case filled([Int])
    case missing([Int])
  }

  private enum TextTest {
    case equals
    case contains
  }

  private let tests: [Test]
  private let domains: DomainLists
  private let domainTable: DomainTable
  /// The folded value that is being looked at: so many of the first bytes.
  private var folded: ContiguousArray<UInt8> = []
  private var foldedLength = 0
  private var foldedTexts: [RawText: ContiguousArray<UInt8>] = [:]

  init(_ model: Model, slots: [String], domains: DomainLists) {
    self.domains = domains
    domainTable = DomainTable(domains)
    func slot(_ field: String) -> Int { slots.firstIndex(of: field) ?? 0 }
    func bytes(_ texts: [String]) -> [[UInt8]] { texts.map { Array(TextFolding.fold($0).utf8) } }
    tests = model.profile.map { rule in
      switch rule.test {
      case .equals(let field, let texts):
        return .text(slot: slot(field), needles: bytes(texts), how: .equals, wanted: true)
      case .equalsNone(let field, let texts):
        return .text(slot: slot(field), needles: bytes(texts), how: .equals, wanted: false)
      case .contains(let field, let texts):
        return .text(slot: slot(field), needles: bytes(texts), how: .contains, wanted: true)
      case .containsNone(let field, let texts):
        return .text(slot: slot(field), needles: bytes(texts), how: .contains, wanted: false)
      case .matches(let field, let globs): return .globs(slot: slot(field), globs)
      case .atLeast(let field, let bound): return .number(slot: slot(field), bound: bound, isMinimum: true)
      case .atMost(let field, let bound): return .number(slot: slot(field), bound: bound, isMinimum: false)
      case .emailDomain(let field, let wanted): return .domain(slot: slot(field), wanted)
      case .filled(let fields): return .filled(fields.map(slot))
      case .missing(let fields): return .missing(fields.map(slot))
      }
    }
  }

  /// True if the person passes the test of the rule with this index.
  mutating func passes(_ index: Int, _ person: borrowing PersonBuffer) -> Bool {
    switch tests[index] {
    case .text(let slot, let needles, let how, let wanted):
      guard !person.isEmpty(slot) else { return !wanted }
      fold(person, slot)
      return folded.withUnsafeBufferPointer { buffer in
        let text = UnsafeBufferPointer(rebasing: buffer[..<foldedLength])
        return needles.contains { how == .equals ? Self.equal(text, $0) : Self.holds(text, $0) }
      } == wanted
    case .globs(let slot, let globs):
      guard !person.isEmpty(slot) else { return false }
      fold(person, slot)
      let text = String(decoding: folded[..<foldedLength], as: UTF8.self)
      return globs.contains { $0.matches(folded: text) }
    case .number(let slot, let bound, let isMinimum):
      guard !person.isEmpty(slot), let number = number(person, slot) else { return false }
      return isMinimum ? number >= bound : number <= bound
    case .domain(let slot, let wanted):
      guard !person.isEmpty(slot) else { return false }
      if let found = person.withField(slot, domainTable.classify) { return found == wanted }
      let address = person.withField(slot) { EmailAddress(String(decoding: $0, as: UTF8.self)) }
      return address.map { domains.classify($0) == wanted } ?? false
    case .filled(let slots): return slots.allSatisfy { !person.isEmpty($0) }
    case .missing(let slots): return slots.contains { person.isEmpty($0) }
    }
  }

  private func number(_ person: borrowing PersonBuffer, _ slot: Int) -> Double? {
    person.withField(slot) { bytes in
      let trimmed = bytes.drop { $0 <= 0x20 }
      let end = trimmed.lastIndex { $0 > 0x20 } ?? trimmed.startIndex
      return PlainNumber.parse(String(decoding: trimmed[...end], as: UTF8.self))
    }
  }

  /// Puts the folded value into `folded`.
  private mutating func fold(_ person: borrowing PersonBuffer, _ slot: Int) {
    let length = person.withField(slot) { bytes -> Int? in
      if folded.count < bytes.count { folded = ContiguousArray(repeating: 0, count: bytes.count * 2) }
      var all: UInt8 = 0
      folded.withUnsafeMutableBufferPointer { target in
        for index in bytes.indices {
          let byte = bytes[index]
          all |= byte
          target[index] = byte &- 0x41 < 26 ? byte | 0x20 : byte
        }
      }
      return all < 0x80 ? bytes.count : nil
    }
    if let length {
      foldedLength = length
      return
    }
    let raw = RawText(bytes: person.withField(slot) { ContiguousArray($0) })
    if let known = foldedTexts[raw] {
      folded = known
    } else {
      if foldedTexts.count >= 4_096 { foldedTexts.removeAll(keepingCapacity: true) }
      folded = ContiguousArray(TextFolding.fold(String(decoding: raw.bytes, as: UTF8.self)).utf8)
      foldedTexts[raw] = folded
    }
    foldedLength = folded.count
  }

  private static func equal(_ text: UnsafeBufferPointer<UInt8>, _ other: [UInt8]) -> Bool {
    text.count == other.count && text.elementsEqual(other)
  }

  private static func holds(_ text: UnsafeBufferPointer<UInt8>, _ needle: [UInt8]) -> Bool {
    guard needle.count <= text.count, let first = needle.first else { return needle.isEmpty }
    for start in 0...(text.count - needle.count) where text[start] == first {
      var offset = 1
      while offset < needle.count, text[start + offset] == needle[offset] { offset += 1 }
      if offset == needle.count { return true }
    }
    return false
  }

  /// A text before folding, hashed in one go and not byte by byte.
  private struct RawText: Hashable {
    let bytes: ContiguousArray<UInt8>

    func hash(into hasher: inout Hasher) {
      bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
  }
}

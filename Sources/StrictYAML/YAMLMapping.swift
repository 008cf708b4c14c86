import Yams

/// A mapping whose keys are taken one by one; `finish` reports the keys that nobody took.
public final class YAMLMapping {
  /// Where the mapping starts.
  public let position: SourcePosition
  /// Where problems with this mapping go.
  public let problems: ProblemCollector
  private var entries: [(key: String, keyPosition: SourcePosition, value: YAMLValue)] = []
  private var asked: [String] = []
  private var reportedEmpty: Set<String> = []

  init(_ mapping: Node.Mapping, position: SourcePosition, problems: ProblemCollector) {
    self.position = position
    self.problems = problems
    for (key, value) in mapping {
      let name = YAMLValue(key, problems: problems)
      guard let text = name.text(expected: "a text as key") else { continue }
      entries.append((text, name.position, YAMLValue(value, problems: problems)))
    }
  }

  /// The keys in the order of the file.
  public var keys: [String] { entries.map(\.key) }

  /// Where a key stands, if it does.
  public func position(of key: String) -> SourcePosition? {
    entries.first { $0.key == key }?.keyPosition
  }

  /// True if the key stands in the file, with or without a value.
  public func has(_ key: String) -> Bool {
    entries.contains { $0.key == key }
  }

  /// Takes a key whose value is wanted but may be absent or empty.
  public func optional(_ key: String) -> YAMLValue? {
    asked.append(key)
    guard let entry = entries.first(where: { $0.key == key }), !entry.value.isNull else { return nil }
    return entry.value
  }

  /// Takes a key that must be there and have a value.
  public func required(_ key: String, cure: String) -> YAMLValue? {
    if let value = optional(key) { return value }
    reportedEmpty.insert(key)
    problems.report(
      has(key) ? "'\(key)' has no value" : "'\(key)' is missing", at: position(of: key) ?? position,
      cure: cure)
    return nil
  }

  /// All entries in the order of the file, for mappings whose keys are names of the user's choice.
  public func named() -> [(name: String, position: SourcePosition, value: YAMLValue)] {
    asked += keys
    return entries.map { ($0.key, $0.keyPosition, $0.value) }
  }

  /// Reports every known key that has no value, for mappings in which leaving it out quietly would change what
  /// the file says.
  public func demandValues() {
    for entry in entries
    where entry.value.isNull && asked.contains(entry.key) && !reportedEmpty.contains(entry.key) {
      problems.report(
        "'\(entry.key)' has no value", at: entry.keyPosition, cure: "Write a value, or drop the key")
    }
  }

  /// Reports every key that was never asked for, with the nearest known one.
  public func finish(_ what: String) {
    for entry in entries where !asked.contains(entry.key) {
      let near = Self.nearest(to: entry.key, in: asked)
      problems.report(
        "unknown key '\(entry.key)' in \(what)", at: entry.keyPosition,
        cure: near.map { "Did you mean '\($0)'" }
          ?? "Known keys: \(Array(Set(asked)).sorted().joined(separator: ", "))")
    }
  }

  /// The candidate within two edits of the word, if there is one.
  public static func nearest(to word: String, in candidates: [String]) -> String? {
    let scored = Set(candidates).map { (distance: edits(word.lowercased(), $0.lowercased()), name: $0) }
    let best = scored.min { ($0.distance, $0.name) < ($1.distance, $1.name) }
    guard let best, best.distance <= max(1, min(2, word.count / 2)) else { return nil }
    return best.name
  }

  private static func edits(_ left: String, _ right: String) -> Int {
    let a = Array(left.unicodeScalars.prefix(64))
    let b = Array(right.unicodeScalars.prefix(64))
    var row = Array(0...b.count)
    for i in 0..<a.count {
      var previous = row[0]
      row[0] = i + 1
      for j in 0..<b.count {
        let next = min(row[j + 1] + 1, row[j] + 1, previous + (a[i] == b[j] ? 0 : 1))
        previous = row[j + 1]
        row[j + 1] = next
      }
    }
    return row[b.count]
  }
}

/// Which column of a file, or key of its objects, is what: worked out once from the mapping and the header.
struct ColumnPlan {
  /// What one column or key is used for; nothing if the mapping gives its name to another one.
  struct Use {
    let key: [UInt8]
    var slots: [Int] = []
    var fields: [String] = []
  }

  /// Columns and keys that mean something by their name.
  private(set) var uses: ContiguousArray<Use> = []
  /// For each slot the number of its column in a CSV; -1 if it has none.
  private(set) var slotColumns: ContiguousArray<Int> = []
  /// Columns of a CSV that become fields.
  private(set) var fieldColumns: ContiguousArray<(name: String, column: Int)> = []
  /// Slots and fields that are the same in every row.
  private(set) var constants: [(slot: Int?, name: String, value: String)] = []
  /// How many columns the header has; 0 without one.
  private(set) var columnCount = 0
  /// True if columns and keys without a use become fields under their own name.
  let keepsOthers: Bool
  /// True if blanks around values are no part of them.
  private(set) var trims = true

  /// The plan for objects of JSON Lines.
  init(kind: FileKind, mapping: ColumnMapping) {
    keepsOthers = kind == .contacts
    let slots = kind.slots
    slotColumns = ContiguousArray(repeating: -1, count: slots.count)
    for name in slots + mapping.sources.keys.sorted().filter({ !slots.contains($0) }) {
      let slot = slots.firstIndex(of: name)
      switch mapping.sources[name] ?? .header(name) {
      case .always(let value): constants.append((slot, name, value))
      case .header(let header):
        let use = index(of: header)
        if let slot { uses[use].slots.append(slot) } else { uses[use].fields.append(name) }
      }
      _ = index(of: name)
    }
  }

  /// The plan for a CSV with this header, or what the header lacks.
  init(header: [String], kind: FileKind, mapping: ColumnMapping) throws(HeaderProblem) {
    self.init(kind: kind, mapping: mapping)
    var seen: Set<String> = []
    for name in header where !name.isEmpty && !seen.insert(name).inserted {
      throw HeaderProblem(
        what: "the header names '\(name)' twice", cure: "Rename or remove one of the columns")
    }
    guard kind != .output || header == kind.slots else {
      throw HeaderProblem(
        what: "the header is not \(kind.slots.joined(separator: ",")), so this file is not ours to replace",
        cure: "Name another file as output, or move this one away")
    }
    for (name, source) in mapping.sources.sorted(by: { $0.key < $1.key }) {
      guard case .header(let wanted) = source, !header.contains(wanted) else { continue }
      throw HeaderProblem(
        what: "the header has no column '\(wanted)', named by columns.\(kind.rawValue).\(name)",
        cure: "Columns: \(header.joined(separator: ", "))")
    }
    columnCount = header.count
    for (column, name) in header.enumerated() where !name.isEmpty {
      if let use = uses.first(where: { $0.key.elementsEqual(name.utf8) }) {
        for slot in use.slots { slotColumns[slot] = column }
        fieldColumns += use.fields.map { ($0, column) }
      } else if keepsOthers {
        fieldColumns.append((name, column))
      }
    }
    try demand(kind, header: header)
  }

  /// Each column is the slot of its number, and its values are taken as they are.
  init(columns: Int) {
    keepsOthers = false
    trims = false
    columnCount = columns
    slotColumns = ContiguousArray(0..<columns)
  }

  /// The columns that are used, under the names by which we know them.
  func usedNames(_ kind: FileKind) -> [String] {
    let found = zip(kind.slots, slotColumns).filter { $0.1 >= 0 }.map(\.0)
    return found + constants.compactMap { $0.slot == nil ? nil : $0.name } + fieldColumns.map(\.name)
  }

  private mutating func index(of key: String) -> Int {
    if let known = uses.firstIndex(where: { $0.key.elementsEqual(key.utf8) }) { return known }
    uses.append(Use(key: Array(key.utf8)))
    return uses.count - 1
  }

  private func demand(_ kind: FileKind, header: [String]) throws(HeaderProblem) {
    let there = usedNames(kind)
    for choice in kind.demanded where !choice.contains(where: there.contains) {
      let wanted =
        choice.count == 1 ? "no column '\(choice[0])'" : "neither '\(choice.joined(separator: "' nor '"))'"
      throw HeaderProblem(
        what: "the header has \(wanted)",
        cure: "Columns: \(header.joined(separator: ", ")). Rename one, or map it: columns: "
          + "{ \(kind.rawValue): { \(choice[choice.count - 1]): \"its header\" } }")
    }
  }
}

/// Why the header of a file cannot be used.
struct HeaderProblem: Error, Equatable {
  let what: String
  let cure: String
}

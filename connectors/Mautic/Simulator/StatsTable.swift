/// A table under `/api/stats`: columns of numbers, texts by their number in a pool, and columns that follow
/// from others, so that millions of rows stay small.
struct StatsTable: Sendable {
  /// What a column holds and how it is stored.
  enum Content: Sendable {
    case number
    case date
    case text
    /// The same in every row; nil is null.
    case constant(String?)
    /// As another column.
    case copy(of: Int)
    /// A text wherever another column has a value.
    case present(String, with: Int)
    /// A text of so many letters and digits that no other row has.
    case token(Int)
    /// A UUID.
    case uuid
    /// What PHP makes of a page's address.
    case pageQuery(url: Int)
    /// What PHP makes of the last opening.
    case openDetails(date: Int)
  }

  struct Column: Sendable {
    let name: String
    let content: Content
    var cells: [UInt32] = []

    init(_ name: String, _ content: Content) {
      self.name = name
      self.content = content
    }

    var isStored: Bool {
      switch content {
      case .number, .date, .text: return true
      default: return false
      }
    }

    /// The cell that stands for null: no number, date or text is stored so.
    var null: UInt32 {
      if case .number = content { return 0x8000_0000 }
      return .max
    }
  }

  let name: String
  private(set) var columns: [Column]
  private(set) var count = 0
  private(set) var nextID = 1
  private let idColumn: Int?
  private let stored: [Int]
  private var index = KeysetIndex()

  init(_ name: String, _ columns: [Column]) {
    self.name = name
    self.columns = columns
    stored = columns.indices.filter { columns[$0].isStored }
    if let first = columns.first, first.name == "id", first.isStored { idColumn = 0 } else { idColumn = nil }
  }

  /// The place of a column.
  func place(of column: String) -> Int? { columns.firstIndex { $0.name == column } }

  /// Adds a row and gives its place: the cells of the stored columns in their order, without the id; nil is
  /// null.
  @discardableResult
  mutating func append(_ cells: [UInt32?]) -> Int {
    index.invalidate()
    var rest = cells[...]
    for place in stored {
      if place == idColumn {
        columns[place].cells.append(UInt32(nextID))
      } else {
        columns[place].cells.append((rest.popFirst() ?? nil) ?? columns[place].null)
      }
    }
    nextID += 1
    count += 1
    return count - 1
  }

  /// A stored cell; nil for null.
  func cell(_ column: Int, _ row: Int) -> UInt32? {
    let cell = columns[column].cells[row]
    return cell == columns[column].null ? nil : cell
  }

  /// Sets a stored cell.
  mutating func set(_ column: String, _ row: Int, _ cell: UInt32?) {
    guard let place = place(of: column) else { return }
    index.invalidate()
    columns[place].cells[row] = cell ?? columns[place].null
  }

  /// A row's id.
  func id(_ row: Int) -> Int {
    idColumn.map { Int(columns[$0].cells[row]) } ?? row + 1
  }

  /// Replaces one value of a column by another wherever it stands; nil is null.
  mutating func replace(_ column: String, _ old: UInt32, with new: UInt32?) {
    guard let place = place(of: column) else { return }
    index.invalidate()
    let new = new ?? columns[place].null
    for row in 0..<count where columns[place].cells[row] == old { columns[place].cells[row] = new }
  }

  /// Takes out the rows that have this value in a column, or those of them that also pass a test.
  mutating func removeRows(
    where column: String, is value: UInt32, and test: (StatsTable, Int) -> Bool = { _, _ in true }
  ) {
    guard let place = place(of: column) else { return }
    let kept = (0..<count).filter { columns[place].cells[$0] != value || !test(self, $0) }
    guard kept.count < count else { return }
    index.invalidate()
    for place in stored { columns[place].cells = kept.map { columns[place].cells[$0] } }
    count = kept.count
  }

  /// The rows that pass, in the order of the table.
  mutating func rows(where parts: [Condition], pool: TextPool) -> MatchedRows {
    let plan = KeysetPlan(parts, idColumn: idColumn)
    var index = self.index
    let found = index.rows(of: plan, count: count, id: { id($0) }) { column, row in
      condition(column, row, pool: pool)
    }
    self.index = index
    return found
  }

  /// What a comparison sees.
  func condition(_ column: Int, _ row: Int, pool: TextPool) -> ConditionCell {
    switch columns[column].content {
    case .number: return cell(column, row).map { .number(Double(Int32(bitPattern: $0))) } ?? .null
    case .date: return cell(column, row).map { .number(Double($0)) } ?? .null
    case .text: return cell(column, row).map { .text(pool[$0]) } ?? .null
    case .constant(let text): return text.map { .text($0) } ?? .null
    case .copy(let other): return condition(other, row, pool: pool)
    default: return text(column, row, pool: pool).map { .text($0) } ?? .null
    }
  }

  /// By which kind a comparison with a column reads its operand.
  func kind(of column: Int) -> ColumnKind {
    switch columns[column].content {
    case .number: return .number
    case .date: return .date
    case .copy(let other): return kind(of: other)
    default: return .text
    }
  }
}

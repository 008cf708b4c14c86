import Scoring

/// The `where` and `order` parameters of Mautic's lists.
///
/// Only operators of the known list are ever sent: an unknown one is ignored by the server, which then gives
/// everything (seen on 5.1.1).
struct MauticQuery {
  private(set) var pairs: [(String, String)]
  private var clauses = 0

  /// A list of so many entries.
  init(limit: Int) {
    pairs = [("limit", "\(limit)")]
  }

  /// One comparison.
  enum Comparison: String {
    case equal = "eq"
    case greater = "gt"
    case atLeast = "gte"
    case isIn = "in"
    case isNull
    case isNotNull
  }

  /// Adds a parameter.
  mutating func add(_ name: String, _ value: String) {
    pairs.append((name, value))
  }

  /// All clauses have to hold.
  mutating func demand(_ column: String, _ comparison: Comparison, _ value: String = "") {
    pairs.append(("where[\(clauses)][col]", column))
    pairs.append(("where[\(clauses)][expr]", comparison.rawValue))
    pairs.append(("where[\(clauses)][val]", value))
    clauses += 1
  }

  /// One of these has to hold.
  mutating func demandAny(_ parts: [(column: String, comparison: Comparison, value: String)]) {
    pairs.append(("where[\(clauses)][expr]", "orX"))
    for (index, part) in parts.enumerated() {
      let name = "where[\(clauses)][val][\(index)]"
      pairs.append((name + "[col]", part.column))
      pairs.append((name + "[expr]", part.comparison.rawValue))
      pairs.append((name + "[val]", part.value))
    }
    clauses += 1
  }

  /// Contacts in the order of their ids; the server's own order is by last activity and moves while one pages.
  mutating func orderContactsByID() {
    pairs.append(("orderBy", "id"))
    pairs.append(("orderByDir", "ASC"))
  }

  /// Rows of a table in the order of a column.
  mutating func order(by column: String, descending: Bool = false) {
    pairs.append(("order[0][col]", column))
    pairs.append(("order[0][dir]", descending ? "DESC" : "ASC"))
  }

  /// A moment as the database compares it: UTC without a zone.
  static func text(_ moment: Timestamp) -> String {
    let text = moment.description
    return text.prefix(10) + " " + text.dropFirst(11).prefix(8)
  }
}

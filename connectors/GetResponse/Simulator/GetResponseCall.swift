import Platform
import SimulatorJSON

/// One request on its way through the routes.
struct GetResponseCall {
  let method: String
  /// The path's parts behind `/v3`.
  let path: [String]
  let query: [SimulatedPair]
  let body: JSON
  /// Seconds since 1970.
  let now: Int64

  /// The first value of this name in the query.
  func parameter(_ name: String) -> String? { query.first { $0.name == name }?.value }

  /// No such path, or no such method there.
  var notFound: Refusal { .notFound("\(method) /v3/\(path.joined(separator: "/"))") }

  /// The body, which has to be a map.
  func map() throws(Refusal) -> JSON {
    guard case .map = body else { throw .invalid("body", "The body must be a JSON object") }
    return body
  }

  /// A record with the fields that were asked for; its id comes along always.
  func picked(_ record: JSON, id: String) -> JSON {
    guard let names = parameter("fields"), !names.isEmpty, case .map(let members) = record else {
      return record
    }
    let wanted = Set(names.split(separator: ",").map { $0.filter { $0 != " " } } + [id])
    return .map(members.filter { wanted.contains($0.name) })
  }
}

/// The rules that all lists share: pages, filters and orders.
struct ListQuery {
  let page: Int
  let perPage: Int
  /// Filters by name; the ends of a range are `changedOn.from` and `changedOn.to`.
  let filters: [String: String]
  /// By what the list is ordered, the most important first.
  let sorts: [(name: String, ascending: Bool)]

  /// Reads the query of a call; filters and orders that the list does not know are refused, as are pages that
  /// are none.
  init(_ call: GetResponseCall, filters known: Set<String> = [], sorts knownSorts: Set<String> = [])
    throws(Refusal)
  {
    page = try Self.number(call, "page", usual: 1, most: .max)
    perPage = try Self.number(call, "perPage", usual: 100, most: 1_000)
    var filters: [String: String] = [:]
    var sorts: [(name: String, ascending: Bool)] = []
    for pair in call.query {
      if let name = Self.inner(pair.name, of: "query") {
        guard known.contains(name) else { throw .invalid(pair.name, "Unknown filter", type: "query") }
        filters[name] = pair.value
      } else if let name = Self.inner(pair.name, of: "sort") {
        guard knownSorts.contains(name) else { throw .invalid(pair.name, "Unknown order", type: "query") }
        let order = pair.value.uppercased()
        guard order == "ASC" || order == "DESC" else {
          throw .invalid(pair.name, "The order must be ASC or DESC", type: "query")
        }
        sorts.append((name, order == "ASC"))
      }
    }
    self.filters = filters
    self.sorts = sorts
  }

  /// `changedOn.from` of `query[changedOn][from]`; nil if this is no parameter of that kind.
  private static func inner(_ name: String, of kind: String) -> String? {
    guard name.hasPrefix(kind + "["), name.hasSuffix("]") else { return nil }
    return name.dropFirst(kind.count + 1).dropLast().split(separator: "][").joined(separator: ".")
  }

  private static func number(
    _ call: GetResponseCall, _ name: String, usual: Int, most: Int
  ) throws(Refusal) -> Int {
    guard let text = call.parameter(name) else { return usual }
    guard let number = Int(text), (1...most).contains(number) else {
      let bounds = most == .max ? "a whole number above 0" : "a whole number from 1 to \(most)"
      throw .invalid(name, "\(name) must be \(bounds)", type: "query")
    }
    return number
  }

  /// A range of moments, both ends inclusive; nil if neither is given.
  func range(_ name: String) throws(Refusal) -> TimeRange? {
    let from = try moment(name + ".from", isEnd: false)
    let to = try moment(name + ".to", isEnd: true)
    return from == nil && to == nil ? nil : TimeRange(from: from ?? .min, to: to ?? .max)
  }

  private func moment(_ name: String, isEnd: Bool) throws(Refusal) -> Int64? {
    guard let text = filters[name] else { return nil }
    guard let seconds = DateText.seconds(text, isEnd: isEnd) else {
      throw .invalid(name, "Invalid date: \(text)", type: "query")
    }
    return seconds
  }

  /// Where the page's records stand in a list of so many.
  func bounds(of count: Int) -> Range<Int> {
    let (start, overflow) = (page - 1).multipliedReportingOverflow(by: perPage)
    guard !overflow, start < count else { return count..<count }
    return start..<min(count, start + perPage)
  }

  /// Orders places as the list asks for; places that are alike stay as they were.
  func sorted(_ places: [Int], by compare: (String, Int, Int) -> Int) -> [Int] {
    guard !sorts.isEmpty else { return places }
    return places.sorted { left, right in
      for sort in sorts {
        let order = compare(sort.name, left, right)
        if order != 0 { return (order < 0) == sort.ascending }
      }
      return left < right
    }
  }

  /// -1, 0 or 1.
  static func order<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
    left < right ? -1 : left == right ? 0 : 1
  }
}

extension String {
  /// Whether another text stands in this one, in any case.
  func contains(anyCase other: String) -> Bool {
    other.isEmpty || lowercased().contains(other.lowercased())
  }
}

import Platform
import WebAPI

/// A list that is read by its ids: each page asks for those above the last one, so that nothing is passed over when
/// rows before it change. With `start=-1` Bitrix24 does not count the rows, which costs it most.
///
/// Within a batch each page refers to the last id of the one before.
struct KeysetList: Sendable {
  let method: String
  /// Everything but order, bound and start.
  var parameters: [(String, String)]
  /// The universal methods wrap their rows, and write ids in small letters.
  var isUniversal = false
  /// Stage history wraps its rows, but writes its ids in capitals.
  var isWrapped = false
  /// Distinguishes lists of one method within a batch; begins with a letter.
  var mark = "p"
  /// How many rows a page has: Bitrix24 always gives 50.
  var rows = KeysetList.usualRows

  static let usualRows = 50

  private var key: String { isUniversal ? "id" : "ID" }

  /// So many pages, from those above an id on.
  func commands(after: Int64, count: Int) -> [NamedCommand] {
    (1...max(1, count)).map { number in
      let bound: String
      if number == 1 {
        bound = "\(after)"
      } else {
        let path = isUniversal || isWrapped ? "[items]" : ""
        bound = "$result[\(name(number - 1))]\(path)[\(rows - 1)][\(key)]"
      }
      return NamedCommand(
        "\(mark)\(number)",
        Command(
          method,
          parameters + [("filter[>\(key)]", bound), ("order[\(key)]", "ASC"), ("start", "-1")]))
    }
  }

  private func name(_ number: Int) -> String { CommandName.make(method, "\(mark)\(number)") }

  /// What pages in a row gave.
  struct Chain: Sendable {
    var rows: [JSONValue] = []
    /// The largest id among them.
    var last: Int64
    /// True if there was nothing more.
    var isEnd = false
    /// True if every page was full.
    var isFull = true
    /// Why the first page was refused.
    var trouble: Bitrix24Trouble?
  }

  /// Reads pages up to the first that is short, refused, missing, or the first page over again: the bound of what
  /// follows a short page is empty, and an empty bound is none.
  func chain(_ answer: BatchAnswer, after: Int64, count: Int) throws(ConnectorFailure) -> Chain {
    var chain = Chain(last: after)
    for number in 1...max(1, count) {
      let rows: [JSONValue]
      switch answer[name(number)] {
      case .result(let value): rows = (isUniversal || isWrapped ? value["items"] : value).elements
      case .trouble(let trouble):
        if number == 1 { chain.trouble = trouble }
        chain.isFull = false
        return chain
      case .missing:
        guard number > 1 else {
          throw ConnectorFailure(
            .unavailable, "Bitrix24 left \(method) of a batch unanswered", cure: "The next run tries again")
        }
        chain.isFull = false
        return chain
      }
      let ids = rows.compactMap { $0[key].integer }.map { Int64($0) }
      if let first = ids.min(), first <= chain.last {
        guard number > 1 else { throw Self.standstill(after) }
        chain.isFull = false
        return chain
      }
      chain.rows += rows
      chain.last = ids.max() ?? chain.last
      if rows.count < self.rows {
        chain.isEnd = true
        chain.isFull = false
        return chain
      }
      // Rows without ids lead nowhere.
      if ids.isEmpty { throw Self.standstill(after) }
    }
    return chain
  }

  /// A server, or a proxy before it, that drops what it was asked for gives the same rows for ever.
  static func standstill(_ after: Int64) -> ConnectorFailure {
    ConnectorFailure(
      .badData, "Bitrix24 gives the same rows again when asked for those after \(after)",
      cure: "See that no proxy changes the requests on their way")
  }
}

/// How long chains are.
struct ChainSizes: Sendable {
  /// Rows of a page.
  var rows = KeysetList.usualRows
  /// The most pages in one request.
  var longest = Bitrix24API.mostCommands
  private static let steps = [1, 5, 25, 50]

  /// The length after one of which every page was full: commands that find nothing still cost working time.
  func next(after count: Int, pace: CommandPace, method: String) -> Int {
    let step = Self.steps.first { $0 > count } ?? Bitrix24API.mostCommands
    return max(1, min(step, longest, pace.most(of: method)))
  }
}

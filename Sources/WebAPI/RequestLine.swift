/// One request and its outcome as a line of plain text.
///
/// `web  PATCH  /api/contacts/batch/edit  200  0.231 s  4.2 KB sent  76 KB read  waited 1.2 s  try 2`
public enum RequestLine {
  private static let connectionColumns = 8
  private static let methodColumns = 6
  private static let shortestPath = 12
  /// What always follows the path: status, seconds, bytes sent and read, with two spaces before each.
  private static let figureColumns = 2 + 3 + 2 + 7 + 2 + 11 + 2 + 11
  /// What may follow: a wait and the number of the try.
  private static let extraColumns = 2 + 13 + 2 + 6

  /// The line, without a line end: masked, free of control characters, its columns under those of the line
  /// before, and of at most so many columns, but not of fewer than 100.
  public static func text(_ exchange: WebExchange, columns: Int = 120) -> String {
    let columns = max(100, columns)
    let connection = PlainLine.cut(PlainLine.safe(exchange.redactor.redact(exchange.connection)), 20)
    let method = PlainLine.safe(exchange.redactor.redact(exchange.request.method))
    let start =
      PlainLine.left(connection, max(connectionColumns, PlainLine.width(connection)))
      + "  " + PlainLine.left(method, methodColumns) + "  "
    let room = columns - PlainLine.width(start) - figureColumns - extraColumns
    let head = start + PlainLine.left(path(exchange), max(shortestPath, room)) + "  "
    let extras = extras(exchange)
    switch exchange.outcome {
    case .success(let answer): return PlainLine.cut(head + figures(exchange, answer) + extras, columns)
    case .failure(let failure):
      let what = PlainLine.safe(exchange.redactor.redact(failure.what))
      let left = columns - PlainLine.width(head) - PlainLine.width(extras)
      return head + PlainLine.cut("failed: \(what)", left) + extras
    }
  }

  private static func figures(_ exchange: WebExchange, _ answer: WebResponse) -> String {
    let sent = PlainLine.bytes(exchange.request.body?.count ?? 0)
    return PlainLine.right(String(answer.status), 3) + "  "
      + PlainLine.right(PlainLine.seconds(exchange.seconds), 7) + "  " + PlainLine.right("\(sent) sent", 11)
      + "  " + PlainLine.right("\(PlainLine.bytes(answer.body.count)) read", 11)
  }

  private static func extras(_ exchange: WebExchange) -> String {
    // Less than this is no wait that anyone asked for.
    (exchange.waited >= 0.0005 ? "  waited \(PlainLine.seconds(exchange.waited))" : "")
      + (exchange.number > 1 ? "  try \(exchange.number)" : "")
  }

  /// The path and the query, whose values are cut short.
  private static func path(_ exchange: WebExchange) -> String {
    // Masked before it is cut, or the first half of a secret might be left.
    let url = PlainLine.safe(exchange.redactor.redact(url: exchange.request.url))
    let text = withoutHost(url)
    guard let mark = text.firstIndex(of: "?") else { return text }
    let pairs = text[text.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false)
    return text[...mark] + pairs.map(shortened).joined(separator: "&")
  }

  private static func withoutHost(_ url: String) -> String {
    guard let scheme = url.firstRange(of: "://") else { return url }
    let rest = url[scheme.upperBound...]
    return rest.firstIndex { "/?".contains($0) }.map { String(rest[$0...]) } ?? "/"
  }

  private static func shortened(_ pair: Substring) -> String {
    guard let equals = pair.firstIndex(of: "=") else { return PlainLine.cut(String(pair), 24) }
    let name = PlainLine.cut(String(pair[..<equals]), 24)
    return name + "=" + PlainLine.cut(String(pair[pair.index(after: equals)...]), 10)
  }
}

import WebAPI

/// What an input says about a platform: a few letters that choose what is done, then answers, one after the other.
///
/// The parts stand behind each other with a record separator (0x1E) between them, which is never in JSON. An
/// answer's first line is its status and its headers, `200|Retry-After: 5`, or `!` and how it fails; its body
/// follows. In a choice the lower six bits count, so that `@` is 0 and `A` is 1.
struct WebScript: Sendable {
  /// What the connector is asked.
  struct Steps: OptionSet, Sendable {
    let rawValue: UInt8
    static let pullTwice = Steps(rawValue: 1)
    static let current = Steps(rawValue: 2)
    static let prepare = Steps(rawValue: 4)
    static let write = Steps(rawValue: 8)
    static let check = Steps(rawValue: 16)
    static let task = Steps(rawValue: 32)
  }

  /// What follows the last answer.
  enum Ending: UInt8, Sendable {
    case notFound, unreachable, last, cycle, lost
  }

  /// One answer, or none.
  enum Reply: Sendable {
    case answer(WebResponse)
    case failure(TransportFailure)
  }

  static let separator: UInt8 = 0x1E

  /// Which account it is: each platform has several.
  var sort = 0
  var steps: Steps = []
  var ending = Ending.notFound
  var replies: [Reply] = []

  init(_ bytes: [UInt8]) {
    let parts = bytes.split(separator: Self.separator, omittingEmptySubsequences: false)
    let choices = (parts.first ?? []).prefix(3).map { $0 & 0x3F }
    if choices.count > 0 { sort = Int(choices[0]) }
    if choices.count > 1 { steps = Steps(rawValue: choices[1]) }
    if choices.count > 2 { ending = Ending(rawValue: choices[2] % 5) ?? .notFound }
    replies = parts.dropFirst().prefix(200).map { Self.reply(Array($0)) }
  }

  private static func reply(_ bytes: [UInt8]) -> Reply {
    let end = bytes.firstIndex(of: 0x0A) ?? 0
    let head = String(decoding: bytes[..<end], as: UTF8.self)
    let body = Array(bytes.dropFirst(end == 0 ? 0 : end + 1))
    if head.hasPrefix("!") { return .failure(failure(head)) }
    let fields = head.split(separator: "|", omittingEmptySubsequences: false)
    let headers = fields.dropFirst().map { field in
      let sides = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      return WebHeader(
        String(sides[0]), sides.count > 1 ? String(sides[1].drop { $0 == " " }) : "")
    }
    // libcurl gives no status of other lengths.
    let status = fields.first.flatMap { Int($0) }.map { min(max($0, 100), 999) } ?? 200
    return .answer(WebResponse(status: status, headers: headers, body: body))
  }

  private static func failure(_ head: String) -> TransportFailure {
    let kinds: [TransportFailure.Kind] = [
      .unreachable, .certificate, .timedOut, .disconnected, .tooLarge, .badRequest, .cancelled, .other,
    ]
    let number = head.utf8.dropFirst().first.map { Int($0) } ?? 0
    return TransportFailure(
      reach: number & 8 == 0 ? .neverSent : .maybeReceived, kind: kinds[number & 7], what: "it failed")
  }
}

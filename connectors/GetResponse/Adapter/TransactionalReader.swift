import Platform
import Scoring
import WebAPI

/// Reads what became of transactional e-mails of the last days. The list tells a state of each; when it was opened
/// and what was clicked is in its details, which are read when the state is new, and now and then again for those
/// that were opened, since a click does not change it.
struct TransactionalReader: ActivityReader {
  let api: GetResponseAPI
  let refresh: TimeSpan
  /// Where it is kept whose details were read; nil: nowhere.
  let path: String?
  let size: Int

  let stream = StreamName("transactional")

  private static let kinds: [KnownKind] = [
    .emailOpen, .emailClick, .emailBounce, .emailComplaint, .emailSent,
  ]

  /// The kinds that the model is worth; that a mail was sent is told by the details alone, so that it is worth
  /// a call only if the model names it.
  private static func wanted(_ needs: PullNeeds?) -> [String] {
    kinds.filter { needs?.kinds?.contains(.known($0)) ?? ($0 != .emailSent) }.map(\.name)
  }

  func page(after last: Cursor?, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    var cursor = try DatedCursor.resume(last, kinds: Self.wanted(window.needs), window)
    var page = Page.activities(cursor.reading, cursor.encoded)
    guard !cursor.kinds.isEmpty else {
      cursor.isDone = true
      page.cursor = cursor.encoded
      return page
    }
    let answer = try await api.answer(
      to: api.call(
        GetResponsePaths.transactional,
        [
          ("query[sentOn][from]", GetResponseTime.text(cursor.from)), ("page", "\(cursor.page)"),
          ("perPage", "\(size)"),
        ]))
    if !answer.isGood, answer.isRefusal {
      page.refuse(api.refusal(answer, of: GetResponsePaths.transactional), &cursor, place: "transactional")
      return page
    }
    guard answer.isGood else { throw api.refusal(answer, of: GetResponsePaths.transactional) }
    cursor.hear(answer)
    cursor.isRefused = false
    page.recordsRead = answer.json.count
    try await take(answer.json.elements, &cursor, into: &page, window)
    page.hasMore = answer.json.count >= size
    cursor.page += 1
    cursor.isDone = !page.hasMore
    page.cursor = cursor.encoded
    return page
  }

  private func take(
    _ rows: [JSONValue], _ cursor: inout DatedCursor, into page: inout Page, _ window: PullWindow
  ) async throws(ConnectorFailure) {
    let seen = path.map {
      SeenFile(
        path: $0, title: "\(cursor.epoch)", confirmed: Set(cursor.readings).subtracting([cursor.begunAt]))
    }
    if cursor.page == 1 { try seen?.begin() }
    var wanted: [String] = []
    var keys: [String] = []
    for row in rows {
      guard let id = ContactMapping.text(row["transactionalEmailId"]) else {
        page.rejected.append(RejectedRecord(place: "transactional", reason: "an e-mail has no id"))
        continue
      }
      guard let key = key(row, id, cursor), seen?.has(key) != true else { continue }
      wanted.append(id)
      keys.append(key)
    }
    guard !wanted.isEmpty else { return }
    let mails = try await Together.map(wanted) { (id) async throws(ConnectorFailure) -> JSONValue? in
      let path = GetResponsePaths.transactional(id)
      let answer = try await api.answer(to: api.call(path))
      if !answer.isGood, answer.trouble.kind == .notFound { return nil }
      guard answer.isGood else { throw api.refusal(answer, of: path) }
      return answer.json
    }
    for (id, mail) in zip(wanted, mails) {
      if let mail { Self.take(mail, id, cursor.kinds, into: &page, window) }
    }
    if path != nil, !cursor.readings.contains(cursor.begunAt) { cursor.readings.append(cursor.begunAt) }
    try seen?.add(keys, reading: cursor.begunAt)
  }

  /// What has to be new of a mail to be worth its details; nil if nothing is.
  private func key(_ row: JSONValue, _ id: String, _ cursor: DatedCursor) -> String? {
    let state = row["recipients"]["to"]["status"].text ?? "unknown"
    switch state {
    case "opened":
      let turn = refresh.seconds > 0 ? cursor.begunAt / refresh.seconds : cursor.begunAt
      return "\(id) \(state) \(turn)"
    case "bounced", "reported_spam": return "\(id) \(state)"
    default: return cursor.kinds.contains(KnownKind.emailSent.name) ? "\(id) \(state)" : nil
    }
  }

  /// Takes what the details of a mail tell.
  private static func take(
    _ mail: JSONValue, _ id: String, _ kinds: [String], into page: inout Page, _ window: PullWindow
  ) {
    let to = mail["recipients"]["to"]
    guard let address = ContactMapping.text(to["email"]) else {
      page.leftOut += 1
      return
    }
    func add(_ kind: KnownKind, _ time: JSONValue, _ identity: String, target: String? = nil) {
      guard kinds.contains(kind.name), let time = GetResponseTime.read(time) else { return }
      guard time >= window.since else {
        page.skippedAsOlder += 1
        return
      }
      page.activities.append(
        ActivityRecord(
          subject: .address(address), kind: .known(kind), time: time, target: target,
          campaign: ContactMapping.text(mail["subject"]), identity: .id("transactional/\(id)/\(identity)")))
    }
    let times = to["statuses"]
    add(.emailSent, times["sentOn"], "sent")
    add(.emailOpen, times["openedOn"], "opened")
    add(.emailBounce, times["bouncedOn"], "bounced")
    add(.emailComplaint, times["complainedOn"], "complained")
    var counts: [String: Int] = [:]
    // The documentation can be read either way.
    for link in mail["clickedLinks"].elements + to["clickedLinks"].elements {
      let content = "\(link["url"].text ?? "")|\(link["clickedOn"].text ?? "")"
      let count = (counts[content] ?? 0) + 1
      counts[content] = count
      add(
        .emailClick, link["clickedOn"], "click|\(content)#\(count)", target: ContactMapping.text(link["url"]))
    }
  }
}

import Platform
import Scoring
import WebAPI

/// Reads submissions, one form after the other. There is no filter by time, but the newest come first.
struct FormReader: ActivityReader {
  let api: HubSpotAPI
  let growth: CounterGrowth
  let forms: FormList
  let size: Int

  static let stream = StreamName("forms")
  var stream: StreamName { Self.stream }

  private static let overlap: Int64 = 3_600

  func page(after last: Cursor?, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    var cursor = try ActivityCursor.resume(last, at: window.now.seconds)
    var page = Page.activities(cursor)
    switch try await forms.all() {
    case .refused(let failure):
      await growth.noteRefused(.forms)
      page.refuse(failure, cursor, place: "forms")
      return page
    case .found(let all, let heardAt):
      if cursor.heardAt == nil { cursor.heardAt = heardAt?.seconds }
      if cursor.part.isEmpty {
        await growth.noteAllowed(.forms)
        guard let first = all.first else {
          page.end(cursor)
          return page
        }
        cursor.part = first.id
      }
      // A form that was deleted meanwhile is followed by the next one.
      guard let form = all.first(where: { $0.id >= cursor.part }) else {
        page.end(cursor)
        return page
      }
      if form.id != cursor.part { cursor.next = "" }
      cursor.part = form.id
      let isOver = try await read(form, &cursor, &page, window)
      if isOver {
        guard let next = all.first(where: { $0.id > form.id }) else {
          page.end(cursor)
          return page
        }
        cursor.part = next.id
        cursor.next = ""
      }
      page.cursor = cursor.encoded
      page.hasMore = true
      return page
    }
  }

  /// One page of a form; true if it was the last one that is wanted.
  private func read(
    _ form: FormList.Form, _ cursor: inout ActivityCursor, _ page: inout Page, _ window: PullWindow
  ) async throws(ConnectorFailure) -> Bool {
    var query = [("limit", "\(size)")]
    if !cursor.next.isEmpty { query.append(("after", cursor.next)) }
    let path = api.paths.submissions(of: form.id)
    let answer = try await api.answer(to: APICall(path: path, query: query))
    // Some sorts of forms have no submissions to read.
    if answer.status == 404 || answer.status == 400 {
      page.rejected.append(
        RejectedRecord(place: "forms/\(form.name)", reason: api.refusal(answer, of: path).what))
      return true
    }
    guard answer.status == 200 else { throw api.refusal(answer, of: path) }
    let since = max(window.since.seconds, cursor.since.map { $0 - Self.overlap } ?? window.since.seconds)
    var isOver = false
    for submission in answer.json["results"].elements {
      page.recordsRead += 1
      guard let time = HubSpotTime.read(submission["submittedAt"]) else {
        page.rejected.append(RejectedRecord(place: "forms/\(form.name)", reason: "a submission has no time"))
        continue
      }
      guard time.seconds >= since else {
        isOver = true
        if time < window.since { page.skippedAsOlder += 1 }
        continue
      }
      await take(submission, at: time, form, into: &page)
    }
    guard !isOver, let next = answer.next, next != cursor.next else { return true }
    cursor.next = next
    return false
  }

  private func take(
    _ submission: JSONValue, at time: Timestamp, _ form: FormList.Form, into page: inout Page
  ) async {
    let values = submission["values"].elements
    let address = values.first { $0["name"].text == "email" && !($0["value"].text ?? "").isEmpty }
    guard let email = address?["value"].text else {
      page.leftOut += 1
      return
    }
    if await growth.hasCounted(.forms, at: time) { return }
    let id =
      ContactMapping.text(submission["conversionId"]) ?? "\(form.id)/\(time.seconds)/\(email.lowercased())"
    page.activities.append(
      ActivityRecord(
        subject: .address(email), kind: .known(.formSubmit), time: time, target: form.name,
        identity: .id("forms/\(id)")))
  }
}

/// The forms of the account, asked for once.
actor FormList {
  /// A form.
  struct Form: Sendable {
    let id: String
    let name: String
  }

  /// What came of asking.
  enum Answer: Sendable {
    /// Them, and what the server's clock said before.
    case found([Form], at: Timestamp?)
    case refused(ConnectorFailure)
  }

  private let api: HubSpotAPI
  private var known: Answer?

  init(api: HubSpotAPI) {
    self.api = api
  }

  /// All forms, in the order of their ids.
  func all() async throws(ConnectorFailure) -> Answer {
    if let known { return known }
    var forms: [Form] = []
    var next = ""
    var seen: Set<String> = []
    var heardAt: Timestamp?
    while true {
      var query = [("limit", "100"), ("formTypes", "all")]
      if !next.isEmpty { query.append(("after", next)) }
      let answer = try await api.answer(to: APICall(path: api.paths.forms, query: query))
      if answer.isRefusal {
        let refused = Answer.refused(api.refusal(answer, of: api.paths.forms))
        known = refused
        return refused
      }
      guard answer.status == 200 else { throw api.refusal(answer, of: api.paths.forms) }
      heardAt = heardAt ?? answer.serverTime
      for form in answer.json["results"].elements {
        guard let id = ContactMapping.text(form["id"]) else { continue }
        forms.append(Form(id: id, name: ContactMapping.text(form["name"]) ?? "form \(id)"))
      }
      guard let further = answer.next, seen.insert(further).inserted else { break }
      next = further
    }
    let found = Answer.found(forms.sorted { $0.id < $1.id }, at: heardAt)
    known = found
    return found
  }
}

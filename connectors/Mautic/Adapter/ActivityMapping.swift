import Platform
import Scoring
import WebAPI

/// How rows of Mautic's tables become activities.
struct ActivityMapping: Sendable {
  let api: MauticAPI
  let names: MauticNames
  /// Ids in one request; more would make its address too long for usual servers.
  private static let mostIDs = 400

  /// Takes rows; those of contacts that were deleted (their `lead_id` is gone) say nothing any more.
  func take(
    _ rows: [JSONValue], of table: ActivityTable, into page: inout Page, since: Timestamp
  ) async throws(ConnectorFailure) {
    var drafts: [Draft] = []
    for row in rows {
      guard let id = row["id"].text, let time = row[table.timeColumn].text.flatMap({ Timestamp($0) }) else {
        let isBroken = row["id"].text == nil || row[table.timeColumn].text != nil
        if isBroken {
          page.rejected.append(
            RejectedRecord(
              place: "\(table.rawValue)/\(row["id"].text ?? "?")",
              reason: "its \(table.timeColumn) is no time"))
        }
        continue
      }
      guard time >= since else {
        page.skippedAsOlder += 1
        continue
      }
      drafts += Self.drafts(of: row, id: id, time: time, table)
    }
    if table == .emailOpens || table == .emailReplies { try await join(&drafts) }
    try await name(drafts, into: &page)
  }

  /// An activity whose names are still numbers.
  struct Draft {
    var lead: Int?
    var kind: KnownKind
    var time: Timestamp
    var identity: String
    var target: String?
    var form: Int?
    var asset: Int?
    var email: Int?
    var stat: Int?
    var value: Double?
  }

  static func drafts(of row: JSONValue, id: String, time: Timestamp, _ table: ActivityTable) -> [Draft] {
    var draft = Draft(
      lead: row["lead_id"].integer, kind: .pageVisit, time: time, identity: "\(table.rawValue)/\(id)")
    switch table {
    case .pageHits:
      guard row["code"].integer.map({ $0 == 200 }) ?? true else { return [] }
      draft.target = row["url"].text
      if row["redirect_id"].integer == nil {
        draft.value = seconds(from: time, to: row["date_left"])
        return [draft]
      }
      guard row["source"].text == "email" else { return [] }
      draft.kind = .emailClick
      draft.email = row["email_id"].integer ?? row["source_id"].integer
      return [draft]
    case .emailStats:
      draft.kind = .emailSent
      draft.email = row["email_id"].integer
      guard row["is_failed"].boolean == true else { return [draft] }
      var bounce = draft
      bounce.kind = .emailBounce
      bounce.identity += "/failed"
      return [draft, bounce]
    case .emailOpens, .emailReplies:
      draft.kind = table == .emailOpens ? .emailOpen : .emailReply
      draft.stat = row["stat_id"].integer
      return [draft]
    case .formSubmissions:
      draft.kind = .formSubmit
      draft.form = row["form_id"].integer
      return [draft]
    case .assetDownloads:
      guard row["code"].integer.map({ $0 == 200 }) ?? true else { return [] }
      draft.kind = .download
      draft.asset = row["asset_id"].integer
      return [draft]
    case .videoHits:
      draft.kind = .videoView
      draft.target = row["url"].text
      draft.value = row["time_watched"].number
      return [draft]
    case .doNotContact:
      guard row["channel"].text == "email" else { return [] }
      switch row["reason"].integer {
      case 1: draft.kind = .emailUnsubscribe
      case 2: draft.kind = .emailBounce
      default: return []
      }
      if let email = row["channel_id"].integer, email > 0 { draft.email = email }
      return [draft]
    }
  }

  private static func seconds(from time: Timestamp, to left: JSONValue) -> Double? {
    guard let end = left.text.flatMap({ Timestamp($0) }), end > time else { return nil }
    return Double(end.seconds - time.seconds)
  }

  /// Opens and replies name a row of `email_stats`, which knows contact and e-mail.
  private func join(_ drafts: inout [Draft]) async throws(ConnectorFailure) {
    let ids = Set(drafts.compactMap(\.stat)).sorted()
    var known: [Int: (lead: Int?, email: Int?)] = [:]
    for chunk in ContactReader.chunks(ids, of: Self.mostIDs) {
      var query = MauticQuery(limit: chunk.count)
      query.order(by: "id")
      query.demand("id", .isIn, chunk.map(String.init).joined(separator: ","))
      let path = "/api/stats/\(ActivityTable.emailStats.rawValue)"
      let answer = try await api.get(path, query.pairs)
      guard answer.json["stats"].isPresent else { throw api.refusal(answer, of: path) }
      for row in answer.json["stats"].elements {
        guard let id = row["id"].integer else { continue }
        known[id] = (row["lead_id"].integer, row["email_id"].integer)
      }
    }
    for index in drafts.indices {
      guard let stat = drafts[index].stat, let row = known[stat] else { continue }
      drafts[index].lead = row.lead
      drafts[index].email = row.email
    }
  }

  private func name(_ drafts: [Draft], into page: inout Page) async throws(ConnectorFailure) {
    let used = drafts.filter { $0.lead != nil }
    let emails = try await names.names(of: Set(used.compactMap(\.email)), .emails)
    let forms = try await names.names(of: Set(used.compactMap(\.form)), .forms)
    let assets = try await names.names(of: Set(used.compactMap(\.asset)), .assets)
    for draft in used {
      guard let lead = draft.lead else { continue }
      var record = ActivityRecord(
        subject: .contact(ContactID("\(lead)")), kind: .known(draft.kind), time: draft.time,
        target: draft.target, value: draft.value, identity: .id(draft.identity))
      if let form = draft.form { record.target = forms[form] }
      if let asset = draft.asset { record.target = assets[asset] }
      if let email = draft.email { record.campaign = emails[email] }
      page.activities.append(record)
    }
  }
}

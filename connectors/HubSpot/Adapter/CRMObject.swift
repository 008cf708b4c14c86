import Platform
import Scoring
import WebAPI

/// A type of record that is linked to contacts and says that something happened.
enum CRMObject: String, CaseIterable, Sendable {
  case calls
  case meetings
  case emails
  case notes
  case tasks
  case deals

  /// The stream has the type's name.
  var stream: StreamName { StreamName(rawValue) }

  /// What is asked for.
  var properties: [String] {
    let own: [String] =
      switch self {
      case .calls: ["hs_timestamp", "hs_call_title", "hs_call_duration", "hs_call_status"]
      case .meetings:
        ["hs_timestamp", "hs_meeting_title", "hs_meeting_start_time", "hs_meeting_outcome"]
      case .emails: ["hs_timestamp", "hs_email_subject", "hs_email_direction"]
      case .notes: ["hs_timestamp"]
      case .tasks: ["hs_timestamp", "hs_task_subject"]
      case .deals:
        [
          "dealname", "amount", "dealstage", "pipeline", "closedate", "createdate", "hs_is_closed",
          "hs_is_closed_won",
        ]
      }
    return own + ["hs_lastmodifieddate"]
  }

  /// Something that a record says.
  struct Event: Equatable {
    let kind: KnownKind
    let time: Timestamp
    var target: String?
    var value: Double?
    /// What comes behind the record's id in the activity's identity.
    var suffix = ""
    var outcome: OutcomeResult?
  }

  /// Everything that a record says by now; nil if it has no time.
  func events(of record: JSONValue, stage: DealStages.Stage?, now: Timestamp) -> [Event]? {
    let properties = record["properties"]
    let created = HubSpotTime.read(properties["createdate"]) ?? HubSpotTime.read(record["createdAt"])
    let happened = HubSpotTime.read(properties["hs_timestamp"]) ?? created
    func text(_ name: String) -> String? { ContactMapping.text(properties[name]) }
    switch self {
    case .calls:
      // Nobody answered; a call that was noted by hand may have no status.
      if let status = text("hs_call_status"), status != "COMPLETED" { return [] }
      let seconds = properties["hs_call_duration"].number.map { $0 / 1_000 }
      return happened.map { [Event(kind: .call, time: $0, target: text("hs_call_title"), value: seconds)] }
    case .meetings:
      let outcome = text("hs_meeting_outcome") ?? ""
      if ["CANCELED", "CANCELLED", "NO_SHOW", "RESCHEDULED"].contains(outcome) { return [] }
      guard let start = HubSpotTime.read(properties["hs_meeting_start_time"]) ?? happened else { return nil }
      // It may still be called off; once it has begun it is found by its time.
      return start > now ? [] : [Event(kind: .meeting, time: start, target: text("hs_meeting_title"))]
    case .emails:
      guard text("hs_email_direction") == "INCOMING_EMAIL" else { return [] }
      return happened.map { [Event(kind: .emailReply, time: $0, target: text("hs_email_subject"))] }
    case .notes: return happened.map { [Event(kind: .note, time: $0)] }
    case .tasks:
      // Its own time is when it is due.
      return (created ?? happened).map { [Event(kind: .task, time: $0, target: text("hs_task_subject"))] }
    case .deals: return deal(properties, created, stage)
    }
  }

  private func deal(_ properties: JSONValue, _ created: Timestamp?, _ stage: DealStages.Stage?) -> [Event]? {
    guard let created else { return nil }
    let name = ContactMapping.text(properties["dealname"])
    let amount = properties["amount"].number
    var events = [Event(kind: .dealCreated, time: created, target: name, value: amount, suffix: "/created")]
    let isWon = stage.map { $0 == .won } ?? properties["hs_is_closed_won"].boolean ?? false
    let isLost =
      stage.map { $0 == .lost } ?? (properties["hs_is_closed"].boolean == true && !isWon)
    guard isWon || isLost else { return events }
    let closed =
      HubSpotTime.read(properties["closedate"]) ?? HubSpotTime.read(properties["hs_lastmodifieddate"])
    guard let closed else { return events }
    events.append(
      Event(
        kind: isWon ? .dealWon : .dealLost, time: closed, target: name, value: amount,
        suffix: isWon ? "/won" : "/lost", outcome: isWon ? .won : .lost))
    return events
  }
}

/// Which stages of deals mean won and lost, asked for once.
actor DealStages {
  /// What a stage means.
  enum Stage: Hashable, Sendable {
    case open
    case won
    case lost
  }

  private let api: HubSpotAPI
  private var known: [String: Stage]?

  init(api: HubSpotAPI) {
    self.api = api
  }

  /// Stages by their ids, which are unique in the account; none if they may not be seen, and then the deals' own
  /// marks have to do.
  func all() async throws(ConnectorFailure) -> [String: Stage] {
    if let known { return known }
    let answer = try await api.answer(to: APICall(path: api.paths.dealPipelines))
    guard answer.status == 200 || answer.isRefusal else {
      throw api.refusal(answer, of: api.paths.dealPipelines)
    }
    var stages: [String: Stage] = [:]
    for pipeline in answer.json["results"].elements {
      for stage in pipeline["stages"].elements {
        guard let id = stage["id"].text else { continue }
        let meaning = stage["metadata"]
        guard meaning["isClosed"].boolean == true else {
          stages[id] = .open
          continue
        }
        stages[id] = (meaning["probability"].number ?? 0) >= 1 ? .won : .lost
      }
    }
    known = stages
    return stages
  }
}

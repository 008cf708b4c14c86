/// A telephone call in the portal's statistics.
struct CallRow: Row {
  let id: Int64
  let activity: Int64
  var owner: EntityReference
  let time: Int64
  let seconds: Int64
  let number: String
  let isIncoming: Bool

  private enum Column: UInt8, CaseIterable {
    case id, user, number, callID, category, duration, start, vote, cost, currency, code, reason, entityType
    case entity, activity, comment, sort
  }

  func cell(_ field: Field) -> Cell {
    guard case .column(let number) = field.source, let column = Column(rawValue: number) else { return .none }
    switch column {
    case .id: return .whole(id)
    case .user: return .whole(1)
    case .number: return .text(self.number)
    case .callID: return .text("externalCall.\(id).\(time)")
    case .category: return .text("external")
    case .duration: return .whole(seconds)
    case .start: return .time(time)
    case .cost: return .text("0.0000")
    case .currency: return .text("EUR")
    case .code: return .text(seconds > 0 ? "200" : "304")
    case .reason: return .text(seconds > 0 ? "Success call" : "Missed call")
    case .entityType: return .text(owner.type.word.uppercased())
    case .entity: return .whole(owner.id)
    case .activity: return .whole(activity)
    case .sort: return .whole(isIncoming ? 2 : 1)
    case .vote, .comment: return .none
    }
  }

  static let fields: FieldList = {
    let names: [(String, Column, Field.Kind)] = [
      ("ID", .id, .integer), ("PORTAL_USER_ID", .user, .user), ("PHONE_NUMBER", .number, .string),
      ("CALL_ID", .callID, .string), ("CALL_CATEGORY", .category, .string),
      ("CALL_DURATION", .duration, .integer), ("CALL_START_DATE", .start, .datetime),
      ("CALL_VOTE", .vote, .integer), ("COST", .cost, .string), ("COST_CURRENCY", .currency, .string),
      ("CALL_FAILED_CODE", .code, .string), ("CALL_FAILED_REASON", .reason, .string),
      ("CRM_ENTITY_TYPE", .entityType, .string), ("CRM_ENTITY_ID", .entity, .integer),
      ("CRM_ACTIVITY_ID", .activity, .integer), ("COMMENT", .comment, .string),
      ("CALL_TYPE", .sort, .integer),
    ]
    return FieldList(
      names.map { Field(name: $0.0, item: $0.0, kind: $0.2, source: .column($0.1.rawValue)) })
  }()
}

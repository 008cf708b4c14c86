/// A line of the history of stages, which is only ever added to.
struct StageMove: Row {
  let id: Int64
  /// 1 made, 2 moved, 3 in a final stage.
  let sort: Int64
  let owner: EntityReference
  let time: Int64
  let stage: String
  /// `P` in work, `S` won, `F` lost.
  let semantics: String

  private enum Column: UInt8 {
    case id, sort, owner, time, category, semantics, stage
  }

  func cell(_ field: Field) -> Cell {
    guard case .column(let number) = field.source, let column = Column(rawValue: number) else { return .none }
    switch column {
    case .id: return .whole(id)
    case .sort: return .whole(sort)
    case .owner: return .whole(owner.id)
    case .time: return .time(time)
    case .category: return .whole(0)
    case .semantics: return .text(semantics)
    case .stage: return .text(stage)
    }
  }

  /// The fields of the history; those of leads have names of their own and no pipeline.
  static func fields(of type: EntityType) -> FieldList {
    let isLead = type == .lead
    let names: [(String, Column, Field.Kind)] = [
      ("ID", .id, .integer), ("TYPE_ID", .sort, .integer), ("OWNER_ID", .owner, .integer),
      ("CREATED_TIME", .time, .datetime), ("CATEGORY_ID", .category, .integer),
      (isLead ? "STATUS_SEMANTIC_ID" : "STAGE_SEMANTIC_ID", .semantics, .string),
      (isLead ? "STATUS_ID" : "STAGE_ID", .stage, .string),
    ]
    return FieldList(
      names.filter { !isLead || $0.1 != .category }.map {
        Field(name: $0.0, item: $0.0, kind: $0.2, source: .column($0.1.rawValue))
      })
  }
}

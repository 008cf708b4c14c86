import Scoring

/// What somebody has to do about a contact, a lead, a deal or a company.
extension Bitrix24Server {
  /// `crm.activity.todo.add`: names of parameters count by their letters' case, others are passed over.
  mutating func todoAdd(_ call: MethodCall) throws(Refusal) -> MethodResult {
    let typeID = try Self.number("ownerTypeId", of: call)
    let id = try Self.number("ownerId", of: call)
    guard let deadline = call.parameters["deadline"]?.phpText, !deadline.isEmpty else {
      throw Self.missing("deadline")
    }
    let title = try Self.text("title", of: call)
    let description = try Self.text("description", of: call)
    let responsible =
      call.parameters["responsibleId"] == nil
      ? settings.webhookUser : try Self.number("responsibleId", of: call)
    guard let type = EntityType(rawValue: typeID) else {
      throw Refusal(400, "OWNER_NOT_FOUND", "Owner was not found")
    }
    let owner = EntityReference(type: type, id: id)
    guard let place = visiblePlace(id, of: type) else { throw Refusal(400, "NOT_FOUND", "Not found.") }
    if let refusal = refusals[owner] { throw refusal }
    guard let time = settings.time.seconds(deadline) else {
      throw Refusal(400, "WRONG_DATETIME_FORMAT", "Wrong datetime format")
    }
    var row = ActivityRow(
      id: nextActivityID, sort: .todo, owner: owner, person: owner, naming: .owner, created: call.second,
      updated: call.second, start: time, end: time, subject: title)
    row.isCompleted = false
    row.description = description
    row.responsible = responsible
    nextActivityID += 1
    activities.append(row)
    if settings.activitiesMoveModified {
      spaces[type].rows[place].modified = max(spaces[type].rows[place].modified, call.second)
    }
    return MethodResult(["id": .integer(row.id)])
  }

  private static func missing(_ name: String) -> Refusal {
    Refusal(400, 100, "Could not find value for parameter {\(name)}")
  }

  private static func invalid(_ name: String, _ type: String) -> Refusal {
    Refusal(400, 100, "Invalid value to match with parameter {\(name)}. Should be value of type \(type).")
  }

  private static func number(_ name: String, of call: MethodCall) throws(Refusal) -> Int64 {
    guard let value = call.parameters[name], value != .null else { throw missing(name) }
    guard let number = value.phpWhole, number > 0 else { throw invalid(name, "int") }
    return number
  }

  private static func text(_ name: String, of call: MethodCall) throws(Refusal) -> String {
    guard let value = call.parameters[name] else { return "" }
    guard let text = value.phpText else { throw invalid(name, "string") }
    return text
  }

  /// To-dos of a contact or a lead, oldest first.
  public func todos(of id: Int64, isLead: Bool = false) -> [Bitrix24ToDo] {
    let owner = EntityReference(type: isLead ? .lead : .contact, id: id)
    return activities.filter { $0.sort == .todo && $0.owner == owner }.map {
      Bitrix24ToDo(
        id: $0.id, title: $0.subject, description: $0.description, deadline: Timestamp($0.start),
        responsible: $0.responsible)
    }
  }
}

/// A to-do, read past the portal's methods.
public struct Bitrix24ToDo: Equatable, Sendable {
  /// The activity's id.
  public let id: Int64
  /// What is to be done.
  public let title: String
  /// More about it.
  public let description: String
  /// By when.
  public let deadline: Timestamp
  /// The user who has to do it.
  public let responsible: Int64
}

import Platform
import Scoring

/// How a portal is filled with people and with what they did.
extension Bitrix24Server {
  /// The fields of canonical names.
  private static let fieldNames = [
    "first_name": "NAME", "last_name": "LAST_NAME", "job_title": "POST", "city": "ADDRESS_CITY",
    "country": "ADDRESS_COUNTRY",
  ]

  /// Takes a person in as if the portal had known it since that time: as a contact, and in classic mode every
  /// third one as a lead. Fields that nothing stands for are dropped.
  public mutating func add(_ contact: SimulatedContact) {
    let type: EntityType = settings.classicMode && contact.number % 3 == 0 ? .lead : .contact
    let place = newEntity(type, at: contact.createdAt.seconds)
    let id = spaces[type].rows[place].id
    spaces[type].rows[place].modified = max(contact.createdAt.seconds, clock)
    set("OPENED", .flag(true), at: place, of: type)
    set(
      type == .contact ? "TYPE_ID" : "STATUS_ID", .text(type == .contact ? "CLIENT" : "NEW"), at: place,
      of: type)
    if type == .lead {
      set("TITLE", .text("Lead #\(id)"), at: place, of: type)
      set("STATUS_SEMANTIC_ID", .text("P"), at: place, of: type)
      move(EntityReference(type: .lead, id: id), to: "NEW", "P", sort: 1, at: contact.createdAt.seconds)
    }
    for field in contact.fields where !field.value.isEmpty { fill(field, at: place, of: type) }
    if !contact.email.isEmpty { addChannel(.email, contact.email, at: place, of: type) }
    people[contact.number] = EntityReference(type: type, id: id)
  }

  private mutating func fill(_ field: ContactField, at place: Int, of type: EntityType) {
    if let name = Self.fieldNames[field.name] {
      set(name, .text(field.value), at: place, of: type)
      return
    }
    switch field.name {
    case "phone": addChannel(.phone, field.value, at: place, of: type)
    case "website": addChannel(.web, field.value, at: place, of: type)
    case "source":
      set("SOURCE_ID", .text(directory.id(of: field.value, in: "SOURCE")), at: place, of: type)
    case "company":
      if type == .lead { set("COMPANY_TITLE", .text(field.value), at: place, of: type) }
      set(
        "COMPANY_ID", .whole(company(field.value, at: spaces[type].rows[place].created)), at: place,
        of: type)
    case "industry":
      guard let id = spaces[type].fields["COMPANY_ID"].map({ spaces[type].rows[place].cell($0) }),
        case .whole(let company) = id, let there = spaces[.company].place(of: company)
      else { return }
      set("INDUSTRY", .text(directory.id(of: field.value, in: "INDUSTRY")), at: there, of: .company)
    default: break
    }
  }

  /// The company of a name, new or known.
  private mutating func company(_ name: String, at time: Int64) -> Int64 {
    if let known = companies[name] { return known }
    let place = newEntity(.company, at: time)
    set("TITLE", .text(name), at: place, of: .company)
    set("COMPANY_TYPE", .text("CUSTOMER"), at: place, of: .company)
    companies[name] = spaces[.company].rows[place].id
    return spaces[.company].rows[place].id
  }

  /// A row without values, for which the webhook's user is responsible; gives its place.
  mutating func newEntity(_ type: EntityType, at time: Int64) -> Int {
    let place = spaces[type].add(at: time)
    set("ASSIGNED_BY_ID", .whole(settings.webhookUser), at: place, of: type)
    return place
  }

  /// Sets a value as if it had long been there.
  mutating func set(_ name: String, _ cell: Cell, at place: Int, of type: EntityType) {
    guard let field = spaces[type].fields[name], case .stored(let column) = field.source else { return }
    spaces[type].rows[place][column] = cell
  }

  /// Takes in what a person did: calls, meetings, tasks, e-mails sent and answered, forms, chats and deals.
  /// Page visits are seen with the next form alone, or, if there are many, with a form of their own. Other
  /// kinds are ignored.
  public mutating func add(_ activity: SimulatedActivity) {
    guard let person = person(activity.contact), case .known(let kind) = activity.kind else { return }
    switch kind {
    case .call, .meeting, .task, .emailSent, .emailReply, .chat: log(kind, activity, person)
    case .formSubmit: submit(activity.target ?? "Form", person, at: activity.time.seconds)
    case .pageVisit: visit(activity, person)
    case .dealCreated, .dealWon, .dealLost: deal(kind, activity, person)
    default: break
    }
  }

  /// Who was added under a number, or whom it went into.
  func person(_ number: Int) -> EntityReference? {
    guard let person = people[number], spaces[person.type].place(of: person.id) != nil else { return nil }
    return person
  }

  private mutating func visit(_ activity: SimulatedActivity, _ person: EntityReference) {
    let visit = Visit(address: activity.target ?? "https://www.example.com/", time: activity.time.seconds)
    visits[person, default: []].append(visit)
    let limit = settings.visitsForOwnForm
    if limit > 0, visits[person, default: []].count >= limit {
      submit("Callback", person, at: activity.time.seconds + 60)
    }
  }

  private mutating func submit(_ form: String, _ person: EntityReference, at time: Int64) {
    let place = append(.form, person, start: time, length: 0, subject: form)
    let seen = visits.removeValue(forKey: person) ?? []
    activities[place].visits = seen.filter { $0.time <= time }
    if activities[place].visits.count < seen.count { visits[person] = seen.filter { $0.time > time } }
    activities[place].isIncoming = true
  }

  private mutating func log(_ kind: KnownKind, _ activity: SimulatedActivity, _ person: EntityReference) {
    let start = activity.time.seconds
    switch kind {
    case .call:
      let place = append(.call, person, start: start, length: 900, subject: activity.target ?? "Call")
      activities[place].isIncoming = activities[place].id % 2 == 0
      if let seconds = activity.value { addStatistics(activities[place], Int64(seconds)) }
    case .meeting:
      append(.meeting, person, start: start, length: 3_600, subject: activity.target ?? "Meeting")
    case .task: append(.task, person, start: start, length: 86_400, subject: activity.target ?? "Task")
    case .emailSent:
      append(
        .email, person, start: start, length: 0, subject: activity.campaign ?? activity.target ?? "E-mail")
    case .emailReply:
      let subject = activity.campaign.map { "Re: " + $0 } ?? "Re: your question"
      let place = append(.email, person, start: start, length: 0, subject: subject)
      activities[place].isIncoming = true
    default:
      let place = append(.chat, person, start: start, length: 600, subject: activity.target ?? "Chat")
      activities[place].isIncoming = true
    }
  }

  /// Adds an activity and gives its place. Every third one belongs to a deal of the person, or to its company,
  /// and names the person among its communications or bindings.
  @discardableResult
  mutating func append(
    _ sort: ActivityRow.Sort, _ person: EntityReference, start: Int64, length: Int64, subject: String
  ) -> Int {
    let id = nextActivityID
    nextActivityID += 1
    var row = ActivityRow(
      id: id, sort: sort, owner: person, person: person, naming: .owner, created: start,
      updated: max(start, clock), start: start, end: start + length, subject: subject)
    if let place = spaces[person.type].place(of: person.id) {
      let entity = spaces[person.type].rows[place]
      row.channel = entity.first(sort == .call ? .phone : .email)
      spaces[person.type].rows[place].lastActivity = max(entity.lastActivity, start)
      if settings.activitiesMoveModified {
        spaces[person.type].rows[place].modified = max(entity.modified, row.updated)
      }
      if person.type == .contact, id % 3 == 0, let owner = otherOwner(of: entity, id) {
        row.owner = owner
        row.naming = id % 2 == 0 && row.channel != nil ? .communication : .binding
      }
    }
    activities.append(row)
    return activities.count - 1
  }

  private func otherOwner(of contact: Entity, _ number: Int64) -> EntityReference? {
    if let deal = openDeals[EntityReference(type: .contact, id: contact.id)] {
      return EntityReference(type: .deal, id: deal)
    }
    guard number % 9 == 0, let field = spaces[.contact].fields["COMPANY_ID"],
      case .whole(let company) = contact.cell(field)
    else { return nil }
    return EntityReference(type: .company, id: company)
  }

  private mutating func addStatistics(_ activity: ActivityRow, _ seconds: Int64) {
    phoneCalls.append(
      CallRow(
        id: nextCallID, activity: activity.id, owner: activity.owner, time: activity.start, seconds: seconds,
        number: activity.channel?.value ?? "", isIncoming: activity.isIncoming))
    nextCallID += 1
  }
}

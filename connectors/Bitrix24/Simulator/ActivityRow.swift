import SimulatorJSON

/// Something that is logged with a contact, a lead, a deal or a company.
struct ActivityRow: Row {
  let id: Int64
  let sort: Sort
  var owner: EntityReference
  /// Whose activity it is.
  var person: EntityReference
  /// How it names the person beside its owner.
  var naming: Naming
  var created: Int64
  var updated: Int64
  var start: Int64
  var end: Int64
  var subject: String
  var isCompleted = true
  var isIncoming = false
  /// Pages that were seen before a form was sent.
  var visits: [Visit] = []
  var description = ""
  var responsible: Int64 = 1
  /// The address or number that it went to.
  var channel: Entity.Channel?

  /// How a person is named who is not the owner.
  enum Naming: UInt8, Sendable {
    case owner, communication, binding
  }

  /// What it is: the numbers and names that the methods tell.
  enum Sort: UInt8, Sendable {
    case call, meeting, task, email, form, chat, todo

    var typeID: Int64 {
      switch self {
      case .meeting: return 1
      case .call: return 2
      case .task: return 3
      case .email: return 4
      case .form, .chat, .todo: return 6
      }
    }

    var provider: String {
      switch self {
      case .call: return "VOXIMPLANT_CALL"
      case .meeting: return "CRM_MEETING"
      case .task: return "TASKS"
      case .email: return "CRM_EMAIL"
      case .form: return "CRM_WEBFORM"
      case .chat: return "IMOPENLINES_SESSION"
      case .todo: return "CRM_TODO"
      }
    }

    var providerType: String {
      switch self {
      case .call: return "CALL"
      case .meeting: return "MEETING"
      case .task: return "TASK"
      case .email: return "EMAIL"
      case .form: return "7"
      case .chat: return "1"
      case .todo: return "TODO"
      }
    }
  }

  /// What every activity has.
  enum Column: UInt8, CaseIterable {
    case id, owner, ownerType, type, provider, providerType, providerGroup, associated, subject, created
    case updated, start, end, deadline, completed, status, responsible, priority, description, direction
    case location, settings, originator, origin, author, editor, params, communications, bindings
  }

  func cell(_ field: Field) -> Cell {
    guard case .column(let number) = field.source, let column = Column(rawValue: number) else { return .none }
    switch column {
    case .id: return .whole(id)
    case .owner: return .whole(owner.id)
    case .ownerType: return .whole(owner.type.rawValue)
    case .type: return .whole(sort.typeID)
    case .provider: return .text(sort.provider)
    case .providerType: return .text(sort.providerType)
    case .subject: return .text(subject)
    case .created: return .time(created)
    case .updated: return .time(updated)
    case .start, .deadline: return .time(start)
    case .end: return .time(end)
    case .completed: return .flag(isCompleted)
    case .status: return .whole(isCompleted ? 2 : 1)
    case .description: return description.isEmpty ? .none : .text(description)
    case .responsible: return .whole(responsible)
    case .author, .editor: return .whole(1)
    case .associated: return .whole(0)
    case .priority: return .whole(2)
    case .direction: return .whole(isIncoming ? 1 : [.task, .meeting, .todo].contains(sort) ? 0 : 2)
    case .settings: return .json(settings)
    case .params: return .json(params)
    case .providerGroup, .location, .originator, .origin, .communications, .bindings:
      return .none
    }
  }

  private var settings: JSON {
    guard sort == .email else { return .list([]) }
    let address = channel?.value ?? ""
    let own = "sales@portal.example"
    return [
      "EMAIL_META": [
        "__email": .text(own), "from": .text(isIncoming ? address : own), "replyTo": "",
        "to": .text(isIncoming ? own : address), "cc": "", "bcc": "",
      ]
    ]
  }

  private var params: JSON {
    switch sort {
    case .form:
      let pages = visits.map { visit -> JSON in
        ["HREF": .text(visit.address), "DATE": .integer(visit.time), "TITLE": ""]
      }
      return [
        "FIELDS": [
          [
            "type": "email", "code": "CONTACT_EMAIL", "required": true, "caption": "E-mail",
            "value": .list(channel.map { [.text($0.value)] } ?? []),
          ]
        ],
        "FORM": [
          "IS_USED_USER_CONSENT": true, "AGREEMENTS": [], "IP": "192.0.2.7",
          "LINK": "https://www.example.com/form",
        ],
        "VISITED_PAGES": .list(pages),
      ]
    case .chat: return ["USER_CODE": .text("livechat|1|\(id)|\(person.id)")]
    default: return .list([])
    }
  }

  /// The entities that it is bound to.
  var bindings: [EntityReference] {
    owner == person || naming != .binding ? [owner] : [owner, person]
  }

  /// The fields of activities.
  static let fields: FieldList = {
    let names: [(String, Column, Field.Kind)] = [
      ("ID", .id, .integer), ("OWNER_ID", .owner, .integer), ("OWNER_TYPE_ID", .ownerType, .integer),
      ("TYPE_ID", .type, .integer), ("PROVIDER_ID", .provider, .string),
      ("PROVIDER_TYPE_ID", .providerType, .string), ("PROVIDER_GROUP_ID", .providerGroup, .string),
      ("ASSOCIATED_ENTITY_ID", .associated, .integer), ("SUBJECT", .subject, .string),
      ("CREATED", .created, .datetime), ("LAST_UPDATED", .updated, .datetime),
      ("START_TIME", .start, .datetime),
      ("END_TIME", .end, .datetime), ("DEADLINE", .deadline, .datetime), ("COMPLETED", .completed, .char),
      ("STATUS", .status, .integer), ("RESPONSIBLE_ID", .responsible, .user),
      ("PRIORITY", .priority, .integer),
      ("DESCRIPTION", .description, .string), ("DIRECTION", .direction, .integer),
      ("LOCATION", .location, .string), ("SETTINGS", .settings, .string),
      ("ORIGINATOR_ID", .originator, .string), ("ORIGIN_ID", .origin, .string), ("AUTHOR_ID", .author, .user),
      ("EDITOR_ID", .editor, .user), ("PROVIDER_PARAMS", .params, .string),
      ("COMMUNICATIONS", .communications, .string), ("BINDINGS", .bindings, .string),
    ]
    return FieldList(
      names.map { name, column, kind in
        var field = Field(name: name, item: name, kind: kind, source: .column(column.rawValue))
        field.isOnDemand = column == .communications || column == .bindings
        return field
      })
  }()
}

/// A page that somebody saw.
struct Visit: Sendable {
  let address: String
  let time: Int64
}

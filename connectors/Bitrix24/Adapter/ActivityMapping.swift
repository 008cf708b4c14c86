import Platform
import Scoring
import WebAPI

/// What an activity of the CRM says: one of contacts and deals, noted by people or by Bitrix24 itself.
struct ActivityRow: Sendable {
  let json: JSONValue
  let number: Int64

  /// Numbers of types of activities.
  private enum Sort {
    static let meeting = 1
    static let call = 2
    static let task = 3
    static let email = 4
  }

  /// What makes an activity what it is.
  enum Kind: Hashable, Sendable {
    case call
    case meeting
    case task
    case emailIn
    case emailOut
    case form
    case chat
  }

  static let telephony = "VOXIMPLANT_CALL"
  private static let providers: [String: Kind] = [
    telephony: .call, "CRM_MEETING": .meeting, "TASKS": .task, "CRM_TASKS_TASK": .task, "CRM_WEBFORM": .form,
    "IMOPENLINES_SESSION": .chat,
  ]

  /// Reads a row; nil if it has no number.
  init?(_ json: JSONValue) {
    guard let number = json["ID"].integer, number > 0 else { return nil }
    self.json = json
    self.number = Int64(number)
  }

  /// What it is; nil for what does not count, such as what somebody means to do.
  var kind: Kind? {
    let sort = json["TYPE_ID"].integer
    if sort == Sort.email || json["PROVIDER_ID"].text == "CRM_EMAIL" {
      return json["DIRECTION"].integer == 1 ? .emailIn : .emailOut
    }
    if let kind = json["PROVIDER_ID"].text.flatMap({ Self.providers[$0] }) { return kind }
    switch sort {
    case Sort.meeting: return .meeting
    case Sort.call: return .call
    case Sort.task: return .task
    default: return nil
    }
  }

  /// Whether it was done: somebody said so, or it says so itself.
  var isDone: Bool { json["COMPLETED"].text == "Y" || [2, 3].contains(json["STATUS"].integer) }

  var created: Timestamp? { Bitrix24Time.read(json["CREATED"]) }

  /// When it began; one that was done before its time was done when that was noted.
  func started(by now: Timestamp) -> Timestamp? {
    guard let start = Bitrix24Time.read(json["START_TIME"]) ?? created else { return nil }
    guard start > now else { return start }
    return Bitrix24Time.read(json["LAST_UPDATED"]).flatMap { $0 > now ? nil : $0 } ?? created
  }

  var subject: String? { ContactMapping.text(json["SUBJECT"]) }

  // MARK: Whose it is

  /// Records that it names, in its bindings, its communications and as its owner.
  func people(leads: Bool) -> [PersonNumber] {
    var found: Set<PersonNumber> = []
    func add(_ type: JSONValue, _ number: JSONValue) {
      guard let person = Self.person(type, number, leads: leads) else { return }
      found.insert(person)
    }
    for binding in json["BINDINGS"].elements { add(binding["OWNER_TYPE_ID"], binding["OWNER_ID"]) }
    for entry in json["COMMUNICATIONS"].elements { add(entry["ENTITY_TYPE_ID"], entry["ENTITY_ID"]) }
    add(json["OWNER_TYPE_ID"], json["OWNER_ID"])
    return Self.sorted(found)
  }

  /// A contact or a lead, by type and number.
  static func person(_ type: JSONValue, _ number: JSONValue, leads: Bool) -> PersonNumber? {
    guard let type = type.integer, let number = number.integer, number > 0,
      let kind = PersonKind.allCases.first(where: { $0.type == type }), kind == .contact || leads
    else { return nil }
    return PersonNumber(kind, Int64(number))
  }

  /// Contacts first, in the order of their numbers.
  static func sorted(_ people: Set<PersonNumber>) -> [PersonNumber] {
    people.sorted { ($0.kind == .lead ? 1 : 0, $0.number) < ($1.kind == .lead ? 1 : 0, $1.number) }
  }

  /// Addresses that it names beside all records.
  var addresses: [String] {
    json["COMMUNICATIONS"].elements.filter { $0["TYPE"].text == "EMAIL" }
      .compactMap { ContactMapping.text($0["VALUE"]) }
  }

  /// The deal that owns it; nil if none does.
  var deal: Int64? {
    json["OWNER_TYPE_ID"].integer == 2 ? json["OWNER_ID"].integer.map { Int64($0) } : nil
  }

  // MARK: What it says

  /// Something that it says.
  struct Event: Equatable {
    let kind: KnownKind
    let time: Timestamp
    var target: String?
    var campaign: String?
    var value: Double?
    /// What comes behind the activity's number in the identity.
    var suffix = ""
  }

  /// Everything that it says by now; nil if it has no time.
  func events(call: CallStatistics.Call?, now: Timestamp) -> [Event]? {
    switch kind {
    case nil: return []
    case .call?:
      // Statistics know whether somebody answered; without them it counts if it was done.
      guard call?.wasAnswered ?? isDone else { return [] }
      return (started(by: now) ?? call?.start).map {
        [Event(kind: .call, time: $0, target: subject, value: call?.seconds)]
      }
    case .meeting?:
      guard isDone else { return [] }
      return started(by: now).map { [Event(kind: .meeting, time: $0, target: subject)] }
    case .task?:
      guard isDone else { return [] }
      return created.map { [Event(kind: .task, time: $0, target: subject)] }
    case .emailIn?: return created.map { [Event(kind: .emailReply, time: $0, target: subject)] }
    case .emailOut?:
      // A draft, or one that waits to be sent.
      guard isDone else { return [] }
      return created.map { [Event(kind: .emailSent, time: $0, target: subject, campaign: subject)] }
    case .chat?: return created.map { [Event(kind: .chat, time: $0, target: subject)] }
    case .form?:
      return created.map { [Event(kind: .formSubmit, time: $0, target: formName)] + visits }
    }
  }

  private var formName: String? {
    let form = json["PROVIDER_PARAMS"]["FORM"]
    return ContactMapping.text(form["NAME"]) ?? subject ?? ContactMapping.text(form["LINK"])
  }

  /// The pages that were seen before a form was sent.
  private var visits: [Event] {
    json["PROVIDER_PARAMS"]["VISITED_PAGES"].elements.enumerated().compactMap { number, page in
      guard let address = ContactMapping.text(page["HREF"]), let time = Bitrix24Time.read(page["DATE"])
      else { return nil }
      return Event(kind: .pageVisit, time: time, target: address, suffix: "/page\(number)")
    }
  }
}

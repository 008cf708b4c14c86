import Platform
import WebAPI

/// Makes to-dos about contacts and leads, and no second one of the same key.
///
/// Bitrix24 takes no key of ours with a to-do, so that it stands in the description, and is looked for among the
/// owner's to-dos before anything is added.
struct TaskMaker: Sendable {
  let api: Bitrix24API
  let sizes: ChainSizes

  static let method = "crm.activity.todo.add"
  /// What makes an activity a to-do.
  private static let provider = "CRM_TODO"

  /// What is known of the owner.
  private struct Owner {
    /// Who is responsible for it; nil if that cannot be read.
    let user: Int?
    /// The portal's minutes east of UTC.
    let offset: Int
  }

  /// Makes a to-do unless the contact or lead has it already. One whose answer is lost is not sent again: the next
  /// try looks first.
  func make(_ task: HandoffTask, for contact: ContactID) async throws(ConnectorFailure) {
    guard let person = PersonNumber(contact) else { throw gone(contact) }
    let mark = "Leadgauge \(task.key)"
    guard let owner = try await owner(person, without: mark) else { return }
    var members: [(String, JSONOutput)] = [
      ("ownerTypeId", .integer(person.kind.type)), ("ownerId", .integer(Int(person.number))),
      ("deadline", .text(PortalTime.text(task.at.seconds, offset: owner.offset))),
      ("title", .text(task.title)),
      ("description", .text((task.lines.map(Self.plain) + [mark]).joined(separator: "\n"))),
    ]
    if let user = owner.user { members.append(("responsibleId", .integer(user))) }
    switch try await api.change(Self.method, .object(members), isRepeatable: false) {
    case .success(let result):
      guard let id = result["id"].integer, id > 0 else {
        throw ConnectorFailure(
          .unavailable, "\(api.place) did not say that it made the to-do",
          cure: "The next run looks whether it is there")
      }
    case .failure(let refusal): throw failure(refusal.trouble, contact)
    }
  }

  // MARK: What is there

  /// Reads the owner and its to-dos; nil if one of them bears the mark.
  private func owner(
    _ person: PersonNumber, without mark: String
  ) async throws(ConnectorFailure) -> Owner? {
    let record = NamedCommand(
      "r", Command("crm.item.get", [("entityTypeId", "\(person.kind.type)"), ("id", "\(person.number)")]))
    let list = Self.todos(of: person, rows: sizes.rows)
    var owner: Owner?
    var (after, count) = (Int64(0), 1)
    while true {
      let pages = list.commands(after: after, count: count)
      let answer = try await api.read((owner == nil ? [record] : []) + pages)
      if owner == nil { owner = try read(record, answer, person) }
      let chain = try list.chain(answer, after: after, count: count)
      if let trouble = chain.trouble { throw api.refusal(trouble, of: list.method) }
      if chain.rows.contains(where: { Self.bears(mark, $0["DESCRIPTION"].text ?? "") }) { return nil }
      if chain.isEnd { return owner }
      after = chain.last
      count = sizes.next(after: count, pace: api.pace, method: list.method)
    }
  }

  private static func todos(of person: PersonNumber, rows: Int) -> KeysetList {
    KeysetList(
      method: "crm.activity.list",
      parameters: [
        ("select[0]", "ID"), ("select[1]", "DESCRIPTION"),
        ("filter[OWNER_TYPE_ID]", "\(person.kind.type)"), ("filter[OWNER_ID]", "\(person.number)"),
        ("filter[PROVIDER_ID]", provider),
      ], rows: rows)
  }

  /// Without a responsible user it is the one whose rights we have.
  private func read(
    _ record: NamedCommand, _ answer: BatchAnswer, _ person: PersonNumber
  ) throws(ConnectorFailure) -> Owner {
    let offset = answer.time?.offset ?? 0
    if case .trouble(let trouble) = answer[record] {
      if trouble.kind == .notFound { throw gone(person.id) }
      if trouble.isForGood { return Owner(user: nil, offset: offset) }
    }
    let user = try api.needed(record, answer)["item"]["assignedById"].integer
    return Owner(user: user.flatMap { $0 > 0 ? $0 : nil }, offset: offset)
  }

  /// Whether a description holds a mark, and not a longer one that begins like it.
  static func bears(_ mark: String, _ description: String) -> Bool {
    description.split(separator: mark, omittingEmptySubsequences: false).dropFirst().contains { rest in
      rest.first.map { !$0.isLetter && !$0.isNumber && $0 != "-" } ?? true
    }
  }

  /// Descriptions are BB code, in which square brackets mean something.
  private static func plain(_ line: String) -> String {
    line.escaping(["[": "(", "]": ")"])
  }

  // MARK: Failures

  private func gone(_ contact: ContactID) -> ConnectorFailure {
    ConnectorFailure(
      .badData, "\(api.place) has no contact or lead \(api.plain(contact.text)) to make a to-do for",
      cure: "It was deleted or merged, or the webhook's user may not see it")
  }

  /// What is wrong with one contact or lead keeps nobody else's to-do back.
  private func failure(_ trouble: Bitrix24Trouble, _ contact: ContactID) -> ConnectorFailure {
    switch trouble.kind {
    case .notFound: return gone(contact)
    case .rights:
      return ConnectorFailure(
        .badData, "\(api.place) does not let this user add a to-do to \(api.plain(contact.text))",
        cure: "Let a CRM administrator make the webhook: it has its maker's rights")
    default: return api.refusal(trouble, of: Self.method)
    }
  }
}

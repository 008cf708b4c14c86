import Platform
import WebAPI

/// Makes tasks about contacts, and no second one of the same key.
///
/// What a contact is linked with is read where it is kept and not by a search, which sees new records late.
struct TaskMaker: Sendable {
  let api: HubSpotAPI

  /// How HubSpot numbers the link from a task to a contact.
  private static let linkToContact = 204
  /// The most records in one request by ids.
  private static let mostRead = 100

  /// Makes a task unless the contact has it already.
  func make(_ task: HandoffTask, for contact: ContactID) async throws(ConnectorFailure) {
    let mark = "Leadgauge \(task.key)"
    var ids = try await tasks(of: contact)[...]
    while !ids.isEmpty {
      if try await isAny(of: Array(ids.suffix(Self.mostRead)), marked: mark) { return }
      ids = ids.dropLast(Self.mostRead)
    }
    let body = (task.lines + [mark]).map(Self.escaped).joined(separator: "<br>")
    let link: JSONOutput = .object([
      ("to", .object([("id", .text(contact.text))])),
      (
        "types",
        .list([
          .object([
            ("associationCategory", .text("HUBSPOT_DEFINED")),
            ("associationTypeId", .integer(Self.linkToContact)),
          ])
        ])
      ),
    ])
    let record: JSONOutput = .object([
      (
        "properties",
        .object([
          ("hs_task_subject", .text(task.title)), ("hs_task_body", .text(body)),
          ("hs_timestamp", .text(HubSpotTime.milliseconds(task.at.seconds))),
          ("hs_task_status", .text("NOT_STARTED")), ("hs_task_type", .text("TODO")),
        ])
      ), ("associations", .list([link])),
    ])
    let call = APICall(method: "POST", path: api.paths.objects("tasks"), body: record.bytes)
    let answer = try await api.answer(to: call)
    guard (200..<300).contains(answer.status) else { throw api.refusal(answer, of: call.path) }
  }

  /// The ids of a contact's tasks, oldest first.
  private func tasks(of contact: ContactID) async throws(ConnectorFailure) -> [Int] {
    var ids: [Int] = []
    var after = ""
    var seen: Set<String> = []
    repeat {
      let input = JSONOutput.object(
        [("id", .text(contact.text))] + (after.isEmpty ? [] : [("after", .text(after))]))
      let answer = try await api.ask(
        api.paths.tasksOfContacts, .object([("inputs", .list([input]))]))
      let result = answer.json["results"].elements.first
      ids += (result?["to"].elements ?? []).compactMap { $0["toObjectId"].integer }
      let next = result?["paging"]["next"]["after"].text ?? ""
      if !seen.insert(next).inserted { break }
      after = next
    } while !after.isEmpty
    return ids.sorted()
  }

  private func isAny(of ids: [Int], marked mark: String) async throws(ConnectorFailure) -> Bool {
    let answer = try await api.ask(
      api.paths.objects("tasks") + "/batch/read",
      .object([
        ("inputs", .list(ids.map { .object([("id", .text("\($0)"))]) })),
        ("properties", .list([.text("hs_task_body")])),
      ]))
    return answer.json["results"].elements.contains {
      $0["properties"]["hs_task_body"].text?.contains(mark) == true
    }
  }

  /// The body of a task is HTML.
  private static func escaped(_ text: String) -> String {
    text.escaping(["&": "&amp;", "<": "&lt;", ">": "&gt;"])
  }
}

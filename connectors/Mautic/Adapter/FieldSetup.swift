import Platform
import WebAPI

/// Makes sure that the fields in which we write are there.
struct FieldSetup: Sendable {
  let api: MauticAPI
  private static let path = "/api/fields/contact"
  private static let pageSize = 500

  /// A field that is wanted.
  struct Wanted {
    let alias: String
    let label: String
    let isNumber: Bool
    /// True if a choice field will do.
    var mayBeChoice = false
    /// Values that it must be able to hold, as far as they are known.
    var values: [String] = []
  }

  /// A field that is there.
  struct Present {
    let type: String
    let isPublished: Bool
    let options: [String]
  }

  static func wanted(_ layout: WriteLayout) -> [Wanted] {
    var wanted: [Wanted] = []
    if case .field(let name) = layout.fields.score {
      wanted.append(Wanted(alias: name, label: "Lead score", isNumber: true))
    }
    if let name = layout.fields.band {
      wanted.append(
        Wanted(alias: name, label: "Lead band", isNumber: false, mayBeChoice: true, values: layout.bandNames))
    }
    if let name = layout.fields.reasons {
      wanted.append(Wanted(alias: name, label: "Lead reasons", isNumber: false))
    }
    return wanted
  }

  /// All contact fields by alias. `search` is not used: it fails in old versions.
  func present() async throws(ConnectorFailure) -> [String: Present] {
    var fields: [String: Present] = [:]
    var start = 0
    var memory = PageMemory()
    while true {
      let answer = try await api.get(
        Self.path,
        [("limit", "\(Self.pageSize)"), ("start", "\(start)"), ("orderBy", "id"), ("orderByDir", "ASC")])
      let entries = answer.json["fields"].elements
      for entry in entries {
        guard let alias = entry["alias"].text else { continue }
        let list = entry["properties"]["list"].elements
        fields[alias] = Present(
          type: entry["type"].text ?? "text", isPublished: entry["isPublished"].boolean ?? true,
          options: list.compactMap { $0["value"].text ?? $0.text })
      }
      guard entries.count >= Self.pageSize else { return fields }
      try api.demandNews(answer, of: Self.path, &memory)
      start += entries.count
    }
  }

  /// Creates what is missing, one after the other: parallel creations make doubles (seen on 5.1.1).
  func prepare(_ layout: WriteLayout) async throws(ConnectorFailure) {
    let wanted = Self.wanted(layout)
    guard !wanted.isEmpty else { return }
    let present = try await present()
    // A server that makes fields in the background gets to know of all of them at once.
    var waiting: ConnectorFailure?
    for field in wanted {
      let failure =
        if let found = present[field.alias] { problem(found, field) } else { try await create(field) }
      guard let failure else { continue }
      guard failure.kind == .unavailable else { throw failure }
      waiting = waiting ?? failure
    }
    if let waiting { throw waiting }
  }

  /// Why a field that is there cannot be used.
  func problem(_ found: Present, _ field: Wanted) -> ConnectorFailure? {
    guard found.isPublished else { return notYet(field) }
    if field.isNumber {
      guard found.type != "number" else { return nil }
      return ConnectorFailure(
        .configuration, "the field '\(field.alias)' of \(api.place) is of the type \(found.type), not number",
        cure: "Name another field under write: score:")
    }
    if ["text", "textarea", "lookup"].contains(found.type) { return nil }
    guard found.type == "select", field.mayBeChoice else {
      return ConnectorFailure(
        .configuration, "the field '\(field.alias)' of \(api.place) is of the type \(found.type), not text",
        cure: "Name another field under write:")
    }
    let missing = field.values.filter { !found.options.contains($0) }
    guard !missing.isEmpty else { return nil }
    return ConnectorFailure(
      .configuration,
      "the choice field '\(field.alias)' of \(api.place) lacks \(missing.joined(separator: ", "))",
      cure: "Add them to its options in Mautic, or name a text field")
  }

  private func notYet(_ field: Wanted) -> ConnectorFailure {
    ConnectorFailure(
      .unavailable, "\(api.place) has not yet made the field '\(field.alias)'",
      cure:
        "Let Mautic's cron run mautic:custom-field:create-column, or publish the field; the next run goes on")
  }

  /// Makes a field; gives the failure of one that has to be waited for.
  private func create(_ field: Wanted) async throws(ConnectorFailure) -> ConnectorFailure? {
    var members: [(String, JSONOutput)] = [
      ("label", .text(field.label)), ("alias", .text(field.alias)),
      ("type", .text(field.isNumber ? "number" : "text")), ("group", .text("core")),
      ("isPubliclyUpdatable", .bool(false)), ("isUniqueIdentifier", .bool(false)),
    ]
    members.append(
      field.isNumber
        ? ("properties", .object([("scale", .integer(0))])) : ("charLengthLimit", .integer(191)))
    // Adding a column to a large table can take minutes.
    let call = APICall(
      method: "POST", path: Self.path + "/new", body: JSONOutput.object(members).bytes, timeout: 600)
    let answer: MauticAnswer
    do throws(ConnectorFailure) {
      answer = try await api.answer(to: call)
    } catch {
      // The answer may be lost although the field is there; sent again, it would be refused as a double.
      if let found = try await present()[field.alias], problem(found, field) == nil { return nil }
      throw error
    }
    switch answer.status {
    case 200, 201:
      let alias = answer.json["field"]["alias"].text
      guard alias == field.alias else {
        throw ConnectorFailure(
          .configuration, "\(api.place) made the field '\(alias ?? "?")' for '\(field.alias)'",
          cure: "Write the name that Mautic gave it under write:")
      }
      return nil
    case 202: return notYet(field)
    case 400:
      if let found = try await present()[field.alias], problem(found, field) == nil { return nil }
      throw ConnectorFailure(
        .configuration,
        "\(api.place) refused the field '\(field.alias)': \(api.plain(answer.errorMessage ?? "no reason"))",
        cure: "Make it by hand in Mautic, or name another one under write:")
    case 403:
      throw ConnectorFailure(
        .forbidden, "\(api.place) does not let this user make the field '\(field.alias)'",
        cure:
          "Give the role the right on custom fields, or make it by hand: type \(field.isNumber ? "number" : "text")"
      )
    default: throw api.refusal(answer, of: Self.path + "/new")
    }
  }
}

import Platform
import WebAPI

/// Makes sure that the tags and custom fields that are written are there.
struct FieldSetup: Sendable {
  let api: GetResponseAPI
  let catalogue: AccountCatalogue

  /// A custom field that is wanted.
  struct Wanted: Hashable {
    let name: String
    var isNumber = false
  }

  static func wanted(_ fields: WrittenFields) -> [Wanted] {
    var wanted: [Wanted] = []
    if case .field(let name) = fields.score { wanted.append(Wanted(name: name, isNumber: true)) }
    return wanted + [fields.band, fields.reasons].compactMap(\.self).map { Wanted(name: $0) }
  }

  func prepare(_ layout: WriteLayout) async throws(ConnectorFailure) {
    let wanted = Self.wanted(layout.fields)
    if !wanted.isEmpty {
      let present = try await catalogue.freshFields()
      for field in wanted {
        if let found = present[field.name] {
          if let problem = problem(found, field) { throw problem }
        } else {
          try await make(field)
        }
      }
    }
    guard layout.fields.tags, !layout.ownedTags.isEmpty else { return }
    let present = try await catalogue.freshTags()
    for tag in layout.ownedTags where present[tag.lowercased()] == nil { try await make(tag: tag) }
  }

  /// Why a custom field that is there cannot be used.
  func problem(_ found: AccountCatalogue.Field, _ wanted: Wanted) -> ConnectorFailure? {
    let types = wanted.isNumber ? ["number", "string", "text"] : ["string", "text"]
    let formats = ["text", "textarea"]
    let isType = types.contains(found.valueType)
    guard isType, formats.contains(found.format) || found.format == found.valueType else {
      return ConnectorFailure(
        .configuration,
        "the custom field '\(wanted.name)' of \(api.place) is \(found.valueType)/\(found.format), not "
          + (wanted.isNumber ? "a number or a text" : "a text"), cure: "Name another field under write:")
    }
    return nil
  }

  private func make(_ field: Wanted) async throws(ConnectorFailure) {
    let body = JSONOutput.object([
      ("name", .text(field.name)), ("type", .text(field.isNumber ? "number" : "string")),
      ("format", .text("text")), ("hidden", .text("true")), ("values", .list([])),
    ])
    try await make(GetResponsePaths.customFields, body, "the custom field '\(field.name)'")
    guard try await catalogue.freshFields()[field.name] != nil else {
      throw notMade("the custom field '\(field.name)'")
    }
  }

  private func make(tag: String) async throws(ConnectorFailure) {
    try await make(GetResponsePaths.tags, .object([("name", .text(tag))]), "the tag '\(tag)'")
    guard try await catalogue.freshTags()[tag.lowercased()] != nil else { throw notMade("the tag '\(tag)'") }
  }

  private func make(_ path: String, _ body: JSONOutput, _ what: String) async throws(ConnectorFailure) {
    let answer = try await api.answer(to: api.post(path, body))
    // Somebody, or a try of ours whose answer was lost, was faster.
    guard !answer.isGood, answer.trouble.kind != .duplicate else { return }
    let failure = api.refusal(answer, of: path)
    throw ConnectorFailure(failure.kind, "\(what) cannot be made: \(failure.what)", cure: failure.cure)
  }

  private func notMade(_ what: String) -> ConnectorFailure {
    ConnectorFailure(
      .unavailable, "\(api.place) has not made \(what)",
      cure: "See whether the account may have more of them; the next run tries again")
  }
}

import Platform
import WebAPI

/// Makes sure that the user fields in which we write are there, and have all options that may be written.
struct FieldSetup: Sendable {
  let api: Bitrix24API
  let portal: Portal

  /// A field that is wanted.
  struct Wanted: Hashable, Sendable {
    enum Sort: Sendable {
      case number
      case text
      /// One of some values; a text will do, too.
      case choice
      /// Any texts.
      case texts
    }

    let name: String
    let label: String
    let sort: Sort
    var values: [String] = []

    /// Bitrix24's word for the type that is made.
    var type: String {
      switch sort {
      case .number: "integer"
      case .text, .texts: "string"
      case .choice: "enumeration"
      }
    }

    /// What somebody who makes it by hand has to choose.
    var description: String {
      switch sort {
      case .number: "a number (integer)"
      case .text: "a text (string)"
      case .choice: "a list (enumeration) with \(values.joined(separator: ", "))"
      case .texts: "a text (string) of several values"
      }
    }
  }

  static func wanted(_ layout: WriteLayout) -> [Wanted] {
    var wanted: [Wanted] = []
    if let name = FieldNames.score(layout.fields) {
      wanted.append(Wanted(name: name, label: "Lead score", sort: .number))
    }
    if let name = layout.fields.band.map(FieldNames.field) {
      wanted.append(Wanted(name: name, label: "Lead band", sort: .choice, values: layout.bandNames))
    }
    if let name = layout.fields.reasons.map(FieldNames.field) {
      wanted.append(Wanted(name: name, label: "Lead reasons", sort: .text))
    }
    if layout.fields.tags {
      wanted.append(Wanted(name: FieldNames.tags, label: "Lead tags", sort: .texts))
    }
    return wanted
  }

  /// Makes what is missing, on contacts, and on leads where they are people.
  func prepare(_ layout: WriteLayout) async throws(ConnectorFailure) {
    let wanted = Self.wanted(layout)
    guard !wanted.isEmpty else { return }
    let facts = try await portal.known()
    let kinds = PersonKind.allCases.filter { $0 == .contact || facts.hasLeads }
    var hasChanged = false
    for kind in kinds {
      for field in wanted {
        if let found = facts.catalogues[kind]?[field.name] {
          if let problem = problem(found, field) { throw problem }
          if try await addOptions(to: found, field, kind) { hasChanged = true }
        } else {
          try await make(field, kind)
          hasChanged = true
        }
      }
    }
    guard hasChanged else { return }
    await portal.forget()
    try check(wanted, kinds, try await portal.known())
  }

  /// Why a field that is there cannot be used.
  func problem(_ found: FieldCatalogue.Field, _ wanted: Wanted) -> ConnectorFailure? {
    let isGood =
      switch wanted.sort {
      case .number: ["integer", "double"].contains(found.type) && !found.isMultiple
      case .text: found.type == "string" && !found.isMultiple
      case .choice: ["string", "enumeration"].contains(found.type) && !found.isMultiple
      case .texts: found.type == "string" && found.isMultiple
      }
    guard isGood else {
      let several = found.isMultiple ? " of several values" : ""
      return ConnectorFailure(
        .configuration,
        "the field \(wanted.name) of \(api.place) is \(found.type)\(several), not "
          + wanted.description,
        cure: wanted.sort == .texts
          ? "Delete it in Bitrix24's settings, or set tags: false" : "Name another field under write:")
    }
    guard !found.isReadOnly else {
      return ConnectorFailure(
        .configuration, "the field \(wanted.name) of \(api.place) is read-only",
        cure: "Name another field under write:")
    }
    return nil
  }

  // MARK: Fields

  /// Looks once more whether it is there, and makes it; that is never repeated blindly, for it would be made twice.
  private func make(_ field: Wanted, _ kind: PersonKind) async throws(ConnectorFailure) {
    if try await find(field, kind) != nil { return }
    let method = kind.prefix + ".userfield.add"
    let answer = try await api.change(
      method, .object([("fields", .object(Self.definition(field)))]), isRepeatable: false)
    guard case .failure(let refusal) = answer else { return }
    // Somebody else was faster.
    if refusal.trouble.kind != .rights, try await find(field, kind) != nil { return }
    throw self.refusal(refusal.trouble, of: method, field, kind)
  }

  private func find(_ field: Wanted, _ kind: PersonKind) async throws(ConnectorFailure) -> JSONValue? {
    let question = NamedCommand(
      "u", Command(kind.userFields, [("filter[FIELD_NAME]", field.name)]))
    let list = try api.needed(question, try await api.read([question]))
    return list.elements.first { $0["FIELD_NAME"].text == field.name }
  }

  static func definition(_ field: Wanted) -> [(String, JSONOutput)] {
    // Bitrix24 puts its prefix before the name.
    let name = String(field.name.dropFirst(FieldNames.prefix.count))
    var members: [(String, JSONOutput)] = [
      ("FIELD_NAME", .text(name)), ("USER_TYPE_ID", .text(field.type)), ("LABEL", .text(field.label)),
      ("MULTIPLE", .text(field.sort == .texts ? "Y" : "N")), ("MANDATORY", .text("N")),
      ("SHOW_FILTER", .text("Y")), ("EDIT_IN_LIST", .text("N")), ("SORT", .integer(100)),
    ]
    if field.sort == .choice { members.append(("LIST", options(field.values, after: 0))) }
    return members
  }

  // MARK: Options

  private static func options(_ values: [String], after count: Int) -> JSONOutput {
    .list(
      values.enumerated().map { number, value in
        .object([
          ("VALUE", .text(value)), ("XML_ID", .text(value)), ("SORT", .integer((count + number + 1) * 10)),
        ])
      })
  }

  /// Adds options that are missing; entries without a number are added, all others stay.
  private func addOptions(
    to found: FieldCatalogue.Field, _ field: Wanted, _ kind: PersonKind
  ) async throws(ConnectorFailure) -> Bool {
    guard found.type == "enumeration" else { return false }
    let missing = field.values.filter { found.option($0) == nil }
    guard !missing.isEmpty else { return false }
    let method = kind.prefix + ".userfield.update"
    var number = found.number
    if number == nil { number = try await find(field, kind)?["ID"].text }
    let answer = try await api.change(
      method,
      .object([
        ("id", .text(number ?? "")),
        ("fields", .object([("LIST", Self.options(missing, after: found.options.count))])),
      ]), isRepeatable: false)
    if case .failure(let refusal) = answer { throw self.refusal(refusal.trouble, of: method, field, kind) }
    return true
  }

  // MARK: Failures

  private func check(
    _ wanted: [Wanted], _ kinds: [PersonKind], _ facts: Portal.Facts
  ) throws(ConnectorFailure) {
    for kind in kinds {
      for field in wanted {
        let found = facts.catalogues[kind]?[field.name]
        if found?.universalName != nil,
          field.values.allSatisfy({ found?.type != "enumeration" || found?.option($0) != nil })
        {
          continue
        }
        throw ConnectorFailure(
          .unavailable, "\(api.place) has not made the field \(field.name) of \(kind)s",
          cure: "The next run tries again; or make it by hand: \(field.description)")
      }
    }
  }

  private func refusal(
    _ trouble: Bitrix24Trouble, of method: String, _ field: Wanted, _ kind: PersonKind
  ) -> ConnectorFailure {
    let failure = api.refusal(trouble, of: method)
    guard failure.kind == .forbidden else { return failure }
    return ConnectorFailure(
      .forbidden, "\(api.place) does not let this user make or change the field \(field.name) of \(kind)s",
      cure: "Let a CRM administrator make the webhook, or make the field by hand, with exactly this name: "
        + field.description)
  }
}

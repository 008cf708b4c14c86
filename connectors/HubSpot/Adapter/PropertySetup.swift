import Platform
import WebAPI

/// Makes sure that the properties in which we write are there, and have all values that may be written.
struct PropertySetup: Sendable {
  let api: HubSpotAPI
  let catalogue: PropertyCatalogue
  let clock: any WebClock
  /// Properties that are made are shown under this heading.
  static let group = "leadgauge"

  /// A property that is wanted.
  struct Wanted: Hashable {
    enum Sort {
      case number
      case text
      /// One of some values; a text will do, too.
      case choice
      /// Any of some values.
      case choices
    }

    let name: String
    let label: String
    let sort: Sort
    var values: [String] = []
  }

  static func wanted(_ layout: WriteLayout) -> [Wanted] {
    var wanted: [Wanted] = []
    if case .field(let name) = layout.fields.score {
      wanted.append(Wanted(name: name, label: "Lead score", sort: .number))
    }
    if let name = layout.fields.band {
      wanted.append(Wanted(name: name, label: "Lead band", sort: .choice, values: layout.bandNames))
    }
    if let name = layout.fields.reasons {
      wanted.append(Wanted(name: name, label: "Lead reasons", sort: .text))
    }
    if layout.fields.tags {
      wanted.append(
        Wanted(
          name: ContactMapping.tagProperty, label: "Lead tags", sort: .choices, values: layout.ownedTags))
    }
    return wanted
  }

  /// Makes what is missing; the first write of all is the only one that makes more than one request here.
  func prepare(_ layout: WriteLayout) async throws(ConnectorFailure) {
    let wanted = Self.wanted(layout)
    guard !wanted.isEmpty else { return }
    let present = try await catalogue.present()
    var missing: [Wanted] = []
    for property in wanted {
      guard let found = present[property.name] else {
        missing.append(property)
        continue
      }
      if let problem = problem(found, property) { throw problem }
      try await addValues(to: found, property)
    }
    guard !missing.isEmpty else { return }
    try await makeGroup()
    try await make(missing)
    try await waitFor(missing)
  }

  /// Why a property that is there cannot be used.
  func problem(_ found: PropertyCatalogue.Property, _ wanted: Wanted) -> ConnectorFailure? {
    let isGood =
      switch wanted.sort {
      case .number: found.type == "number"
      case .text: found.type == "string"
      case .choice: found.type == "string" || (found.type == "enumeration" && found.fieldType != "checkbox")
      case .choices: found.type == "enumeration" && found.fieldType == "checkbox"
      }
    guard isGood else {
      let needed =
        switch wanted.sort {
        case .number: "a number"
        case .text: "a text"
        case .choice: "a text or a choice"
        case .choices: "a choice with multiple checkboxes"
        }
      return ConnectorFailure(
        .configuration,
        "the property '\(wanted.name)' of \(api.place) is \(found.type)/\(found.fieldType), not \(needed)",
        cure: wanted.sort == .choices
          ? "Rename it in HubSpot's settings, or set tags: false" : "Name another property under write:")
    }
    guard !found.isReadOnly else {
      return ConnectorFailure(
        .configuration, "the property '\(wanted.name)' of \(api.place) is read-only",
        cure: "Name another property under write:")
    }
    return nil
  }

  /// Options that are left out of a change are deleted, so all go back as they came.
  private func addValues(
    to found: PropertyCatalogue.Property, _ wanted: Wanted
  ) async throws(ConnectorFailure) {
    guard found.type == "enumeration" else { return }
    let missing = wanted.values.filter { !found.values.contains($0) }
    guard !missing.isEmpty else { return }
    let kept = found.options.elements.map(Self.copy)
    let added = missing.enumerated().map { Self.option($1, order: kept.count + $0) }
    let path = api.paths.property(wanted.name)
    let answer = try await api.answer(
      to: APICall(
        method: "PATCH", path: path, body: JSONOutput.object([("options", .list(kept + added))]).bytes,
        isRepeatable: true))
    guard answer.status == 200 else { throw refusal(answer, path, wanted.name) }
  }

  private static func copy(_ option: JSONValue) -> JSONOutput {
    var members: [(String, JSONOutput)] = []
    for (name, value) in option.members {
      if value.isText, let text = value.text { members.append((name, .text(text))) }
      if value.isNumber, let number = value.integer { members.append((name, .integer(number))) }
      if !value.isText, !value.isNumber, let flag = value.boolean { members.append((name, .bool(flag))) }
    }
    return .object(members)
  }

  private static func option(_ value: String, order: Int) -> JSONOutput {
    .object([
      ("label", .text(value)), ("value", .text(value)), ("displayOrder", .integer(order)),
      ("hidden", .bool(false)),
    ])
  }

  private func makeGroup() async throws(ConnectorFailure) {
    let groups = try await api.get(api.paths.propertyGroups)
    if groups.json["results"].elements.contains(where: { $0["name"].text == Self.group }) { return }
    let answer = try await api.answer(
      to: APICall(
        method: "POST", path: api.paths.propertyGroups,
        body: JSONOutput.object([
          ("name", .text(Self.group)), ("label", .text("Leadgauge")), ("displayOrder", .integer(-1)),
        ]).bytes, isRepeatable: true))
    // Somebody, or a try of ours whose answer was lost, was faster.
    guard answer.status == 409 || (200..<300).contains(answer.status) else {
      throw refusal(answer, api.paths.propertyGroups, nil)
    }
  }

  private func make(_ missing: [Wanted]) async throws(ConnectorFailure) {
    let answer = try await api.answer(
      to: APICall(
        method: "POST", path: api.paths.propertyCreation,
        body: JSONOutput.object([("inputs", .list(missing.map(Self.definition)))]).bytes, isRepeatable: true))
    guard answer.status == 409 || (200..<300).contains(answer.status) else {
      throw refusal(answer, api.paths.propertyCreation, missing.map(\.name).joined(separator: "', '"))
    }
    let problem = answer.json["errors"].elements.first { $0["category"].text != "OBJECT_ALREADY_EXISTS" }
    guard let problem else { return }
    throw ConnectorFailure(
      .configuration,
      "\(api.place) made not all properties: \(api.plain(problem["message"].text ?? "no reason given"))",
      cure: "See under Settings, Properties whether the account may have more of them, or make them by hand")
  }

  static func definition(_ wanted: Wanted) -> JSONOutput {
    let (type, fieldType) =
      switch wanted.sort {
      case .number: ("number", "number")
      case .text: ("string", "text")
      case .choice: ("enumeration", "select")
      case .choices: ("enumeration", "checkbox")
      }
    var members: [(String, JSONOutput)] = [
      ("groupName", .text(group)), ("name", .text(wanted.name)), ("label", .text(wanted.label)),
      ("type", .text(type)), ("fieldType", .text(fieldType)), ("formField", .bool(false)),
      ("hasUniqueValue", .bool(false)),
    ]
    if type == "enumeration" {
      members.append(("options", .list(wanted.values.enumerated().map { option($1, order: $0) })))
    }
    return .object(members)
  }

  /// A new property can be read after up to 0.7 s, and a write before that would be refused.
  private func waitFor(_ missing: [Wanted]) async throws(ConnectorFailure) {
    for attempt in 0..<6 {
      do throws(CancellationError) {
        if attempt > 0 { try await clock.sleep(seconds: 0.5) }
      } catch {
        throw ConnectorFailure(.cancelled, "\(api.place): the call was stopped")
      }
      let present = try await catalogue.present()
      guard let late = missing.first(where: { present[$0.name] == nil }) else { return }
      guard attempt == 5 else { continue }
      throw ConnectorFailure(
        .unavailable, "\(api.place) has not made the property '\(late.name)'",
        cure:
          "See under Settings, Properties whether the account may have more of them; the next run tries again"
      )
    }
  }

  private func refusal(_ answer: HubSpotAnswer, _ path: String, _ name: String?) -> ConnectorFailure {
    let failure = api.refusal(answer, of: path)
    guard case .scopes = answer.trouble.kind else { return failure }
    let what = name.map { "the property '\($0)'" } ?? "a group of properties"
    return ConnectorFailure(
      .forbidden, "\(api.place) does not let this key make or change \(what)",
      cure: "Give it the scope crm.schemas.contacts.write; \(failure.cure)")
  }
}

/// What the portal holds for everybody, to compare end states.
extension Bitrix24Server {
  /// Lines `id,value,value,tags`, contacts before leads, ascending by id; a lead's id stands with an `L`. Fields
  /// are named as in a configuration, `lead_score` for `UF_CRM_LEAD_SCORE`, or as on the portal; tags are those in
  /// `UF_CRM_LEAD_TAGS`.
  public func heldLines(of fields: [String]) -> [String] {
    lines(of: .contact, fields, mark: "") + lines(of: .lead, fields, mark: "L")
  }

  private func lines(of type: EntityType, _ names: [String], mark: String) -> [String] {
    let fields = names.map { spaces[type].fields[Self.fullName($0)] ?? spaces[type].fields[$0.uppercased()] }
    let tags = spaces[type].fields["UF_CRM_LEAD_TAGS"]
    return spaces[type].rows.map { row in
      func texts(_ field: Field?) -> [String] { field.map { self.texts(row.cell($0), $0, type) } ?? [] }
      var parts = [mark + String(row.id)]
      for field in fields { parts.append(Self.csv(texts(field).joined(separator: " "))) }
      parts.append(Self.csv(texts(tags).sorted().joined(separator: " ")))
      return parts.joined(separator: ",")
    }
  }

  private static func csv(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}

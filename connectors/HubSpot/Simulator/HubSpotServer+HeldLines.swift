/// What the account holds for all its contacts, to compare end states.
extension HubSpotServer {
  /// Lines `id,value,value,tags`, ascending by id; fields are named by property, tags are those in `lead_tags`.
  public func heldLines(of fields: [String]) -> [String] {
    let properties = spaces[.contacts].properties
    let places = fields.map { properties.place(of: $0) }
    let tags = properties.place(of: "lead_tags")
    return spaces[.contacts].store.records.filter { $0.archived == nil }.map { record in
      var parts = [String(record.id)]
      for place in places { parts.append(Self.csv(place.flatMap { record[$0] } ?? "")) }
      let held = tags.flatMap { record[$0] } ?? ""
      parts.append(Self.csv(held.split(separator: ";").sorted().joined(separator: " ")))
      return parts.joined(separator: ",")
    }
  }

  private static func csv(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}

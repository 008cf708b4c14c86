/// What the server holds for all its contacts, to compare end states.
extension MauticServer {
  /// Lines `id,value,value,tags`, ascending by id; fields are named by alias, `points` are the contact's points.
  public func heldLines(of fields: [String]) -> [String] {
    let places = fields.map { self.fields.place(of: $0) }
    return contacts.contacts.map { contact in
      var parts = [String(contact.id)]
      for (field, place) in zip(fields, places) {
        let stored = place.flatMap { contact[$0] }
        parts.append(Self.csv(stored ?? (field == "points" ? String(contact.points) : "")))
      }
      parts.append(Self.csv(contact.tags.map { tags[$0] }.sorted().joined(separator: " ")))
      return parts.joined(separator: ",")
    }
  }

  private static func csv(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}

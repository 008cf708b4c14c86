/// What the account holds for all its contacts, to compare end states.
extension GetResponseServer {
  /// Lines `id,value,value,tags` in the order in which contacts came; fields are custom fields by name, `native` is
  /// the native score. Only subscribed contacts have a line.
  public func heldLines(of fields: [String]) -> [String] {
    let places = fields.map { fieldPlace(named: $0) }
    return store.contacts.indices.filter { store[$0].state == .subscribed }.map { place in
      let contact = store[place]
      var parts = [ContactStore.id(place)]
      for (name, field) in zip(fields, places) {
        let value =
          name == "native" ? Self.number(contact.scoring).scalar : field.flatMap { contact[field: $0]?.first }
        parts.append(Self.csv(value ?? ""))
      }
      let names = contact.tags.map { tags[Int($0)].name }.sorted()
      parts.append(Self.csv(names.joined(separator: " ")))
      return parts.joined(separator: ",")
    }
  }

  private static func csv(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}

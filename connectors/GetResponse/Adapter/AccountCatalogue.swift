import Platform
import WebAPI

/// The lists, tags and custom fields of the account: what names and what ids they have.
actor AccountCatalogue {
  /// A custom field that is there.
  struct Field: Sendable {
    let id: String
    let name: String
    /// What its values are: `number`, `string`. Older accounts show the form under `type` and this elsewhere.
    let valueType: String
    /// How they are entered: `text`, `single_select`.
    let format: String
    /// The values that a choice has.
    let values: [String]

    init?(_ json: JSONValue) {
      guard let id = ContactMapping.text(json["customFieldId"]), let name = ContactMapping.text(json["name"])
      else { return nil }
      self.id = id
      self.name = name
      valueType = ContactMapping.text(json["valueType"]) ?? ContactMapping.text(json["type"]) ?? "string"
      format =
        ContactMapping.text(json["format"]) ?? ContactMapping.text(json["fieldType"])
        ?? ContactMapping.text(json["type"]) ?? "text"
      values = json["values"].elements.compactMap(\.text)
    }
  }

  private let api: GetResponseAPI
  private let size: Int
  private var knownLists: [String]?
  private var knownTags: [String: String]?
  private var knownFields: [String: Field]?

  init(api: GetResponseAPI, size: Int = 1_000) {
    self.api = api
    self.size = size
  }

  /// The ids of all lists, as they are now, and the server's clock. Every search has to name them.
  @discardableResult
  func freshLists() async throws(ConnectorFailure) -> (ids: [String], serverTime: Int64?) {
    let (found, time) = try await all(GetResponsePaths.campaigns)
    let ids = found.compactMap { ContactMapping.text($0["campaignId"]) }.sorted()
    knownLists = ids
    return (ids, time)
  }

  /// The ids of all lists; asked for once.
  func lists() async throws(ConnectorFailure) -> [String] {
    if let knownLists { return knownLists }
    return try await freshLists().ids
  }

  /// Tags by their names in small letters, as they are now: whether two names may differ by case alone is not
  /// documented.
  func freshTags() async throws(ConnectorFailure) -> [String: String] {
    var tags: [String: String] = [:]
    for tag in try await all(GetResponsePaths.tags).entries {
      guard let id = ContactMapping.text(tag["tagId"]), let name = ContactMapping.text(tag["name"]) else {
        continue
      }
      // The one that is written in small letters goes before others.
      if tags[name.lowercased()] == nil || name == name.lowercased() { tags[name.lowercased()] = id }
    }
    knownTags = tags
    return tags
  }

  /// Tags by their names in small letters; asked for once.
  func tags() async throws(ConnectorFailure) -> [String: String] {
    if let knownTags { return knownTags }
    return try await freshTags()
  }

  /// Custom fields by name, as they are now.
  func freshFields() async throws(ConnectorFailure) -> [String: Field] {
    var fields: [String: Field] = [:]
    for field in try await all(GetResponsePaths.customFields).entries.compactMap(Field.init) {
      fields[field.name] = field
    }
    knownFields = fields
    return fields
  }

  /// Custom fields by name; asked for once.
  func fields() async throws(ConnectorFailure) -> [String: Field] {
    if let knownFields { return knownFields }
    return try await freshFields()
  }

  /// Looks anew the next time: something that was known is not there any more.
  func forget() {
    knownLists = nil
    knownTags = nil
    knownFields = nil
  }

  /// Every entry of a short list. Not every list says how long it is: a page that is not full is the last one.
  private func all(
    _ path: String
  ) async throws(ConnectorFailure) -> (entries: [JSONValue], serverTime: Int64?) {
    var found: [JSONValue] = []
    var number = 1
    var memory = PageMemory()
    while true {
      let answer = try await api.get(path, [("page", "\(number)"), ("perPage", "\(size)")])
      found += answer.json.elements
      guard answer.json.count >= size, number < 1_000 else { return (found, answer.serverTime?.seconds) }
      try api.demandNews(answer, of: path, &memory)
      number += 1
    }
  }
}

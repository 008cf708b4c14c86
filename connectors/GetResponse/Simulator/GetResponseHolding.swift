import Scoring

/// What a simulated GetResponse holds for one contact, read past its API.
public struct GetResponseHolding: Equatable, Sendable {
  /// The contact's id.
  public var id: String
  /// The address.
  public var email: String
  /// The name of its list.
  public var list: String
  /// The native score; nil if there is none.
  public var scoring: Double?
  /// The first values by custom field.
  public var fields: [String: String]
  /// The names of its tags.
  public var tags: Set<String>
}

extension GetResponseServer {
  /// What is held for a contact; nil if it is removed.
  public func held(_ id: String) -> GetResponseHolding? {
    guard let place = store.place(of: id), store[place].state != .removed else { return nil }
    let contact = store[place]
    var values: [String: String] = [:]
    for value in contact.values { values[fields[Int(value.field)].name] = value.values.first }
    return GetResponseHolding(
      id: id, email: contact.email, list: lists[contact.list].name, scoring: contact.scoring, fields: values,
      tags: Set(contact.tags.map { tags[Int($0)].name }))
  }

  /// The addresses in a saved segment, in order; nil if there is no segment of this name.
  public func members(ofSegment name: String, at now: Timestamp) -> [String]? {
    guard let saved = segments.first(where: { !$0.isDeleted && $0.name == name }),
      let segment = try? segment(saved.definition, isSaved: true, at: now.seconds)
    else { return nil }
    return store.contacts.filter { segment.holds($0, at: now.seconds) }.map { $0.email }.sorted()
  }

  /// The names of all saved segments, in the order in which they were made.
  public var segmentNames: [String] { segments.filter { !$0.isDeleted }.map { $0.name } }
}

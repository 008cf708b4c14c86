import Platform
import SimulatorJSON

/// A tag.
struct StoredTag: Sendable {
  let name: String
  let created: Int64
  var isDeleted = false

  /// The id of the tag at a place.
  static func id(_ place: Int) -> String { Identifier.text(FirstID.tag + place) }

  /// Letters, digits and the underscore, 2 to 64 of them.
  static func isName(_ name: String) -> Bool {
    (2...64).contains(name.utf8.count)
      && name.utf8.allSatisfy {
        $0 == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
          || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
      }
  }
}

/// The account's tags.
extension GetResponseServer {
  mutating func tagRoute(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    switch (call.method, call.path.count) {
    case ("GET", 1): return try listTags(call)
    case ("POST", 1): return try createTag(call)
    case ("GET", 2): return .json(200, call.picked(tagDetails(try tag(call.path[1])), id: "tagId"))
    // A tag cannot be renamed: this changes nothing.
    case ("POST", 2): return .json(200, tagDetails(try tag(call.path[1])))
    case ("DELETE", 2):
      deleteTag(try tag(call.path[1]), at: call.now)
      return .empty(204)
    default: throw call.notFound
    }
  }

  /// Where the tag with an id stands; nil if there is none.
  func tagPlace(of id: String) -> Int? {
    guard let number = Identifier.number(id), tags.indices.contains(number - FirstID.tag) else { return nil }
    return tags[number - FirstID.tag].isDeleted ? nil : number - FirstID.tag
  }

  /// Where the tag with a name stands; names that differ by case alone are the same.
  func tagPlace(named name: String) -> Int? {
    tags.firstIndex { !$0.isDeleted && $0.name.lowercased() == name.lowercased() }
  }

  private func tag(_ id: String) throws(Refusal) -> Int {
    guard let place = tagPlace(of: id) else { throw .notFound("tag \(id)") }
    return place
  }

  private func listTags(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    let query = try ListQuery(
      call, filters: ["name", "createdAt.from", "createdAt.to"], sorts: ["name", "createdAt"])
    let range = try query.range("createdAt")
    let name = query.filters["name"]
    let places = tags.indices.filter { place in
      !tags[place].isDeleted && (name.map { tags[place].name.contains(anyCase: $0) } ?? true)
        && range?.contains(tags[place].created) != false
    }
    let sorted = query.sorted(Array(places)) { name, left, right in
      name == "name"
        ? ListQuery.order(tags[left].name, tags[right].name)
        : ListQuery.order(tags[left].created, tags[right].created)
    }
    return page(call, query, of: sorted, id: "tagId") { place in
      .map(tagReference(place).members + [createdAt(place)])
    }
  }

  private func createdAt(_ place: Int) -> JSON.Member {
    JSON.Member("createdAt", .text(DateText.text(tags[place].created)))
  }

  private func tagDetails(_ place: Int) -> JSON {
    .map(tagReference(place).members.filter { $0.name != "href" } + [createdAt(place)])
  }

  private mutating func createTag(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    guard let name = try call.map()["name"]?.string, StoredTag.isName(name) else {
      throw .invalid("name", "name must match ^[_a-zA-Z0-9]{2,64}$")
    }
    guard tagPlace(named: name) == nil else { throw .duplicate("name") }
    tags.append(StoredTag(name: name, created: call.now))
    return .json(201, tagDetails(tags.count - 1))
  }

  /// The tag goes from everybody who has it.
  private mutating func deleteTag(_ place: Int, at now: Int64) {
    tags[place].isDeleted = true
    revision += 1
    for holder in store.contacts.indices where store[holder].tags.contains(Int32(place)) {
      store.change(holder) { $0.tags.removeAll { $0 == Int32(place) } }
    }
  }
}

import Platform
import WebAPI

/// Static lists that hold the contacts of a tag, for those who want to see them among HubSpot's segments.
actor TagLists {
  private let api: HubSpotAPI
  private var known: [String: String] = [:]

  init(api: HubSpotAPI) {
    self.api = api
  }

  /// What the list of a tag is called.
  static func name(_ tag: String) -> String { "Leadgauge \(tag)" }

  /// Makes the lists that are missing.
  func prepare(_ tags: [String]) async throws(ConnectorFailure) {
    for tag in tags where known[tag] == nil {
      if let list = try await find(tag) {
        known[tag] = list
        continue
      }
      let answer = try await api.answer(
        to: APICall(
          method: "POST", path: api.paths.lists,
          body: JSONOutput.object([
            ("name", .text(Self.name(tag))), ("objectTypeId", .text("0-1")),
            ("processingType", .text("MANUAL")),
          ]).bytes, isRepeatable: true))
      let made = answer.json["list"]["listId"].text
      if (200..<300).contains(answer.status), let made {
        known[tag] = made
      } else if let list = try await find(tag) {
        // A try of ours whose answer was lost has made it.
        known[tag] = list
      } else {
        throw api.refusal(answer, of: api.paths.lists)
      }
    }
  }

  /// The number of a tag's list; nil if there is none.
  private func find(_ tag: String) async throws(ConnectorFailure) -> String? {
    let path = api.paths.list(named: Self.name(tag))
    let answer = try await api.answer(to: APICall(path: path))
    if answer.status == 404 { return nil }
    guard answer.status == 200 else { throw api.refusal(answer, of: path) }
    let list = answer.json["list"]
    guard list["processingType"].text.map({ $0 == "MANUAL" || $0 == "SNAPSHOT" }) ?? true else {
      throw ConnectorFailure(
        .configuration, "the list '\(Self.name(tag))' of \(api.place) fills itself",
        cure: "Rename it in HubSpot, or set lists: false")
    }
    return list["listId"].text
  }

  /// Puts contacts into the lists of their tags and takes them out of those they lose.
  ///
  /// It comes before the properties: if the run is killed in between, the contact still differs and both are done
  /// again.
  func update(_ batch: [ContactWrite]) async throws(ConnectorFailure) {
    var adding: [String: [String]] = [:]
    var removing: [String: [String]] = [:]
    for write in batch {
      for tag in write.addTags { adding[tag, default: []].append(write.contact.text) }
      for tag in write.removeTags { removing[tag, default: []].append(write.contact.text) }
    }
    let tags = Set(adding.keys).union(removing.keys).sorted()
    try await prepare(tags)
    for tag in tags {
      guard let list = known[tag] else { continue }
      let path = api.paths.memberships(of: list)
      func ids(_ list: [String]?) -> JSONOutput { .list((list ?? []).map { .text($0) }) }
      let answer = try await api.answer(
        to: APICall(
          method: "PUT", path: path,
          body: JSONOutput.object([
            ("recordIdsToAdd", ids(adding[tag])), ("recordIdsToRemove", ids(removing[tag])),
          ]).bytes, isRepeatable: true))
      guard (200..<300).contains(answer.status) else { throw api.refusal(answer, of: path) }
    }
  }
}

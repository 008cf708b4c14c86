import Platform
import WebAPI

/// A saved segment for each band, on GetResponse's own score: contacts enter and leave it by themselves, so that
/// being in it costs no call.
struct SavedSegments: Sendable {
  let api: GetResponseAPI
  let catalogue: AccountCatalogue

  /// What the segment of a band is called.
  static func name(_ band: String) -> String { "Leadgauge \(band)" }

  /// Makes those that are missing, and changes those whose bounds or lists have changed.
  func prepare(_ layout: WriteLayout) async throws(ConnectorFailure) {
    guard layout.fields.score == .native, layout.bandFloors.count == layout.bandNames.count,
      !layout.bandNames.isEmpty
    else { return }
    let lists = try await catalogue.freshLists().ids
    var present = try await present()
    for (number, band) in layout.bandNames.enumerated() {
      var conditions = [SegmentQuery.Condition.scoreFrom(layout.bandFloors[number])]
      if number > 0 { conditions.append(.scoreBelow(layout.bandFloors[number - 1])) }
      let query = SegmentQuery(lists: lists, conditions: conditions)
      if present[Self.name(band)] == nil, try await !make(band, query) { present = try await self.present() }
      if let id = present[Self.name(band)] { try await update(id, band, query) }
    }
  }

  /// The ids of all saved segments of ours by name.
  private func present() async throws(ConnectorFailure) -> [String: String] {
    var found: [String: String] = [:]
    var number = 1
    var memory = PageMemory()
    while true {
      let answer = try await api.get(
        GetResponsePaths.segments,
        [("query[name]", "Leadgauge"), ("page", "\(number)"), ("perPage", "1000")])
      for segment in answer.json.elements {
        guard let id = ContactMapping.text(segment["searchContactId"]), let name = segment["name"].text else {
          continue
        }
        found[name] = id
      }
      guard answer.json.count >= 1_000 else { return found }
      try api.demandNews(answer, of: GetResponsePaths.segments, &memory)
      number += 1
    }
  }

  private func body(_ band: String, _ query: SegmentQuery) -> JSONOutput {
    .object([("name", .text(Self.name(band)))] + query.members)
  }

  /// False if there is one of the name after all: a try of ours whose answer was lost has made it.
  private func make(_ band: String, _ query: SegmentQuery) async throws(ConnectorFailure) -> Bool {
    let answer = try await api.answer(to: api.post(GetResponsePaths.segments, body(band, query)))
    if !answer.isGood, answer.trouble.kind == .duplicate { return false }
    guard answer.isGood else { throw api.refusal(answer, of: GetResponsePaths.segments) }
    return true
  }

  private func update(_ id: String, _ band: String, _ query: SegmentQuery) async throws(ConnectorFailure) {
    let path = GetResponsePaths.segment(id)
    let there = try await api.get(path).json
    guard !Self.isSame(there, query) else { return }
    let answer = try await api.answer(to: api.post(path, body(band, query)))
    guard answer.isGood else { throw api.refusal(answer, of: path) }
  }

  /// Whether a segment is as it is wanted; lists and conditions may come in any order.
  static func isSame(_ there: JSONValue, _ query: SegmentQuery) -> Bool {
    let sections = there["section"].elements
    guard sections.count == 1, let section = sections.first else { return false }
    let lists = Set(section["campaignIdsList"].elements.compactMap(\.text))
    func marks(_ conditions: [JSONValue]) -> Set<String> {
      Set(
        conditions.map {
          "\($0["conditionType"].text ?? "") \($0["operator"].text ?? "") \($0["value"].text ?? "")"
        })
    }
    let wanted = query.conditions.compactMap { try? JSONValue.parse($0.body.bytes) }
    return lists == Set(query.lists) && marks(section["conditions"].elements) == marks(wanted)
  }
}

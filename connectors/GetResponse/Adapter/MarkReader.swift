import Platform
import Scoring
import WebAPI

/// Lists who holds which tag and which band, a search for each: 1,000 contacts a call, where their details would
/// be a call each. In between the store knows what was written.
struct MarkReader: Sendable {
  let api: GetResponseAPI
  let mapping: ContactMapping
  let catalogue: AccountCatalogue
  let lookup: ContactLookup
  let fullList: TimeSpan
  var size = 1_000

  static let stream = StreamName("marks")

  /// Something whose holders are listed; in the order of their names.
  private enum Mark: Hashable {
    case tag(String, id: String)
    case band(String, field: String)
    /// Any band, where nobody says which there are.
    case anyBand(field: String)

    var name: String {
      switch self {
      case .tag(let name, _): "tag:\(name)"
      case .band(let name, _): "band:\(name)"
      case .anyBand: "band"
      }
    }

    var condition: SegmentQuery.Condition {
      switch self {
      case .tag(_, let id): .tag(id)
      case .band(let name, let field): .field(field, name)
      case .anyBand(let field): .anyValue(field)
      }
    }
  }

  func page(after last: Cursor?, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    let names = wanted(window.needs)
    var cursor = MarkCursor()
    if let last {
      cursor = try MarkCursor(last)
      if cursor.isDone {
        let old = cursor
        cursor = MarkCursor()
        cursor.reading = old.reading + 1
        let age = window.now.seconds - old.listedAt
        let isDue = age >= max(0, fullList.seconds - ContactReader.earliness)
        guard isDue || !Set(names).isSubset(of: old.names) else { return Self.nothing(old) }
      }
    }
    if cursor.listedAt == 0 {
      cursor.listedAt = window.now.seconds
      cursor.names = names
      try await catalogue.freshLists()
      if mapping.markParts.contains(.tags) { _ = try await catalogue.freshTags() }
      if mapping.markParts.contains(.band) { _ = try await catalogue.freshFields() }
    }
    return try await list(cursor, window)
  }

  /// What the model may give; a star where nobody says.
  private func wanted(_ needs: PullNeeds?) -> [String] {
    guard let needs else { return ["*"] }
    return needs.tags.map { "tag:\($0)" } + needs.bands.map { "band:\($0)" }
  }

  private static func nothing(_ old: MarkCursor) -> Page {
    var cursor = old
    cursor.reading += 1
    return Page(
      reading: Reading(number: cursor.reading, isContinuation: true), cursor: cursor.encoded, hasMore: false)
  }

  private func marks(_ window: PullWindow) async throws(ConnectorFailure) -> [Mark] {
    var marks: [Mark] = []
    if mapping.markParts.contains(.tags) {
      let ids = try await catalogue.tags()
      for name in Set(window.needs?.tags ?? ids.keys.sorted()) {
        if let id = ids[name.lowercased()] { marks.append(.tag(name, id: id)) }
      }
    }
    if let name = mapping.fields?.band, mapping.markParts.contains(.band),
      let field = try await catalogue.fields()[name]
    {
      if let bands = window.needs?.bands {
        marks += Set(bands).map { .band($0, field: field.id) }
      } else {
        marks.append(.anyBand(field: field.id))
      }
    }
    return marks.sorted { $0.name < $1.name }
  }

  private func list(_ cursor: MarkCursor, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    var page = Page(
      reading: Reading(number: cursor.reading, isContinuation: false), cursor: cursor.encoded, hasMore: false)
    var next = cursor
    let marks = try await marks(window)
    if let place = marks.firstIndex(where: { $0.name >= cursor.mark }) {
      let mark = marks[place]
      if mark.name != cursor.mark { (next.mark, next.page, next.total) = (mark.name, 1, 0) }
      let query = SegmentQuery(lists: try await catalogue.lists(), conditions: [mark.condition])
      let answer = try await SegmentSearch(api: api).page(query, number: next.page, size: size)
      let rows = answer.json.elements
      page.recordsRead = rows.count
      try await take(rows.compactMap { ContactMapping.id(of: $0) }, mark, into: &page)
      let hasShrunk = answer.total.map { $0 < next.total } ?? false
      next.total = answer.total ?? 0
      page.hasMore = true
      if hasShrunk {
        // Somebody lost it meanwhile, and all behind him moved up.
        next.page = 1
      } else if rows.count >= size {
        next.page += 1
      } else if place + 1 < marks.count {
        (next.mark, next.page, next.total) = (marks[place + 1].name, 1, 0)
      } else {
        page.hasMore = false
      }
    }
    next.isDone = !page.hasMore
    page.listing = next.isDone ? .everythingAndDone : .everything
    page.cursor = next.encoded
    return page
  }

  private func take(
    _ ids: [ContactID], _ mark: Mark, into page: inout Page
  ) async throws(ConnectorFailure) {
    switch mark {
    case .tag(let name, _):
      page.holdings = ids.map { Holding(contact: $0, state: HeldState(tags: [name]), parts: [.tags]) }
    case .band(let name, _):
      page.holdings = ids.map { Holding(contact: $0, state: HeldState(band: name), parts: [.band]) }
    case .anyBand:
      for contact in try await lookup.details(of: ids).compactMap(\.self) {
        guard let id = ContactMapping.id(of: contact) else { continue }
        page.holdings.append(
          Holding(contact: id, state: HeldState(band: mapping.held(contact).band), parts: [.band]))
      }
    }
  }
}

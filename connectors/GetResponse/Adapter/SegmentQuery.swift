import Platform
import WebAPI

/// What is asked of a search for contacts: a condition, or several, on the contacts of all lists.
struct SegmentQuery: Sendable {
  /// Which contacts: a search takes one kind.
  enum Kind: String, Sendable {
    case subscribed
    case removed
    case undelivered
  }

  /// A condition on a contact.
  enum Condition: Sendable {
    /// Something of a kind (`last_open_date`) happened on this day or later.
    case since(String, day: String)
    /// It has the tag of this id.
    case tag(String)
    /// The custom field of this id has this value.
    case field(String, String)
    /// The custom field of this id has any value.
    case anyValue(String)
    /// Its score is at least this.
    case scoreFrom(Int)
    /// Its score is less than this.
    case scoreBelow(Int)

    var body: JSONOutput {
      func object(_ members: (String, String)...) -> JSONOutput {
        .object(members.map { ($0.0, .text($0.1)) })
      }
      func score(_ comparison: String, _ value: Int) -> JSONOutput {
        .object([
          ("conditionType", .text("score")), ("operatorType", .text("numeric_operator")),
          ("operator", .text(comparison)), ("value", .integer(value)),
        ])
      }
      return switch self {
      case .since(let what, let day):
        object(
          ("conditionType", what), ("operatorType", "date_operator"), ("operator", "date_from"),
          ("value", day))
      case .tag(let id):
        object(("conditionType", "tag"), ("operatorType", "exists"), ("operator", "exists"), ("value", id))
      case .field(let id, let value):
        object(
          ("conditionType", "custom"), ("scope", id), ("operatorType", "string_operator"), ("operator", "is"),
          ("value", value))
      case .anyValue(let id):
        object(
          ("conditionType", "custom"), ("scope", id), ("operatorType", "string_operator"),
          ("operator", "assigned"))
      case .scoreFrom(let value): score("numeric_gt_eq", value)
      case .scoreBelow(let value): score("numeric_lt", value)
      }
    }
  }

  var kind = Kind.subscribed
  /// Which lists; a search has to name them all.
  var lists: [String]
  /// All of them have to hold.
  var conditions: [Condition] = []

  var members: [(String, JSONOutput)] {
    [
      ("subscribersType", .list([.text(kind.rawValue)])), ("sectionLogicOperator", .text("or")),
      (
        "section",
        .list([
          .object([
            ("campaignIdsList", .list(lists.map { .text($0) })), ("logicOperator", .text("and")),
            (
              "subscriberCycle",
              .list([.text("receiving_autoresponder"), .text("not_receiving_autoresponder")])
            ),
            ("subscriptionDate", .text("all_time")), ("conditions", .list(conditions.map(\.body))),
          ])
        ])
      ),
    ]
  }
}

/// Searches for contacts.
struct SegmentSearch: Sendable {
  let api: GetResponseAPI

  /// A page of what is found, oldest contacts first, which keeps the places of most of them from one page to the
  /// next.
  func page(
    _ query: SegmentQuery, number: Int, size: Int
  ) async throws(ConnectorFailure) -> GetResponseAnswer {
    let path = GetResponsePaths.search
    let answer = try await api.answer(
      to: api.post(
        path, .object(query.members),
        [("page", "\(number)"), ("perPage", "\(size)"), ("sort[createdOn]", "ASC")], priority: .reading))
    guard answer.isGood else { throw api.refusal(answer, of: path) }
    return answer
  }

  /// How many there are; nil if it is not told.
  func count(_ query: SegmentQuery) async throws(ConnectorFailure) -> Int? {
    let answer = try await page(query, number: 1, size: 1)
    return answer.total ?? (answer.json.count == 0 ? 0 : nil)
  }

  /// The ids of all that are found, and how many there are said to be.
  ///
  /// When one leaves the set meanwhile, the places of all behind it move up and one of them may be passed over:
  /// then it is walked again.
  func all(
    _ query: SegmentQuery, size: Int
  ) async throws(ConnectorFailure) -> (ids: [String], total: Int?) {
    for _ in 0..<3 {
      var ids: [String] = []
      var total: Int?
      var hasShrunk = false
      var number = 1
      var memory = PageMemory()
      while true {
        let answer = try await page(query, number: number, size: size)
        ids += answer.json.elements.compactMap { ContactMapping.text($0["contactId"]) }
        if let now = answer.total {
          hasShrunk = hasShrunk || now < (total ?? now)
          total = max(now, total ?? now)
        }
        guard answer.json.count >= size else { break }
        try api.demandNews(answer, of: GetResponsePaths.search, &memory)
        number += 1
      }
      if !hasShrunk { return (ids, total) }
    }
    throw ConnectorFailure(
      .unavailable, "\(api.place)'s contacts change faster than a search can be read",
      cure: "Look for an import or a deletion that is under way; the next run goes on from here")
  }
}

/// One condition of a segment.
enum SegmentCondition: Sendable {
  case score(NumberTest)
  case noScore
  case engagement(NumberTest)
  case tag(Int32, isThere: Bool)
  case field(Int, FieldTest)
  case name(TextTest)
  case email(TextTest)
  case lastSend(DayRange)
  case lastOpen(DayRange)
  case lastClick(DayRange)
  /// Was sent a message, opened it or clicked in it, or not.
  case message(StoredActivity.Kind, Int32, isThere: Bool)

  /// What a custom field's value is compared with.
  enum FieldTest: Sendable {
    case assigned
    case notAssigned
    case text(TextTest)
    case number(NumberTest)
    case day(DayRange)
  }

  func holds(_ contact: StoredContact, at now: Int64) -> Bool {
    switch self {
    case .score(let test): return contact.scoring.map { test.holds($0) } ?? false
    case .noScore: return contact.scoring == nil
    case .engagement(let test): return contact.engagement(at: now).map { test.holds(Double($0)) } ?? false
    case .tag(let place, let isThere): return contact.tags.contains(place) == isThere
    case .field(let place, let test): return Self.holds(contact[field: place], test)
    case .name(let test): return test.holds(contact.name ?? "")
    case .email(let test): return test.holds(contact.email)
    case .lastSend(let days): return days.holds(contact.lastSend)
    case .lastOpen(let days): return days.holds(contact.lastOpen)
    case .lastClick(let days): return days.holds(contact.lastClick)
    case .message(let kind, let message, let isThere):
      return contact.activities.contains { $0.kind == kind && $0.message == message } == isThere
    }
  }

  private static func holds(_ values: [String]?, _ test: FieldTest) -> Bool {
    guard let values else {
      if case .notAssigned = test { return true }
      return false
    }
    switch test {
    case .assigned: return true
    case .notAssigned: return false
    case .text(let test): return values.contains { test.holds($0) }
    case .number(let test): return values.contains { Double($0).map { test.holds($0) } ?? false }
    case .day(let days): return values.contains { days.holds(DateText.seconds($0)) }
    }
  }
}

/// Some lists and the conditions on their contacts.
struct SegmentSection: Sendable {
  /// By the place of a list: whether its contacts are wanted.
  let lists: [Bool]
  let isOr: Bool
  /// Whether contacts are wanted that are in a cycle of autoresponders.
  let takesReceiving: Bool
  /// Whether contacts are wanted that are in none.
  let takesOthers: Bool
  /// When they subscribed.
  let subscribed: DayRange
  let conditions: [SegmentCondition]

  func holds(_ contact: StoredContact, at now: Int64) -> Bool {
    guard lists[contact.list], contact.dayOfCycle == nil ? takesOthers : takesReceiving,
      subscribed.holds(contact.created)
    else { return false }
    if conditions.isEmpty { return true }
    return isOr
      ? conditions.contains { $0.holds(contact, at: now) }
      : conditions.allSatisfy { $0.holds(contact, at: now) }
  }
}

/// Who is looked for.
struct SegmentQuery: Sendable {
  let state: ContactState
  let isOr: Bool
  let sections: [SegmentSection]

  func holds(_ contact: StoredContact, at now: Int64) -> Bool {
    guard contact.state == state else { return false }
    return isOr
      ? sections.contains { $0.holds(contact, at: now) }
      : sections.allSatisfy { $0.holds(contact, at: now) }
  }
}

import Platform
import SimulatorJSON

/// How the definition of a segment is read. Whatever is required and missing is refused.
extension GetResponseServer {
  private static let most = 8

  /// Who a definition looks for, with the words for dates taken as of now.
  func segment(_ body: JSON, isSaved: Bool, at now: Int64) throws(Refusal) -> SegmentQuery {
    let types = isSaved && body["subscribersType"] == nil ? ["subscribed"] : body["subscribersType"] ?? .null
    guard types.elements.count == 1, let name = types.elements.first?.string,
      let state = ContactState(rawValue: name), !isSaved || state == .subscribed
    else { throw .invalid("subscribersType", "subscribersType must be a list of one type") }
    let isOr = try Self.isOr(body, "sectionLogicOperator")
    guard case .list(let elements)? = body["section"], (1...Self.most).contains(elements.count) else {
      throw .invalid("section", "section must be a list of 1 to 8 sections")
    }
    var sections: [SegmentSection] = []
    for element in elements { sections.append(try section(element, at: now)) }
    return SegmentQuery(state: state, isOr: isOr, sections: sections)
  }

  private static func isOr(_ body: JSON, _ name: String) throws(Refusal) -> Bool {
    guard let word = body[name]?.string, word == "or" || word == "and" else {
      throw .invalid(name, "\(name) must be one of: and, or")
    }
    return word == "or"
  }

  private func section(_ body: JSON, at now: Int64) throws(Refusal) -> SegmentSection {
    guard case .list(let ids)? = body["campaignIdsList"], !ids.isEmpty else {
      throw .invalid("campaignIdsList", "campaignIdsList is required")
    }
    var wanted = [Bool](repeating: false, count: lists.count)
    for id in ids {
      guard let place = listPlace(of: id.string ?? "") else {
        throw .dangling("campaignIdsList", id.scalar ?? "")
      }
      wanted[place] = true
    }
    let cycles = (body["subscriberCycle"]?.elements ?? []).map { $0.string ?? "" }
    let names = ["receiving_autoresponder", "not_receiving_autoresponder"]
    guard !cycles.isEmpty, cycles.allSatisfy({ names.contains($0) }) else {
      throw .invalid("subscriberCycle", "subscriberCycle is required")
    }
    var conditions: [SegmentCondition] = []
    let elements = body["conditions"]?.elements ?? []
    guard elements.count <= Self.most else {
      throw .invalid("conditions", "There are more than 8 conditions")
    }
    for element in elements { conditions.append(try condition(element, at: now)) }
    return SegmentSection(
      lists: wanted, isOr: try Self.isOr(body, "logicOperator"), takesReceiving: cycles.contains(names[0]),
      takesOthers: cycles.contains(names[1]), subscribed: try Self.subscriptionDate(body, at: now),
      conditions: conditions)
  }

  private static func subscriptionDate(_ body: JSON, at now: Int64) throws(Refusal) -> DayRange {
    let name = body["subscriptionDate"]?.string ?? ""
    if name == "all_time" { return DayRange() }
    if name == "custom", let from = body["customDate"]?["from"]?.string.flatMap({ DateText.day(of: $0) }),
      let to = body["customDate"]?["to"]?.string.flatMap({ DateText.day(of: $0) })
    {
      return DayRange(from: from, to: to)
    }
    guard name != "last_n_days", let days = DayRange.named(name, today: DateText.day(now), days: nil) else {
      throw .invalid("subscriptionDate", "subscriptionDate is required")
    }
    return days
  }

  private func condition(_ body: JSON, at now: Int64) throws(Refusal) -> SegmentCondition {
    guard let type = body["conditionType"]?.string else {
      throw .invalid("conditionType", "conditionType is required")
    }
    switch type {
    case "last_send_date": return .lastSend(try Self.days(body, at: now))
    case "last_open_date": return .lastOpen(try Self.days(body, at: now))
    case "last_click_date": return .lastClick(try Self.days(body, at: now))
    case "score":
      if body["operatorType"] == "not_exists" { return .noScore }
      try Self.demand(body, "operatorType", ["numeric_operator"])
      return .score(try Self.number(body))
    case "engagement_score": return .engagement(try Self.number(body))
    case "tag":
      try Self.demand(body, "operatorType", ["exists"])
      try Self.demand(body, "operator", ["exists", "not_exists"])
      guard let id = body["value"]?.string else { throw .invalid("value", "value is required") }
      guard let place = tagPlace(of: id) else { throw .dangling("tag", id) }
      return .tag(Int32(place), isThere: body["operator"] == "exists")
    case "custom": return try fieldCondition(body, at: now)
    case "name": return .name(try Self.text(body))
    case "email": return .email(try Self.text(body))
    case "sent", "not_sent", "opened", "not_opened", "clicked", "not_clicked":
      return try messageCondition(type, body)
    default: throw .invalid("conditionType", "The stand-in does not know the condition \(type)")
    }
  }

  private static func demand(_ body: JSON, _ name: String, _ words: Set<String>) throws(Refusal) {
    guard let word = body[name]?.string, words.contains(word) else {
      throw .invalid(name, "\(name) must be one of: \(words.sorted().joined(separator: ", "))")
    }
  }

  private static func number(_ body: JSON) throws(Refusal) -> NumberTest {
    try demand(body, "operator", NumberTest.names)
    guard let value = body["value"]?.scalar.flatMap({ Double($0) }) else {
      throw .invalid("value", "value must be a number")
    }
    return NumberTest(name: body["operator"]?.string ?? "", value: value)
  }

  private static func text(_ body: JSON) throws(Refusal) -> TextTest {
    try demand(body, "operatorType", ["string_operator", "string_operator_list"])
    try demand(body, "operator", TextTest.names)
    let values =
      body["value"]?.string.map { [$0] } ?? (body["value"]?.elements ?? []).compactMap { $0.string }
    guard !values.isEmpty else { throw .invalid("value", "value is required") }
    return TextTest(name: body["operator"]?.string ?? "", values: values)
  }

  private static func days(_ body: JSON, at now: Int64) throws(Refusal) -> DayRange {
    try demand(body, "operatorType", ["date_operator"])
    try demand(body, "operator", ["date_from", "date_to", "specific_date", "custom"])
    guard let value = body["value"]?.string else { throw .invalid("value", "value is required") }
    let days: DayRange?
    switch body["operator"] {
    case "date_from": days = DateText.day(of: value).map { DayRange(from: $0) }
    case "date_to": days = DateText.day(of: value).map { DayRange(to: $0) }
    case "specific_date":
      days = DayRange.named(value, today: DateText.day(now), days: body["numberOfDays"]?.whole)
    default:
      let ends = value.split(separator: "/").compactMap { DateText.day(of: String($0)) }
      days = ends.count == 2 ? DayRange(from: ends[0], to: ends[1]) : nil
    }
    guard let days else { throw .invalid("value", "Invalid date: \(value)") }
    return days
  }

  private func fieldCondition(_ body: JSON, at now: Int64) throws(Refusal) -> SegmentCondition {
    guard let id = body["scope"]?.string else { throw .invalid("scope", "scope is required") }
    guard let place = fieldPlace(of: id) else { throw .dangling("customFieldId", id) }
    try Self.demand(
      body, "operatorType", ["string_operator", "string_operator_list", "numeric_operator", "date_operator"])
    switch (body["operator"], body["operatorType"]) {
    case ("assigned", _): return .field(place, .assigned)
    case ("not_assigned", _): return .field(place, .notAssigned)
    case (_, "numeric_operator"): return .field(place, .number(try Self.number(body)))
    case (_, "date_operator"): return .field(place, .day(try Self.days(body, at: now)))
    default: return .field(place, .text(try Self.text(body)))
    }
  }

  private func messageCondition(_ type: String, _ body: JSON) throws(Refusal) -> SegmentCondition {
    try Self.demand(body, "operatorType", ["message_operator"])
    try Self.demand(body, "operator", ["newsletter", "autoresponder", "splittest", "automation"])
    let isThere = !type.hasPrefix("not_")
    let kind: StoredActivity.Kind = type.hasSuffix("sent") ? .send : type.hasSuffix("opened") ? .open : .click
    guard let id = body[kind == .click ? "scope" : "value"]?.string else {
      throw .invalid("value", "The message's id is required")
    }
    guard let place = messages.place(of: id) else { throw .dangling("message", id) }
    return .message(kind, Int32(place), isThere: isThere)
  }
}

import Scoring

/// A number on the contact that only grows: how often something happened in its whole life.
///
/// Where HubSpot refuses the events themselves, its growth between two readings stands for them. The names were
/// read from a list of properties of a real account.
struct Counter: Hashable, Sendable {
  /// Which events it stands for.
  enum Family: String, CaseIterable, Sendable {
    case email
    case pages
    case forms
  }

  let property: String
  let kind: KnownKind
  let family: Family
  /// Says when it happened last; nil: when the contact was changed last.
  let date: String?
  /// Says what it happened to last.
  var target: String?
  /// Says in which e-mail it happened last.
  var campaign: String?

  /// In an order that never changes: it is the order in the file of what was counted.
  static let all: [Counter] = [
    Counter(
      property: "hs_email_open", kind: .emailOpen, family: .email, date: "hs_email_last_open_date",
      campaign: "hs_email_last_email_name"),
    Counter(
      property: "hs_email_click", kind: .emailClick, family: .email, date: "hs_email_last_click_date",
      campaign: "hs_email_last_email_name"),
    Counter(
      property: "hs_email_bounce", kind: .emailBounce, family: .email, date: "hs_email_last_send_date",
      campaign: "hs_email_last_email_name"),
    Counter(property: "hs_email_optout", kind: .emailUnsubscribe, family: .email, date: nil),
    Counter(
      property: "hs_analytics_num_page_views", kind: .pageVisit, family: .pages,
      date: "hs_analytics_last_timestamp", target: "hs_analytics_last_url"),
    Counter(
      property: "num_conversion_events", kind: .formSubmit, family: .forms, date: "recent_conversion_date",
      target: "recent_conversion_event_name"),
  ]

  /// All properties that they need.
  static let properties: [String] = Set(
    all.flatMap { [$0.property, $0.date, $0.target, $0.campaign].compactMap(\.self) }
  ).sorted()
}

import Platform

/// The four files that a connection may have; the raw value is the key in the configuration and the name of
/// the stream.
enum FileKind: String, CaseIterable, Sendable {
  case contacts
  case output
  case activities
  case outcomes

  var stream: StreamName { StreamName(rawValue) }

  var role: StreamDescription.Role {
    switch self {
    case .contacts: return .contacts
    case .output: return .holdings
    case .activities: return .activities
    case .outcomes: return .outcomes
    }
  }

  /// True if the file lists everything there is, so that what is not in it is gone.
  var isComplete: Bool { self == .contacts || self == .output }

  /// The columns that mean something to us, in the order in which the readers of rows know them.
  var slots: [String] {
    switch self {
    case .contacts: return ["id", "email", "emails", "created_at"]
    case .output: return ["id", "email", "score", "band", "tags", "reasons", "updated_at"]
    case .activities: return ["contact", "email", "kind", "at", "target", "campaign", "value", "id"]
    case .outcomes: return ["contact", "email", "outcome", "at", "amount"]
    }
  }

  /// The columns that the configuration may map on other headers.
  var mappable: [String] {
    guard self == .contacts else { return self == .output ? [] : slots }
    return slots + ContactField.canonicalNames.filter { !slots.contains($0) }
  }

  /// Sets of columns of which one each must be there.
  var demanded: [[String]] {
    switch self {
    case .contacts: return [["id", "email"]]
    case .output: return []
    case .activities: return [["contact", "email"], ["kind"], ["at"]]
    case .outcomes: return [["contact", "email"], ["outcome"], ["at"]]
    }
  }

  /// The most rows in one page.
  var rowsPerPage: Int { self == .activities || self == .outcomes ? 50_000 : 5_000 }
}

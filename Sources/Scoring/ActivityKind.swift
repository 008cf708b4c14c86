/// What a contact did, or what was done with them.
public enum ActivityKind: Hashable, Sendable {
  /// One of the kinds that every platform shares.
  case known(KnownKind)
  /// A kind of the user's own, written `custom:NAME`.
  case custom(String)

  /// Reads `page_visit`, `custom:webinar` and the like; nil for a name that is neither.
  public init?(_ text: String) {
    if let known = KnownKind(name: text) {
      self = .known(known)
    } else if text.hasPrefix("custom:"), Self.isName(text.dropFirst(7)) {
      self = .custom(String(text.dropFirst(7)))
    } else {
      return nil
    }
  }

  /// As it is written in files.
  public var name: String {
    switch self {
    case .known(let kind): return kind.name
    case .custom(let name): return "custom:" + name
    }
  }

  private static func isName(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.count <= 100
      && text.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0.value > 0x20 }
  }
}

/// The kinds that every platform shares. The raw values are stored and never change their meaning.
public enum KnownKind: UInt8, CaseIterable, Sendable {
  case pageVisit = 1
  case download
  case videoView
  case formSubmit
  case chat
  case emailSent
  case emailOpen
  case emailClick
  case emailReply
  case emailBounce
  case emailUnsubscribe
  case emailComplaint
  case smsClick
  case pushClick
  case socialClick
  case eventRegistration
  case eventAttendance
  case call
  case meeting
  case task
  case note
  case dealCreated
  case dealWon
  case dealLost
  case purchase
  case listJoin

  /// Raw values below this are, or will be, known kinds; custom kinds are numbered from here.
  public static let firstCustomCode: UInt32 = 64

  /// As it is written in files: `page_visit`.
  public var name: String { Self.names[Int(rawValue)] }

  /// Finds a kind by the name used in files.
  public init?(name: String) {
    guard let kind = Self.byName[name] else { return nil }
    self = kind
  }

  /// True for what is done *to* a contact, which `on: any` leaves out.
  public var isDoneToContact: Bool {
    switch self {
    case .emailSent, .emailBounce, .task, .note, .dealCreated, .dealLost: return true
    default: return false
    }
  }

  private static let names = [
    "", "page_visit", "download", "video_view", "form_submit", "chat", "email_sent", "email_open",
    "email_click", "email_reply", "email_bounce", "email_unsubscribe", "email_complaint", "sms_click",
    "push_click", "social_click", "event_registration", "event_attendance", "call", "meeting", "task",
    "note", "deal_created", "deal_won", "deal_lost", "purchase", "list_join",
  ]

  private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })
}

import Scoring

/// Dates, kinds and amounts as salespeople say them.
enum PlainWords {
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
  ]

  /// `3 December`, with the year if it is another one than that of `now`.
  static func day(_ moment: Timestamp, now: Timestamp) -> String {
    let (year, month, day) = moment.date
    return "\(day) \(months[month - 1])" + (year == now.date.year ? "" : " \(year)")
  }

  /// `3 December 2026`.
  static func date(_ moment: Timestamp) -> String {
    let (year, month, day) = moment.date
    return "\(day) \(months[month - 1]) \(year)"
  }

  /// `2 page visits`, `1 more page visit`.
  static func activities(_ count: Int, _ kind: ActivityKind, isMore: Bool) -> String {
    let (one, many) = noun(kind)
    return "\(count) \(isMore ? "more " : "")\(count == 1 ? one : many)"
  }

  private static func noun(_ kind: ActivityKind) -> (one: String, many: String) {
    func plain(_ text: String) -> (String, String) { (text, text + "s") }
    guard case .known(let known) = kind else {
      let name = "“\(TerminalText.safe(String(kind.name.dropFirst(7))))”"
      return (name, name)
    }
    switch known {
    case .pageVisit: return plain("page visit")
    case .download: return plain("download")
    case .videoView: return ("video watched", "videos watched")
    case .formSubmit: return ("form sent in", "forms sent in")
    case .chat: return plain("chat")
    case .emailSent: return ("e-mail sent to them", "e-mails sent to them")
    case .emailOpen: return ("e-mail opened", "e-mails opened")
    case .emailClick: return ("click in an e-mail", "clicks in e-mails")
    case .emailReply: return ("answer to an e-mail", "answers to e-mails")
    case .emailBounce: return ("e-mail that came back", "e-mails that came back")
    case .emailUnsubscribe: return plain("unsubscription")
    case .emailComplaint: return plain("complaint")
    case .smsClick: return ("click in a text message", "clicks in text messages")
    case .pushClick: return ("click on a notification", "clicks on notifications")
    case .socialClick: return ("click in social media", "clicks in social media")
    case .eventRegistration: return ("registration for an event", "registrations for events")
    case .eventAttendance: return ("event attended", "events attended")
    case .call: return plain("telephone call")
    case .meeting: return plain("meeting")
    case .task: return plain("task")
    case .note: return plain("note")
    case .dealCreated: return ("new deal", "new deals")
    case .dealWon: return ("deal won", "deals won")
    case .dealLost: return ("deal lost", "deals lost")
    case .purchase: return plain("purchase")
    case .listJoin: return ("list joined", "lists joined")
    }
  }
}

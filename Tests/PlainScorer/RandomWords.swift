/// What random models and random people are made of, so that the one asks for what the other has.
///
/// No pattern asks for a part of what people see as one character (one face of a family, one letter of a syllable):
/// the manual says nothing of that.
public enum RandomWords {
  /// Connections by name, each with its platform, in the order of a configuration.
  public static let connections = [
    ("crm", "bitrix24"), ("mail", "getresponse"), ("web", "mautic"), ("list", "files"),
  ]
  /// Lengths in seconds that rules and ages share: 90 s, 15 min, 12 h, days and weeks.
  public static let lengths: [Int64] = [90, 900, 43200, 86400, 604_800, 1_209_600, 2_592_000, 5_184_000]
  /// Domains of free mailboxes.
  public static let free: Set<String> = ["free.example", "xn--bcher-kva.example"]
  /// Domains of throw-away mailboxes.
  public static let disposable: Set<String> = ["gone.example"]

  static let kinds = [
    "page_visit", "download", "video_view", "form_submit", "chat", "email_sent", "email_open", "email_click",
    "email_reply", "email_bounce", "email_unsubscribe", "email_complaint", "sms_click", "push_click",
    "social_click",
    "event_registration", "event_attendance", "call", "meeting", "task", "note", "deal_created", "deal_won",
    "deal_lost", "purchase", "list_join", "custom:quiz", "custom:Bảng-điểm",
  ]
  static let mailKinds = ["email_sent", "email_open", "email_click"]
  static let targets = [
    "https://example.com/pricing", "https://example.com/PRICING/enterprise", "https://example.com/bảng-giá",
    "https://example.com/BANG-GIA", "https://example.com/products/Bàn-Đá",
    "https://example.com/products/ban-da",
    "https://example.com/products/ghế", "/a", "/b", "/c", "/A", "", "a*b", "what?", "Ünïcode ß Ωmega",
    "İSTANBUL", "ΟΔΌΣ ΣΑΣ", "한국", "👩‍👩‍👧 🙂", "\u{301}", "Ǆ ﬁ", "ÅÅ",
  ]
  static let targetPatterns = [
    "*/pricing*", "*/bang-gia*", "*/BẢNG-GIÁ", "*/products/*", "*/products/gh?", "/?", "/a", "*", "a*b",
    "a**b", "?",
    "what?", "*ß*", "*đ*", "unicode*", "https://*.example.com/*", "*example*a*g*a*", "i?tanbul", "οδος*",
    "οδοσ*", "*σασ", "한*", "* 🙂", "* ?", "dž*", "ǆ*", "*fi", "aa", "å?",
  ]
  static let campaigns = ["Autumn", "AUTUMN", "Thư tháng 9", "thu thang 9", "Đợt 2", "Spring *"]
  static let campaignPatterns = ["autumn", "thư*", "*9", "dot ?", "Spring *", "spring*", "*", "none"]
  static let fields = [
    "first_name", "last_name", "phone", "company", "job_title", "industry", "city", "website", "UF_CRM_SIZE",
    "email",
  ]
  static let fieldTexts = [
    "CEO", "ceo & founder", "Giám đốc", "GIAM DOC bán hàng", "Trưởng phòng", "Intern", "Đà Nẵng", "da nang",
    "50", "50.5",
    "50,5", "-3", "0", "1000", "*", "  ", "", " ceo ", "Straße", "?", "true", "İzmir", "ΟΔΌΣ", "한국", "👩‍👩‍👧",
    "e\u{301}", "\u{301}", "\u{A0}", "1e3", "+5", ".5", "5.", "0x10", "inf", " 50 ", "٣", "−5",
  ]
  static let wantedTexts = [
    "ceo", "giam doc", "GIÁM ĐỐC", "trưởng phòng", "đ", "intern", "Da Nang", "50", "0", "*", "?", "true", "o",
    "ss", "no",
  ]
  static let fieldPatterns = ["*ceo*", "giám*", "?eo", "*đốc*", "5?", "*", "??", "d? n?ng", "*ß?", "* *"]
  static let labels = [
    "Saw the pricing page", "Đã xem bảng giá: 5 lần", "Says \"yes\" \\ #no", "- yes", "*x &y !z",
  ]
  static let numbers: [Double] = [-3, 0, 0.5, 1, 30, 50, 50.5, 59.99, 60, 100, 1000]
}

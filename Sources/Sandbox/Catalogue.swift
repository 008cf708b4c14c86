/// The pages, mails, forms and articles of the world, numbered.
struct Catalogue {
  /// As they stand in a file; number 0 is no target.
  private(set) var targets: [[UInt8]] = [[]]
  /// As they stand in a file; number 0 is no campaign.
  private(set) var campaigns: [[UInt8]] = [[]]
  /// The targets as they are, by the same numbers.
  private(set) var targetTexts: [String?] = [nil]
  /// The campaigns as they are, by the same numbers.
  private(set) var campaignTexts: [String?] = [nil]

  private(set) var pricing = 0..<0
  private(set) var products = 0..<0
  private(set) var posts = 0..<0
  private(set) var others = 0..<0
  private(set) var links = 0..<0
  private(set) var forms = 0..<0
  private(set) var downloads = 0..<0
  private(set) var events = 0..<0
  private(set) var articles = 0..<0

  private static let site = "https://www.example.com"
  private static let goods = [
    "desk", "chair", "lamp", "shelf", "ban-lam-viec", "ghe-xoay", "tu-ho-so", "sofa", "cabinet", "screen",
  ]
  private static let lines = [
    "oak", "nova", "basic", "studio", "sen", "truc", "pro", "mini", "air", "classic",
  ]
  private static let themes = [
    "how-to-choose", "ten-tips", "before-you-buy", "xu-huong", "kinh-nghiem", "case-study", "news",
    "interview",
  ]

  init() {
    pricing = add(
      ["/pricing", "/pricing?plan=team", "/en/pricing/compare", "/bang-gia", "/vi/bang-gia", "/Pricing"].map {
        Self.site + $0
      })
    products = add(Self.goods.flatMap { good in Self.lines.map { "\(Self.site)/products/\($0)-\(good)" } })
    posts = add(Self.goods.flatMap { good in Self.themes.map { "\(Self.site)/blog/\($0)-\(good)" } })
    others = add(
      [
        "/", "/about", "/vi/gioi-thieu", "/contact", "/vi/lien-he", "/careers", "/help/delivery",
        "/help/returns?q=a,b",
      ]
      .map { Self.site + $0 })
    links = add(
      [
        "/pricing", "/products/oak-desk", "/products/sen-sofa", "/blog/news-lamp", "/webinar",
        "/unsubscribe-info", "/sale", "/khuyen-mai",
      ].map { "\(Self.site)\($0)?utm_source=mail" })
    forms = add([
      "Newsletter", "Contact us", "Liên hệ", "Yêu cầu báo giá", "Ask for a quote", "Demo request",
      "Survey, short",
    ])
    downloads = add([
      "Catalogue 2026.pdf", "Bảng giá đại lý.pdf", "Buyer's guide.pdf", "Data sheet \"Nova\".pdf",
      "Case studies.pdf",
    ])
    events = add(["Webinar: Working well", "Hội thảo khách hàng", "Open day", "Product launch"])
    articles = add(Self.goods.flatMap { good in Self.lines.prefix(6).map { "\($0) \(good)" } })
    for week in 0..<30 {
      for name in ["Newsletter", "Khuyến mãi", "Welcome"] {
        let campaign = "\(name) \(week + 1)"
        campaigns.append(Self.field(campaign))
        campaignTexts.append(campaign)
      }
    }
  }

  /// The mails that go out in some week, one of three.
  func campaign(day: Int, choice: Int) -> UInt16 {
    UInt16(min(max(day, 0) / 7, 29) * 3 + choice + 1)
  }

  private mutating func add(_ texts: [String]) -> Range<Int> {
    let start = targets.count
    targets += texts.map(Self.field)
    targetTexts += texts
    return start..<targets.count
  }

  /// A text as a field of a CSV file.
  static func field(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    let isPlain = bytes.allSatisfy { $0 != 0x22 && $0 != 0x2C && $0 != 0x0A && $0 != 0x0D }
    if isPlain { return bytes }
    return [0x22] + bytes.flatMap { $0 == 0x22 ? [0x22, 0x22] : [$0] } + [0x22]
  }
}

/// What HubSpot counts of a contact for good: sums and the first and last moments, which no plan lacks.
struct ContactCounters: Sendable {
  var pageViews: Int32 = 0
  var visits: Int32 = 0
  var firstView: Moment?
  var lastView: Moment?
  var lastVisit: Moment?
  var firstURL: UInt32 = 0
  var lastURL: UInt32 = 0

  var delivered: Int32 = 0
  var opens: Int32 = 0
  var clicks: Int32 = 0
  var bounces: Int32 = 0
  var replies: Int32 = 0
  var firstOpen: Moment?
  var lastSend: Moment?
  var lastOpen: Moment?
  var lastClick: Moment?
  var lastReply: Moment?
  var lastEmail: UInt32 = 0
  var hasOptedOut = false

  var submissions: Int32 = 0
  var forms: Set<UInt32> = []
  var firstSubmission: Moment?
  var lastSubmission: Moment?
  var firstForm: UInt32 = 0
  var lastForm: UInt32 = 0

  var socialClicks: Int32 = 0
  var contacted: Int32 = 0
  var notes: Int32 = 0
  var lastContacted: Moment?
  var lastNote: Moment?
  var lastMeeting: Moment?
  var deals: Int32 = 0
  var lastDealAmount: Double?
  var lastDealClose: Moment?
  var revenue: Double = 0

  /// The counters by the names of their properties.
  enum Name: String, CaseIterable, Sendable {
    case hs_analytics_num_page_views, hs_analytics_num_visits, hs_analytics_average_page_views
    case hs_analytics_first_timestamp, hs_analytics_last_timestamp, hs_analytics_last_visit_timestamp
    case hs_analytics_first_url, hs_analytics_last_url
    case hs_email_delivered, hs_email_open, hs_email_click, hs_email_bounce, hs_email_replied
    case hs_email_first_open_date, hs_email_last_send_date, hs_email_last_open_date
    case hs_email_last_click_date, hs_email_last_reply_date, hs_email_last_email_name, hs_email_optout
    case num_conversion_events, num_unique_conversion_events, first_conversion_date
    case first_conversion_event_name, recent_conversion_date, recent_conversion_event_name
    case hs_social_linkedin_clicks
    case notes_last_contacted, notes_last_updated, num_contacted_notes, num_notes
    case hs_sales_email_last_replied, hs_latest_meeting_activity
    case num_associated_deals, recent_deal_amount, recent_deal_close_date, total_revenue
  }

  /// A pause of half an hour ends a visit.
  private static let visitPause: Int64 = 1_800_000

  mutating func view(_ url: UInt32, at moment: Moment) {
    let pause = lastView.map { moment.milliseconds - $0.milliseconds } ?? .max
    if pause > Self.visitPause {
      visits += 1
      lastVisit = moment
    }
    pageViews += 1
    if firstView == nil { (firstView, firstURL) = (moment, url) }
    (lastView, lastURL) = (later(lastView, moment), url)
  }

  mutating func submit(_ form: UInt32, at moment: Moment) {
    submissions += 1
    forms.insert(form)
    if firstSubmission == nil { (firstSubmission, firstForm) = (moment, form) }
    (lastSubmission, lastForm) = (later(lastSubmission, moment), form)
  }

  /// The sums of two contacts that become one.
  mutating func add(_ other: ContactCounters) {
    pageViews += other.pageViews
    visits += other.visits
    (firstView, lastView) = (earlier(firstView, other.firstView), later(lastView, other.lastView))
    lastVisit = later(lastVisit, other.lastVisit)
    delivered += other.delivered
    opens += other.opens
    clicks += other.clicks
    bounces += other.bounces
    replies += other.replies
    (firstOpen, lastOpen) = (earlier(firstOpen, other.firstOpen), later(lastOpen, other.lastOpen))
    (lastSend, lastClick) = (later(lastSend, other.lastSend), later(lastClick, other.lastClick))
    lastReply = later(lastReply, other.lastReply)
    hasOptedOut = hasOptedOut || other.hasOptedOut
    submissions += other.submissions
    forms.formUnion(other.forms)
    firstSubmission = earlier(firstSubmission, other.firstSubmission)
    lastSubmission = later(lastSubmission, other.lastSubmission)
    socialClicks += other.socialClicks
    contacted += other.contacted
    notes += other.notes
    (lastContacted, lastNote) = (later(lastContacted, other.lastContacted), later(lastNote, other.lastNote))
    lastMeeting = later(lastMeeting, other.lastMeeting)
    deals += other.deals
    revenue += other.revenue
    lastDealClose = later(lastDealClose, other.lastDealClose)
    lastDealAmount = lastDealAmount ?? other.lastDealAmount
  }

  private func later(_ one: Moment?, _ other: Moment?) -> Moment? {
    [one, other].compactMap { $0 }.max()
  }

  private func earlier(_ one: Moment?, _ other: Moment?) -> Moment? {
    [one, other].compactMap { $0 }.min()
  }
}

extension ContactCounters {
  /// A counter as its property holds it; nil where HubSpot leaves it empty. Sums of pages and forms are 0 from
  /// the start, all others are empty until something happens.
  func value(of name: Name, _ pool: TextPool) -> String? {
    switch name {
    case .hs_analytics_num_page_views: return String(pageViews)
    case .hs_analytics_num_visits: return String(visits)
    case .hs_analytics_average_page_views: return String(visits > 0 ? pageViews / visits : 0)
    case .hs_analytics_first_timestamp: return firstView?.text
    case .hs_analytics_last_timestamp: return lastView?.text
    case .hs_analytics_last_visit_timestamp: return lastVisit?.text
    case .hs_analytics_first_url: return Self.text(firstURL, pool)
    case .hs_analytics_last_url: return Self.text(lastURL, pool)
    case .num_conversion_events: return String(submissions)
    case .num_unique_conversion_events: return String(forms.count)
    case .first_conversion_date: return firstSubmission?.text
    case .first_conversion_event_name: return Self.text(firstForm, pool)
    case .recent_conversion_date: return lastSubmission?.text
    case .recent_conversion_event_name: return Self.text(lastForm, pool)
    case .hs_social_linkedin_clicks: return String(socialClicks)
    default: return emailValue(of: name, pool) ?? salesValue(of: name)
    }
  }

  private func emailValue(of name: Name, _ pool: TextPool) -> String? {
    switch name {
    case .hs_email_delivered: return Self.sum(delivered)
    case .hs_email_open: return Self.sum(opens)
    case .hs_email_click: return Self.sum(clicks)
    case .hs_email_bounce: return Self.sum(bounces)
    case .hs_email_replied: return Self.sum(replies)
    case .hs_email_first_open_date: return firstOpen?.text
    case .hs_email_last_send_date: return lastSend?.text
    case .hs_email_last_open_date: return lastOpen?.text
    case .hs_email_last_click_date: return lastClick?.text
    case .hs_email_last_reply_date: return lastReply?.text
    case .hs_email_last_email_name: return Self.text(lastEmail, pool)
    case .hs_email_optout: return hasOptedOut ? "true" : nil
    default: return nil
    }
  }

  private func salesValue(of name: Name) -> String? {
    switch name {
    case .notes_last_contacted: return lastContacted?.text
    case .notes_last_updated: return lastNote?.text
    case .num_contacted_notes: return Self.sum(contacted)
    case .num_notes: return Self.sum(notes)
    case .hs_sales_email_last_replied: return lastReply?.text
    case .hs_latest_meeting_activity: return lastMeeting?.text
    case .num_associated_deals: return Self.sum(deals)
    case .recent_deal_amount: return lastDealAmount.map { Self.money($0) }
    case .recent_deal_close_date: return lastDealClose?.text
    case .total_revenue: return revenue > 0 ? Self.money(revenue) : nil
    default: return nil
    }
  }

  private static func sum(_ number: Int32) -> String? { number > 0 ? String(number) : nil }

  private static func text(_ number: UInt32, _ pool: TextPool) -> String? {
    number > 0 ? pool[number] : nil
  }

  /// Without a fraction where there is none.
  static func money(_ amount: Double) -> String {
    amount == amount.rounded() && abs(amount) < 1e15 ? String(Int64(amount)) : String(amount)
  }
}

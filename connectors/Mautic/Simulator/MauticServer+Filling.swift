import Platform
import Scoring

/// How a server is filled with contacts and with what they did.
extension MauticServer {
  /// The platform's aliases of canonical field names.
  private static let aliases = [
    "first_name": "firstname", "last_name": "lastname", "phone": "phone", "company": "company",
    "job_title": "position", "country": "country", "city": "city", "website": "website",
    "language": "preferred_locale", "email": "email",
  ]

  /// Takes a contact in as if another user had created it at that time. Fields that Mautic does not know are
  /// dropped; a field of its own is named by its alias.
  public mutating func add(_ contact: SimulatedContact) {
    let writer = Self.otherUser
    let place = contacts.add { StoredContact(id: $0, added: contact.createdAt.seconds, createdBy: writer) }
    var values: [(Int, String)] = []
    for field in contact.fields {
      if let place = fields.place(of: Self.aliases[field.name] ?? field.name) {
        values.append((place, field.value))
      }
    }
    let email = contacts.emailPlace
    contacts.change(at: place) { stored in
      for (field, text) in values { stored[field] = text }
      if !contact.email.isEmpty { stored[email] = contact.email }
      if stored[email] != nil { stored.identified = contact.createdAt.seconds }
    }
    let id = contacts.contacts[place].id
    numbers[contact.number] = id
    tables.audit(
      by: writer, object: "lead", id, action: "create", details: "a:0:{}", contact.createdAt.seconds)
  }

  /// Takes in what a contact did: visits, clicks, mails sent, opened, answered and bounced, unsubscriptions,
  /// forms, downloads and videos. Other kinds are ignored.
  public mutating func add(_ activity: SimulatedActivity) {
    guard case .known(let kind) = activity.kind, let id = id(ofContact: activity.contact) else { return }
    let moment = activity.time.seconds
    let lead = UInt32(id)
    let time = UInt32(clamping: moment)
    switch kind {
    case .pageVisit:
      let left = activity.value.map { UInt32(clamping: moment + Int64(PHPText.whole($0))) }
      let url = activity.target ?? "http://www.example.test/"
      let (urlText, title) = (tables.text(url), tables.text(Self.title(of: url)))
      tables.append("page_hits", nil, nil, lead, time, left, urlText, title)
      touch(id, moment, changes: true)
    case .emailClick:
      let url = tables.text(activity.target ?? "http://www.example.test/")
      let email = emailID(activity)
      let redirect = self.redirect(to: url, time)
      tables.append("page_hits", redirect, email, lead, time, nil, url, nil)
      touch(id, moment)
    case .emailSent: _ = send(emailID(activity), to: id, time)
    case .emailOpen:
      open(emailID(activity), by: id, time)
      touch(id, moment)
    case .emailReply:
      let row = stat(emailID(activity), of: id, time)
      tables.append("email_stat_replies", UInt32(row + 1), time)
    case .emailBounce:
      let email = emailID(activity)
      tables.set("email_stats", "is_failed", stat(email, of: id, time), 1)
      if settings.bouncesStopContact { stop(id, email, reason: 2, comments: "Mailbox unknown", time) }
    case .emailUnsubscribe:
      let email = activity.campaign == nil ? nil : emailID(activity)
      stop(id, email, reason: 1, comments: "User unsubscribed.", time)
    case .formSubmit:
      let form = UInt32(forms.id(of: activity.target ?? "Form", at: moment))
      tables.append("form_submissions", form, lead, time)
      touch(id, moment, changes: true)
    case .download:
      let asset = UInt32(assets.id(of: activity.target ?? "Asset", at: moment))
      tables.append("asset_downloads", asset, lead, time)
      touch(id, moment)
    case .videoView:
      let url = tables.text(activity.target ?? "http://www.example.test/video.mp4")
      let seconds = activity.value.map { UInt32(clamping: PHPText.whole($0)) }
      tables.append("video_hits", lead, time, url, seconds ?? 0, seconds ?? 0)
      touch(id, moment)
    default: break
    }
  }

  /// A visit or a form changes the contact as well as its last activity; a mail does not.
  private mutating func touch(_ id: Int, _ moment: Int64, changes: Bool = false) {
    guard let place = contacts.place(of: id) else { return }
    contacts.change(at: place) { contact in
      contact.lastActive = max(contact.lastActive ?? moment, moment)
      if changes, moment > contact.modified ?? .min {
        contact.modified = moment
        contact.modifiedBy = .tracker
      }
    }
  }

  private static func title(of url: String) -> String {
    guard let scheme = url.range(of: "://") else { return url }
    return url[scheme.upperBound...].firstIndex(of: "/").map { String(url[$0...]) } ?? "/"
  }

  private mutating func emailID(_ activity: SimulatedActivity) -> UInt32 {
    UInt32(emails.id(of: activity.campaign ?? "E-mail", at: activity.time.seconds))
  }

  private mutating func redirect(to url: UInt32, _ time: UInt32) -> UInt32 {
    if let known = redirects[url] { return UInt32(known) }
    tables.append("page_redirects", time, url, 1)
    redirects[url] = redirects.count + 1
    return UInt32(redirects.count)
  }

  private mutating func send(_ email: UInt32, to id: Int, _ time: UInt32) -> Int {
    let address = contacts.place(of: id).flatMap { contacts.contacts[$0][contacts.emailPlace] } ?? ""
    let row = tables.append(
      "email_stats", email, UInt32(id), tables.text(address), time, 0, 0, nil, 0, nil)
    statRows[UInt64(id) << 32 | UInt64(email)] = row
    return row
  }

  /// The row of this mail to this contact; a mail that was never sent is sent now.
  private mutating func stat(_ email: UInt32, of id: Int, _ time: UInt32) -> Int {
    statRows[UInt64(id) << 32 | UInt64(email)] ?? send(email, to: id, time)
  }

  private mutating func open(_ email: UInt32, by id: Int, _ time: UInt32) {
    let row = stat(email, of: id, time)
    tables.set("email_stats", "is_read", row, 1)
    if tables.cell("email_stats", "date_read", row) == nil {
      tables.set("email_stats", "date_read", row, time)
    }
    tables.set(
      "email_stats", "open_count", row, (tables.cell("email_stats", "open_count", row) ?? 0) + 1)
    tables.set("email_stats", "last_opened", row, time)
    tables.append("email_stats_devices", UInt32(row + 1), time)
  }

  private mutating func stop(
    _ id: Int, _ email: UInt32?, reason: UInt32, comments: String, _ time: UInt32
  ) {
    let row = tables.append(
      "lead_donotcontact", UInt32(id), time, reason, email, tables.text(comments))
    doNotContact[id, default: []].append(row)
  }
}

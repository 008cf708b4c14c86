import Platform
import SimulatorJSON

/// An e-mail to one recipient, such as a receipt; the recipient may be no contact.
struct TransactionalMail: Sendable {
  let recipient: String
  let subject: String
  let sent: Int64
  var opened: Int64?
  var bounced: Int64?
  var complained: Int64?
  var clicks: [(url: String, time: Int64)] = []

  /// The id of the mail at a place.
  static func id(_ place: Int) -> String { Identifier.text(FirstID.mail + place) }

  /// The last that became of it; what a later moment brings is not known yet.
  func status(at now: Int64) -> String {
    func isPast(_ time: Int64?) -> Bool { time.map { $0 <= now } ?? false }
    if isPast(complained) { return "reported_spam" }
    if isPast(bounced) { return "bounced" }
    return isPast(opened) ? "opened" : "sent"
  }
}

/// Transactional e-mails, to read.
extension GetResponseServer {
  func mailRoute(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    switch (call.method, call.path.count) {
    case ("GET", 1): return try listMails(call)
    case ("GET", 2):
      guard let number = Identifier.number(call.path[1]), mails.indices.contains(number - FirstID.mail) else {
        throw .notFound("transactional email \(call.path[1])")
      }
      return .json(
        200, call.picked(details(mail: number - FirstID.mail, at: call.now), id: "transactionalEmailId"))
    default: throw call.notFound
    }
  }

  private func listMails(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    let query = try ListQuery(call, filters: ["sentOn.from", "sentOn.to", "tagged", "tagId"])
    let sent = try query.range("sentOn")
    let places = mails.indices.filter {
      mails[$0].sent <= call.now && sent?.contains(mails[$0].sent) != false
    }
    return page(call, query, of: places, id: "transactionalEmailId") { place in
      let to: JSON = [
        "email": .text(mails[place].recipient), "name": nil,
        "status": .text(mails[place].status(at: call.now)),
      ]
      return .map(members(mail: place) + [JSON.Member("recipients", ["to": to, "cc": [], "bcc": []])])
    }
  }

  private func members(mail place: Int) -> [JSON.Member] {
    let id = TransactionalMail.id(place)
    return [
      JSON.Member("transactionalEmailId", .text(id)),
      JSON.Member("href", Self.href("transactional-emails/\(id)")),
      JSON.Member("fromField", ["fromFieldId": "pV3r", "href": Self.href("from-fields/pV3r")]),
      JSON.Member("subject", .text(mails[place].subject)), JSON.Member("tag", .null),
    ]
  }

  private func details(mail place: Int, at now: Int64) -> JSON {
    let mail = mails[place]
    func date(_ time: Int64?) -> JSON {
      .text(orNull: time.flatMap { $0 <= now ? DateText.text($0) : nil })
    }
    let clicks = mail.clicks.filter { $0.time <= now }.map { click -> JSON in
      ["url": .text(click.url), "clickedOn": date(click.time)]
    }
    let to: JSON = [
      "email": .text(mail.recipient), "name": nil, "status": .text(mail.status(at: now)),
      "statuses": [
        "sentOn": date(mail.sent), "rejectedOn": nil, "openedOn": date(mail.opened),
        "bouncedOn": date(mail.bounced), "complainedOn": date(mail.complained),
      ], "clickedLinks": .list(clicks),
    ]
    return .map(
      members(mail: place) + [
        JSON.Member("replyTo", .null), JSON.Member("recipients", ["to": to, "cc": [], "bcc": []]),
      ])
  }
}

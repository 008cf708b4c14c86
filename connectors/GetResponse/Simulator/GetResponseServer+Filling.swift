import Platform
import Scoring

/// How an account is filled with contacts and with what they did.
extension GetResponseServer {
  private static let origins: Set<String> = [
    "import", "email", "www", "panel", "leads", "sale", "api", "survey", "iphone", "copy", "landing_page",
    "webinar", "website_builder_elegant", "chat", "course", "premium_newsletter", "forward",
  ]
  private static let names: Set<String> = ["first_name", "last_name", "email", "created_at"]

  /// Takes a person in as if they had subscribed then, to one list or two. `first_name` and `last_name` make the
  /// one name, an `origin` of GetResponse's is the origin, every other field is a custom field of its name, made if
  /// it is missing. Who has no address cannot be a contact.
  public mutating func add(_ contact: SimulatedContact) {
    guard !contact.email.isEmpty else { return }
    var stored = StoredContact(
      email: contact.email, name: Self.name(contact), list: 0, created: contact.createdAt.seconds,
      changed: contact.createdAt.seconds)
    for field in contact.fields where !Self.names.contains(field.name) {
      if field.name == "origin" || field.name == "source", Self.origins.contains(field.value) {
        stored.origin = field.value
      } else if let place = makeField(field.name) {
        stored[field: place] = [String(field.value.prefix(255))]
      }
    }
    for list in listPlaces(of: contact.number) {
      stored.list = list
      guard store.holder(of: stored.email, in: list) == nil else { continue }
      numbers[contact.number, default: []].append(store.add(stored))
    }
    revision += 1
  }

  private static func name(_ contact: SimulatedContact) -> String? {
    func value(_ name: String) -> String? { contact.fields.first { $0.name == name }?.value }
    let parts = [value("first_name"), value("last_name")].compactMap { $0 }.filter { !$0.isEmpty }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  /// The lists of a person: they are spread over all of them, and some are on two.
  private func listPlaces(of number: Int) -> [Int] {
    guard !lists.isEmpty else { return [] }
    let first = ((number - 1) % lists.count + lists.count) % lists.count
    guard lists.count > 1, settings.twoListsEvery > 0, number % settings.twoListsEvery == 0 else {
      return [first]
    }
    return [first, (first + 1) % lists.count]
  }

  /// The custom field of a name, made as a text if it is missing; nil if it cannot bear the name.
  mutating func makeField(_ name: String, type: String = "string") -> Int? {
    if let known = fieldPlace(named: name) { return known }
    guard CustomField.isName(name) else { return nil }
    fields.append(CustomField(name: name, type: type, format: "text", isHidden: false, choices: []))
    return fields.count - 1
  }

  /// Takes in what a person did: e-mails sent, opened and clicked, unsubscribing, complaining and bouncing, which
  /// end the contact, clicks in short messages, purchases, and carts (`custom:cart`). Other kinds are ignored. Who
  /// is on two lists does it in one of them.
  public mutating func add(_ activity: SimulatedActivity) {
    guard let places = numbers[activity.contact], let first = places.first else { return }
    let subject = activity.campaign ?? "E-mail"
    let place = places.count == 1 ? first : places[Self.choice(subject, of: places.count)]
    let time = activity.time.seconds
    switch activity.kind {
    case .known(.emailSent): send(.send, activity, place, .newsletters, subject)
    case .known(.emailOpen): send(.open, activity, place, .newsletters, subject)
    case .known(.emailClick): send(.click, activity, place, .newsletters, subject)
    case .known(.smsClick): send(.click, activity, place, .sms, subject)
    case .known(.emailUnsubscribe): end(place, as: .removed, reason: "unsubscribe", at: time)
    case .known(.emailComplaint): end(place, as: .removed, reason: "complaint", at: time)
    case .known(.emailBounce): end(place, as: .undelivered, reason: "bounce", at: time)
    case .known(.purchase):
      addOrder(first, total: activity.value ?? 0, description: activity.target, at: time)
    case .custom("cart"): addCart(first, total: activity.value ?? 0, at: time)
    default: break
    }
  }

  /// The same number below `count` for the same text.
  private static func choice(_ text: String, of count: Int) -> Int {
    text.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % count
  }

  private mutating func send(
    _ kind: StoredActivity.Kind, _ activity: SimulatedActivity, _ place: Int, _ type: MessageType,
    _ subject: String
  ) {
    // Who was removed is sent nothing more.
    guard kind != .send || store[place].state == .subscribed else { return }
    let time = activity.time.seconds
    let message = messages.place(type, subject: subject, list: store[place].list, at: time)
    log(kind, place, message: message, url: activity.target, at: time)
  }

  /// The first shop, made if there is none.
  private mutating func firstShop() -> Int {
    if shops.isEmpty { shops.append(Shop(name: "Shop", currency: "EUR", created: Self.founded)) }
    return 0
  }

  mutating func addOrder(_ contact: Int, total: Double, description: String?, at time: Int64) {
    let shop = firstShop()
    orders.append(
      StoredOrder(
        shop: shop, contact: contact, created: time, processed: time, total: total,
        currency: shops[shop].currency, description: description, externalID: "\(1_000 + orders.count)",
        status: "completed"))
  }

  mutating func addCart(_ contact: Int, total: Double, at time: Int64) {
    let shop = firstShop()
    carts.append(
      StoredCart(
        shop: shop, contact: contact, created: time, total: total, currency: shops[shop].currency,
        externalID: "\(5_000 + carts.count)"))
  }
}

import Platform

/// Creating contacts: nothing is there at once.
extension GetResponseServer {
  /// `POST /contacts`: taken in with 202 and an empty body; the contact appears later.
  mutating func createContact(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    let body = try call.map()
    guard let email = body["email"]?.string, Self.isAddress(email) else {
      throw .invalid("email", "Email not valid")
    }
    guard let campaign = body["campaign"] else { throw .invalid("campaign", "campaign is required") }
    let list = try list(campaign)
    guard store.holder(of: email, in: list) == nil else { throw .duplicate("email") }
    var contact = StoredContact(
      email: email, name: body["name"]?.string, list: list, created: call.now, changed: call.now)
    contact.origin = "api"
    contact.scoring =
      try body["scoring"].map { value throws(Refusal) in
        try Self.score(value, settings: settings)
      } ?? nil
    if let tags = body["tags"] { contact.tags = try tagPlaces(tags, mayBeEmpty: true) }
    if let values = body["customFieldValues"] { contact.values = try fieldValues(values) }
    pending.append(PendingContact(due: call.now + settings.addingDelay, contact: contact))
    return .empty(202)
  }

  /// A contact that was created is there, under the moment when it was asked for; not if somebody else has its
  /// address by now.
  ///
  /// Which moment it bears is not documented; this one is harder on who asks for what is new.
  mutating func appear(_ pending: PendingContact) {
    guard store.holder(of: pending.contact.email, in: pending.contact.list) == nil else { return }
    revision += 1
    store.add(pending.contact)
  }
}

/// A contact that was created and is not there yet.
struct PendingContact: Sendable {
  let due: Int64
  let contact: StoredContact
}

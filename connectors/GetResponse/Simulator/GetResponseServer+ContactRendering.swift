import Platform
import SimulatorJSON

/// How contacts look in answers.
extension GetResponseServer {
  /// An element of the list of contacts: neither tags nor custom fields.
  func rendered(_ place: Int, at now: Int64) -> JSON {
    .map(members(place, at: now))
  }

  private func members(_ place: Int, at now: Int64) -> [JSON.Member] {
    let contact = store[place]
    let id = ContactStore.id(place)
    return [
      JSON.Member("contactId", .text(id)), JSON.Member("href", Self.href("contacts/\(id)")),
      JSON.Member("name", .text(orNull: contact.name)), JSON.Member("email", .text(contact.email)),
      JSON.Member("note", .text(orNull: contact.note)), JSON.Member("origin", .text(contact.origin)),
      JSON.Member("dayOfCycle", .text(orNull: contact.dayOfCycle.map { String($0) })),
      JSON.Member("changedOn", .text(DateText.text(contact.changed))),
      JSON.Member("timeZone", .text(contact.timeZone)), JSON.Member("ipAddress", .text(contact.ipAddress)),
      JSON.Member("activities", Self.href("contacts/\(id)/activities")),
      JSON.Member("campaign", campaignReference(contact.list)),
      JSON.Member("createdOn", .text(DateText.text(contact.created))),
      JSON.Member("scoring", Self.number(contact.scoring)),
      JSON.Member("engagementScore", contact.engagement(at: now).map { .integer($0) } ?? .null),
    ]
  }

  /// The list that a contact belongs to.
  func campaignReference(_ list: Int) -> JSON {
    let id = ContactList.id(list)
    return ["campaignId": .text(id), "href": Self.href("campaigns/\(id)"), "name": .text(lists[list].name)]
  }

  /// A contact with everything; of its tags no more than are shown.
  func details(_ place: Int, at now: Int64) -> JSON {
    let contact = store[place]
    var members = members(place, at: now)
    members.append(JSON.Member("geolocation", Self.noPlace))
    let shown = contact.tags.prefix(settings.shownTags)
    members.append(JSON.Member("tags", .list(shown.map { tagReference(Int($0)) })))
    members.append(JSON.Member("customFieldValues", .list(contact.values.map { fieldValue($0) })))
    return .map(members)
  }

  private static let noPlace: JSON = [
    "latitude": nil, "longitude": nil, "continentCode": "", "countryCode": nil, "region": nil,
    "postalCode": nil, "dmaCode": nil, "city": nil,
  ]

  /// A tag as a contact has it.
  func tagReference(_ place: Int) -> JSON {
    let id = StoredTag.id(place)
    return [
      "tagId": .text(id), "name": .text(tags[place].name), "href": Self.href("tags/\(id)"), "color": "",
    ]
  }

  /// Values as a contact has them: `type` is the form in which they are asked for, `valueType` the type.
  private func fieldValue(_ value: StoredContact.FieldValue) -> JSON {
    let field = fields[Int(value.field)]
    let values = JSON.list(value.values.map { .text($0) })
    return [
      "customFieldId": .text(CustomField.id(Int(value.field))), "name": .text(field.name), "value": values,
      "values": values, "type": .text(field.format), "fieldType": .text(field.format),
      "valueType": .text(field.type),
    ]
  }
}

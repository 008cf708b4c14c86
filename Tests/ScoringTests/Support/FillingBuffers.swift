import Scoring

extension PersonBuffer {
  /// Takes in a person as a store would hand them out, activities in the order in which they stand.
  mutating func fill(
    with person: Person, fields: [String], connections: [ConnectionLabel], texts: TextTable
  ) {
    reset()
    for activity in person.activities {
      let name = person.contacts[activity.contact].connection
      append(
        Entry(
          time: activity.time.seconds, value: activity.value ?? .nan, target: texts.id(of: activity.target),
          campaign: texts.id(of: activity.campaign), kind: texts.code(of: activity.kind),
          contact: UInt16(activity.contact),
          connection: UInt8(connections.firstIndex { $0.name == name } ?? 0)))
    }
    for contact in person.contacts {
      if let created = contact.createdAt { note(createdAt: created.seconds) }
    }
    for (slot, field) in fields.enumerated() {
      if let value = person.profile[field] { setField(slot, to: value) }
    }
    finish()
  }
}

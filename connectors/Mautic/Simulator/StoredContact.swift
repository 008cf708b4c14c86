/// A contact as the database has it.
struct StoredContact: Sendable {
  let id: Int
  var added: Int64
  /// Nil until it is first changed: creation does not count.
  var modified: Int64?
  var lastActive: Int64?
  var identified: Int64?
  var createdBy: ContactWriter
  var modifiedBy = ContactWriter.nobody
  var points = 0
  /// Ascending by when they were given.
  var tags: [Int] = []
  /// Fields with a value; an empty text is kept, null is not.
  var values: [ContactValue] = []
  /// Came as a visitor, not by the API.
  var isVisitor = false

  init(id: Int, added: Int64, createdBy: ContactWriter) {
    self.id = id
    self.added = added
    self.createdBy = createdBy
  }

  /// The text stored for the field at this place; nil for null.
  subscript(place: Int) -> String? {
    get {
      for value in values where value.place == place { return value.text }
      return nil
    }
    set {
      if let index = values.firstIndex(where: { $0.place == place }) {
        if let newValue { values[index].text = newValue } else { values.remove(at: index) }
      } else if let newValue {
        values.append(ContactValue(place: UInt16(place), text: newValue))
      }
    }
  }
}

/// A field's value; the field is named by its place in the registry.
struct ContactValue: Sendable {
  let place: UInt16
  var text: String
}

/// One contact of one list; a person on three lists is three of them.
struct StoredContact: Sendable {
  var email: String
  var name: String?
  /// Where its list stands among the lists.
  var list: Int
  var created: Int64
  var changed: Int64
  var state = ContactState.subscribed
  var origin = "import"
  var scoring: Double?
  var note: String?
  var dayOfCycle: Int?
  var timeZone = ""
  var ipAddress = ""
  /// Where its tags stand among the tags, in the order in which they were given.
  var tags: [Int32] = []
  var values: [FieldValue] = []
  /// Why it was removed or cannot be delivered to, and when.
  var reason: String?
  var deleted: Int64?
  /// When it was last sent a message, opened one, clicked in one; as far as searches know.
  var lastSend: Int64?
  var lastOpen: Int64?
  var lastClick: Int64?
  var activities: [StoredActivity] = []

  /// The values that a custom field has.
  struct FieldValue: Equatable, Sendable {
    /// Where the field stands among the custom fields.
    let field: Int32
    var values: [String]
  }

  /// The values of the custom field at a place; nil if there are none.
  subscript(field place: Int) -> [String]? {
    get { values.first { $0.field == place }?.values }
    set {
      let index = values.firstIndex { $0.field == place }
      if let newValue {
        if let index {
          values[index].values = newValue
        } else {
          values.append(FieldValue(field: Int32(place), values: newValue))
        }
      } else if let index {
        values.remove(at: index)
      }
    }
  }

  /// Computed by GetResponse from opens and clicks by a formula of its own; this is a plain one.
  func engagement(at now: Int64) -> Int64? {
    guard lastSend != nil else { return nil }
    let days = (now - max(lastOpen ?? .min / 2, lastClick ?? .min / 2)) / 86_400
    return days < 7 ? 5 : days < 30 ? 4 : days < 90 ? 3 : days < 180 ? 2 : 1
  }
}

/// Whether a contact gets messages.
enum ContactState: String, Sendable {
  case subscribed
  case undelivered
  case removed
  case unconfirmed
}

/// A message that was sent to a contact, opened or clicked in.
struct StoredActivity: Sendable {
  let kind: Kind
  let time: Int64
  /// Where the message stands among the messages; -1 for one that is gone.
  let message: Int32
  /// Which of the message's links; -1 for none.
  var link: Int32 = -1

  enum Kind: String, Sendable {
    case send
    case open
    case click
  }
}

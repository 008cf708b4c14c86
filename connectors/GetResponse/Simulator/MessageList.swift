/// The messages that were sent to contacts.
struct MessageList: Sendable {
  private(set) var messages: [StoredMessage] = []
  private var places: [Key: Int] = [:]
  private var clicks: [Click] = []
  private var clickPlaces: [Click: Int] = [:]

  private struct Key: Hashable {
    let type: MessageType
    let list: Int
    let subject: String
  }

  private struct Click: Hashable {
    let message: Int
    let url: String
  }

  subscript(place: Int) -> StoredMessage { messages[place] }

  /// The id of the message at a place.
  static func id(_ place: Int) -> String { Identifier.text(FirstID.message + place) }

  /// Where the message with an id stands; nil if there is none.
  func place(of id: String) -> Int? {
    guard let number = Identifier.number(id), messages.indices.contains(number - FirstID.message) else {
      return nil
    }
    return number - FirstID.message
  }

  /// The message of a subject to a list; made if it is new. It was sent when it is first heard of.
  mutating func place(_ type: MessageType, subject: String, list: Int, at time: Int64) -> Int {
    let key = Key(type: type, list: list, subject: subject)
    if let known = places[key] {
      messages[known].sent = min(messages[known].sent, time)
      return known
    }
    messages.append(StoredMessage(type: type, subject: subject, list: list, sent: time))
    places[key] = messages.count - 1
    return messages.count - 1
  }

  /// Where a link of a message stands among all links; made if it is new.
  mutating func link(_ url: String, in message: Int) -> Int {
    let click = Click(message: message, url: url)
    if let known = clickPlaces[click] { return known }
    clicks.append(click)
    clickPlaces[click] = clicks.count - 1
    return clicks.count - 1
  }

  /// The link at a place.
  func url(_ link: Int) -> String { clicks[link].url }

  /// Where the links of a message stand.
  func links(of message: Int) -> [Int] { clicks.indices.filter { clicks[$0].message == message } }
}

/// A message to many contacts of a list.
struct StoredMessage: Sendable {
  let type: MessageType
  let subject: String
  let list: Int
  var sent: Int64
}

/// What a message is, as activities name it.
enum MessageType: String, Sendable {
  case newsletters
  case splittests
  case autoresponders
  case rss = "rss-newsletters"
  case sms
}

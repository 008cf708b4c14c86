import Scoring

/// A task for whoever looks after a contact: a person came into a band in which somebody should call.
public struct HandoffTask: Hashable, Sendable {
  /// The same at every try: a connector makes no second task of the same key.
  public let key: String
  /// `An Tran is hot: 72 points`. One line without control characters.
  public let title: String
  /// What else is known, a line each, as plain text: a connector escapes it for its platform.
  public let lines: [String]
  /// When the person came into the band.
  public let at: Timestamp

  /// A task.
  public init(key: String, title: String, lines: [String], at: Timestamp) {
    self.key = key
    self.title = title
    self.lines = lines
    self.at = at
  }
}

extension Connector {
  /// It is not known how contacts are opened.
  public func contactURL(_ id: ContactID) -> String? { nil }

  /// The platform takes no tasks.
  public func createTask(_ task: HandoffTask, for contact: ContactID) async throws(ConnectorFailure) {
    throw ConnectorFailure(.configuration, "\(platform) takes no tasks", cure: "Write task: false")
  }
}

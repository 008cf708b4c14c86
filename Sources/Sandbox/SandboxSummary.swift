/// How much a sandbox wrote.
public struct SandboxSummary: Equatable, Sendable {
  /// Different people that were written, or that did something new.
  public let people: Int
  /// Rows of contacts by connection.
  public internal(set) var contacts: [String: Int]
  /// Rows of activity by connection.
  public internal(set) var activities: [String: Int]

  init(people: Int, contacts: [String: Int] = [:], activities: [String: Int] = [:]) {
    self.people = people
    self.contacts = contacts
    self.activities = activities
  }
}

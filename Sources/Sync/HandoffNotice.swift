import Foundation
import Platform
import Scoring
import Store

/// What is told of one person who came into a band; its JSON is the body that a plain webhook gets.
public struct HandoffNotice: Codable, Equatable, Sendable {
  /// Who it is.
  public struct Person: Codable, Equatable, Sendable {
    /// First and last name, or the address, or the id of the first contact.
    public var name: String
    /// The first address.
    public var email: String?
    /// As the platform has it.
    public var phone: String?
    /// As the platform has it.
    public var company: String?
    /// As the platform has it.
    public var jobTitle: String?
  }

  /// Where the person is found.
  public struct Contact: Codable, Equatable, Sendable {
    /// As the configuration calls it.
    public var connection: String
    /// The platform's name.
    public var platform: String
    /// The platform's name of the contact.
    public var id: String
    /// Opens the contact in the platform; absent if it is not known how.
    public var url: String?
  }

  /// A rule that gave points.
  public struct Reason: Codable, Equatable, Sendable {
    /// The rule's id.
    public var rule: String
    /// The rule's label.
    public var label: String
    /// Points, with up to three decimals.
    public var points: Double
    /// How many activities were used.
    public var count: Int
    /// When the last of them happened.
    public var last: String?

    /// `Saw the pricing page +40`.
    var text: String { "\(label) \(PointsText.formatSigned(units: Int64((points * 1_024).rounded())))" }
  }

  /// Something the person did.
  public struct Action: Codable, Equatable, Sendable {
    /// When it happened.
    public var at: String
    /// As in files: `page_visit`.
    public var kind: String
    /// The page, file or form.
    public var target: String?
    /// The name of the e-mail.
    public var campaign: String?
    /// As the configuration calls it.
    public var connection: String
  }

  /// `handoff`.
  public var type = "handoff"
  /// Rises when a key changes its meaning.
  public var version = 1
  /// The same as the `Idempotency-Key`.
  public var id: String
  /// When the entry into the band was written.
  public var at: String
  /// The band's name.
  public var band: String
  /// The score that was written.
  public var score: Int
  /// The moment for which the score was worked out.
  public var asOf: String
  /// The model's name.
  public var model: String
  /// Who it is.
  public var person: Person
  /// In the order of the configuration.
  public var contacts: [Contact]
  /// The strongest rules.
  public var reasons: [Reason]
  /// The last things the person did, newest first; what is done to people is left out.
  public var actions: [Action]

  /// How many actions are told.
  static let mostActions = 5
}

/// Puts together what is told, from what the state knows.
struct HandoffWriter {
  let context: RunContext

  private static let fields = ["first_name", "last_name", "phone", "company", "job_title"]

  /// What is told of an item; nil if the contact is forgotten, so that there is nobody to tell of.
  func notice(_ item: OutboxItem) throws -> HandoffNotice? {
    guard let facts = HandoffJSON.read(HandoffFacts.self, from: item.facts),
      let person = try context.store.person(of: item.contact)
    else { return nil }
    let texts = context.store.makeTexts()
    let layout = ReadingLayout(connections: context.connections.map(\.stored), fields: Self.fields)
    return try context.store.withPerson(person, layout: layout, texts: texts) { stored, names in
      let contacts = names.map { name in
        let connection = context.connections[name.connection]
        return HandoffNotice.Contact(
          connection: connection.name, platform: connection.connector.platform, id: name.id.text,
          url: connection.connector.contactURL(name.id))
      }
      return HandoffNotice(
        id: item.id, at: item.at.description, band: item.band, score: facts.score, asOf: facts.asOf,
        model: facts.model, person: self.person(stored, names), contacts: contacts, reasons: facts.reasons,
        actions: try actions(stored, texts))
    }
  }

  private func person(_ stored: StoredPerson, _ names: [NamedContact]) -> HandoffNotice.Person {
    func field(_ slot: Int) -> String? {
      let text = stored.buffer.field(slot)?.trimmingCharacters(in: .whitespacesAndNewlines)
      return text.flatMap { $0.isEmpty ? nil : $0 }
    }
    let email = names.lazy.compactMap(\.emails.first).first
    let full = [field(0), field(1)].compactMap { $0 }.joined(separator: " ")
    return HandoffNotice.Person(
      name: full.isEmpty ? email ?? names.first?.id.text ?? "" : full, email: email, phone: field(2),
      company: field(3), jobTitle: field(4))
  }

  private func actions(_ stored: StoredPerson, _ texts: StoreTexts) throws -> [HandoffNotice.Action] {
    var actions: [HandoffNotice.Action] = []
    for entry in stored.buffer.entries.sorted(by: { $0.time > $1.time }) {
      guard let kind = try texts.kind(entry.kind), !Self.isDoneToContact(kind) else { continue }
      actions.append(
        HandoffNotice.Action(
          at: Timestamp(entry.time).description, kind: kind.name, target: try texts.text(entry.target),
          campaign: try texts.text(entry.campaign),
          connection: context.connections[Int(entry.connection)].name))
      if actions.count == HandoffNotice.mostActions { break }
    }
    return actions
  }

  private static func isDoneToContact(_ kind: ActivityKind) -> Bool {
    if case .known(let known) = kind { return known.isDoneToContact }
    return false
  }
}

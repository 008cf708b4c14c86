import PlainScorer
import Scoring

/// The engine with a model that it read as a file; it sees one person after another, as in a run.
final class EngineUnderTest {
  private let model: Model
  private let session: ScoringSession
  private let texts = TextTable()
  private var buffer: PersonBuffer

  init(_ plain: PlainModel) throws {
    model = try Model(yaml: plain.yaml, file: plain.name)
    session = try ScoringSession(
      model: model,
      domains: DomainLists(
        free: RandomWords.free.joined(separator: "\n"),
        disposable: RandomWords.disposable.joined(separator: "\n")),
      connections: RandomWords.connections.map { ConnectionLabel(name: $0.0, platform: $0.1) }, texts: texts)
    buffer = session.makeBuffer()
  }

  /// What the engine says, in the plain scorer's words.
  func score(_ person: PlainPerson, asOf: Int64) throws -> PlainScore {
    fill(with: person)
    let result = try session.score(buffer, at: Timestamp(asOf))
    let tags = model.ownedTags.enumerated().filter { result.tags & (1 << UInt64($0.offset)) != 0 }
    return PlainScore(
      score: Int64(result.score), actions: Int64(result.actions), profile: Int64(result.profile),
      band: result.band.map { model.bands[$0].name }, tags: Set(tags.map(\.element)),
      rules: Dictionary(uniqueKeysWithValues: zip(model.ruleIDs, session.outcomes.map(\.units))))
  }

  private func fill(with person: PlainPerson) {
    buffer.reset()
    for activity in person.activities {
      let contact = person.contacts.firstIndex {
        $0.connection == activity.connection && $0.id == activity.contact
      }
      let connection = RandomWords.connections.firstIndex { $0.0 == activity.connection }
      guard let contact, let connection, let kind = ActivityKind(activity.kind) else {
        preconditionFailure("an activity of nobody, or of no kind: \(activity)")
      }
      buffer.append(
        PersonBuffer.Entry(
          time: activity.time, value: activity.value ?? .nan, target: texts.id(of: activity.target),
          campaign: texts.id(of: activity.campaign), kind: texts.code(of: kind), contact: UInt16(contact),
          connection: UInt8(connection)))
    }
    for contact in person.contacts {
      if let created = contact.createdAt { buffer.note(createdAt: created) }
      for (slot, field) in session.fields.enumerated() {
        if let value = contact.fields[field] { buffer.setField(slot, to: value) }
      }
    }
    buffer.finish()
  }
}

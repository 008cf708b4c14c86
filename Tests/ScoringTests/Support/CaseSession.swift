import Scoring

/// One engine and one buffer that see the persons of several cases with the same model.
final class CaseSession {
  private let session: ScoringSession
  private let connections: [ConnectionLabel]
  private let texts = TextTable()
  private var buffer: PersonBuffer

  init(_ random: RandomCase) throws {
    connections = random.connections
    session = try ScoringSession(
      model: random.model, domains: random.domains, connections: random.connections, texts: texts)
    buffer = session.makeBuffer()
  }

  /// Takes the person's activities in the order in which they stand.
  func explain(_ person: Person, at moment: Timestamp) throws -> Explanation {
    buffer.fill(with: person, fields: session.fields, connections: connections, texts: texts)
    var inOrder = person.activities
    // The buffer keeps the order of activities of the same second.
    let places = inOrder.indices.sorted { (inOrder[$0].time, $0) < (inOrder[$1].time, $1) }
    inOrder = places.map { person.activities[$0] }
    return try session.explanation(of: buffer, at: moment) { inOrder[$0] }
  }
}

extension Person {
  /// The same person with the activities in the order in which a store hands them out.
  var inStoreOrder: Person {
    var person = self
    person.activities.sort { ($0.time, $1.identity) < ($1.time, $0.identity) }
    return person
  }
}

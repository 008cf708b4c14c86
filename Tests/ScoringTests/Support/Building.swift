import Scoring
import StrictYAML

/// The moment at which the tests score.
let now = Timestamp(1_800_000_000)

let minute: Int64 = 60
let hour: Int64 = 3_600
let day: Int64 = 86_400

extension Activity {
  /// An activity so many seconds before `now`; negative for one still to come.
  static func ago(
    _ seconds: Int64, _ kind: String = "page_visit", target: String? = nil, campaign: String? = nil,
    value: Double? = nil, contact: Int = 0, identity: String = ""
  ) -> Activity {
    Activity(
      ActivityKind(kind) ?? .custom("a test misspelt \(kind)"), at: Timestamp(now.seconds - seconds),
      target: target,
      campaign: campaign, value: value, identity: identity, contact: contact)
  }
}

/// So many activities of one kind at the same age.
func several(_ count: Int, ago seconds: Int64, _ kind: String = "page_visit") -> [Activity] {
  (0..<count).map { .ago(seconds, kind, identity: "\($0)") }
}

/// Explains a person with one contact against a model's text.
func explain(
  _ yaml: String, _ activities: [Activity] = [], fields: [String: String] = [:],
  contacts: [Person.Contact] = [Person.Contact(connection: "crm")], connections: [ConnectionLabel] = [],
  domains: DomainLists = .empty, at moment: Timestamp = now
) throws -> Explanation {
  let model = try Model(yaml: yaml, file: "test.yaml")
  let person = Person(contacts: contacts, profile: fields, activities: activities)
  return try Scorer(model: model, domains: domains, connections: connections).explain(person, at: moment)
}

/// A model with a single rule under `actions`.
func actionModel(_ rule: String, points: Int = 10) -> String {
  "name: t\nscore: { min: -1000000 }\nactions:\n  - { id: r, points: \(points), \(rule) }"
}

/// A model with a single rule under `profile`.
func profileModel(_ rule: String, points: Int = 10) -> String {
  "name: t\nscore: { min: -1000000 }\nprofile:\n  - { id: r, points: \(points), \(rule) }"
}

/// What a single rule under `actions` gives, in units of 1/1024 point.
func units(
  _ rule: String, points: Int = 10, _ activities: [Activity],
  contacts: [Person.Contact] = [Person.Contact(connection: "crm")], connections: [ConnectionLabel] = []
) throws -> Int64 {
  try explain(actionModel(rule, points: points), activities, contacts: contacts, connections: connections)
    .rules[0].units
}

/// True if a single rule under `profile` gives its points.
func passes(_ rule: String, _ fields: [String: String], domains: DomainLists = .empty) throws -> Bool {
  try explain(profileModel(rule), fields: fields, domains: domains).rules[0].units != 0
}

/// The points that a rule gives with whole points.
func whole(_ points: Int) -> Int64 { Int64(points) * 1_024 }

/// The problems that reading a model reports; empty if there are none.
func problems(in yaml: String) -> [InputProblem] {
  do {
    _ = try Model(yaml: yaml, file: "m.yaml")
    return []
  } catch {
    return error.problems
  }
}

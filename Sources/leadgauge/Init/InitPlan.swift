import Foundation
import Platform
import Scoring
import ShippedFiles

/// All that `init` was told, and the files that come of it.
struct InitPlan {
  /// One account.
  struct Connection {
    let guide: PlatformGuide
    let name: String
    /// Answers by key; secrets are not among them.
    var values: [String: String] = [:]
    /// Where the secrets are, by key.
    var secrets: [String: Secret] = [:]
  }

  /// A secret: what the configuration says instead of it, and its value if it is known.
  struct Secret {
    var variable: String
    var value: String?
    /// The absolute path of the file it is kept in; nil: the user sets the variable.
    var file: String?
  }

  /// A language of labels and titles.
  enum Language: String, CaseIterable {
    case english = "en"
    case vietnamese = "vi"
  }

  var connections: [Connection] = []
  var persona = "b2b-services"
  var language = Language.english

  /// Personas in the order in which they are offered.
  static let personas: [(name: String, title: String)] = [
    ("b2b-services", "B2B services: consultants, agencies, system houses"),
    ("saas", "Software that is rented by the month"), ("retail", "Retail and online shops"),
    ("education", "Schools, universities, courses"), ("real-estate", "Real estate"),
    ("purchases", "Customers by their purchases alone: how recent, how often, how much"),
  ]

  var modelFile: String { "models/\(persona).yaml" }

  // MARK: The model

  /// The starter model, reviewed today.
  func model(today: Timestamp) -> String {
    let day = today.description.prefix(10)
    let text = (ShippedFiles.starterModels[persona] ?? "").replacing(
      #/(?m)^reviewed: .*$/#, with: "reviewed: \(day)")
    return language == .vietnamese ? StarterWords.vietnamese.translated(text) : text
  }

  // MARK: The configuration

  /// The configuration; with `isTrial` every secret is a variable, so that it can be tried before anything is written.
  func configuration(isTrial: Bool = false) -> String {
    """
    # yaml-language-server: $schema=schema/configuration.schema.json
    # All keys: docs/configuration.md. Look at it with: leadgauge check
    version: 1
    model: \(modelFile)
    state: state/leadgauge.db           # what is remembered between runs
    history: 365d                       # how far back a first pull reads

    connections:                        # where two know the same field of a person, the first one counts
    \(connections.map { text(of: $0, isTrial) }.joined(separator: "\n"))

    write:                              # what is written to each connection
      score: lead_score                 # a number field; made if it is missing
      band: lead_band                   # hot, warm or cold; leave the line out to write none
      reasons: lead_reasons             # the three strongest reasons; leave the line out to write none
      tags: true                        # the tags that the model names, no others
      minDelta: 1                       # a score alone is written when it moved at least so far
      bandSlack: 0                      # points below a band's beginning at which a contact still keeps it

    fuses:                              # a plan beyond a fuse is not written until somebody approves
      maxChanges: 25%                   # of a connection's contacts change their band
      maxWrites: 50000                  # contacts in one run; a first run of more needs sync --approve
      maxShrink: 20%                    # of a connection's contacts are missing

    """
  }

  private func text(of connection: Connection, _ isTrial: Bool) -> String {
    var lines = ["  \(Self.key(connection.name)):", "    platform: \(connection.guide.name)"]
    var open: String?
    for key in connection.guide.keys {
      let parts = key.path.split(separator: ".").map(String.init)
      let value: String
      if let secret = connection.secrets[key.path] {
        let reference =
          isTrial || secret.file == nil ? "${\(secret.variable)}" : "${file:\(secret.file ?? "")}"
        value = Self.quoted(reference)
      } else if let answer = connection.values[key.path], !answer.isEmpty {
        value = Self.quoted(answer)
      } else {
        if key.isNeeded { continue }
        lines.append("    # \(key.path):")
        continue
      }
      if parts.count == 2 {
        if open != parts[0] { lines.append("    \(parts[0]):") }
        open = parts[0]
        lines.append("      \(parts[1]): \(value)")
      } else {
        lines.append("    \(key.path): \(value)")
      }
    }
    return lines.joined(separator: "\n")
  }

  /// What the trial has to know beside the environment.
  var knownSecrets: [String: String] {
    var known: [String: String] = [:]
    for secret in connections.flatMap(\.secrets.values) { known[secret.variable] = secret.value }
    return known
  }

  /// Variables that the user has to set, in the order of the connections.
  var variablesToSet: [String] {
    connections.flatMap { connection in
      connection.guide.keys.compactMap { key in
        connection.secrets[key.path].flatMap { $0.file == nil ? $0.variable : nil }
      }
    }
  }

  private static func key(_ name: String) -> String {
    name.wholeMatch(of: #/[A-Za-z][A-Za-z0-9_-]*/#) == nil ? quoted(name) : name
  }

  static func quoted(_ text: String) -> String {
    "\"" + text.escaping(["\\": "\\\\", "\"": "\\\""]) + "\""
  }
}

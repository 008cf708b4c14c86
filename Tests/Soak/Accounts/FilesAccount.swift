import Foundation
import Platform
import Scoring

/// Files that somebody else's program exports, and the scores that are written beside them.
final class FilesAccount: Account {
  let name: String
  let platform = "files"
  let hosts: [String] = []
  let settings: [String]
  let abilities: Set<Ability> = [.band, .removing, .secondAddresses]
  let kinds: [KnownKind] = [.purchase, .call, .eventAttendance, .pageVisit, .emailSent, .emailOpen]
  private(set) var numbers: [Int] = []
  /// The machine's folder.
  var folder = ""

  private struct Row {
    var addresses: [String]
    var createdAt: Int64
    var fields: [String: String]
  }

  private var rows: [Int: Row] = [:]
  private var lines: [String] = []

  init(name: String, _ chance: inout Chance) {
    self.name = name
    settings = [
      "platform: files", "contacts: \(name)-contacts.csv", "activities: \(name)-activities.csv",
      "output: \(name)-scores.csv",
    ]
  }

  func answer(_ request: SimulatedRequest, at now: Timestamp) -> SimulatedAnswer {
    SimulatedAnswer(status: 404)
  }

  func mayChange(_ request: SimulatedRequest) -> Bool { false }

  private static func id(_ number: Int) -> String { "C-\(number)" }

  func add(_ contact: SimulatedContact, more addresses: [String]) {
    numbers.append(contact.number)
    var fields: [String: String] = [:]
    for field in contact.fields { fields[field.name] = field.value }
    rows[contact.number] = Row(
      addresses: [contact.email].filter { !$0.isEmpty } + addresses, createdAt: contact.createdAt.seconds,
      fields: fields)
    exportContacts()
  }

  func act(_ deed: Deed) -> [Deed] {
    let value = deed.value.map { "\($0)" } ?? ""
    let parts = [
      Self.id(deed.number), deed.kind.name, Timestamp(deed.time).description, deed.target ?? "",
      deed.campaign ?? "", value, "row-\(lines.count)",
    ]
    lines.append(parts.map { Self.quoted($0) }.joined(separator: ","))
    exportActivities()
    return [deed]
  }

  func id(of number: Int) -> String? { rows[number] == nil ? nil : Self.id(number) }

  func seen() -> [String: Seen] {
    var held: [String: [String]] = [:]
    for line in Self.lines(of: folder + "/\(name)-scores.csv").dropFirst() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      if cells.count >= 5 { held[cells[0]] = cells }
    }
    var all: [String: Seen] = [:]
    for (number, row) in rows {
      var seen = Seen()
      seen.addresses = row.addresses
      seen.createdAt = row.createdAt
      seen.fields = row.fields
      seen.fields["email"] = row.addresses.first
      if let cells = held[Self.id(number)] {
        seen.score = Int(cells[2])
        seen.band = cells[3].isEmpty ? nil : cells[3]
        seen.tags = Set(cells[4].split(separator: ";").map(String.init))
      }
      all[Self.id(number)] = seen
    }
    return all
  }

  private static func lines(of path: String) -> [Substring] {
    (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n") ?? []
  }

  private static func quoted(_ text: String) -> String {
    text.contains(where: { ",\"\n".contains($0) })
      ? "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : text
  }

  /// Writes everything into the machine's folder.
  func export() {
    exportContacts()
    exportActivities()
  }

  private func exportContacts() {
    var text = "id,email,emails,created_at,first_name,job_title\n"
    for (number, row) in rows.sorted(by: { $0.key < $1.key }) {
      let cells = [
        Self.id(number), row.addresses.first ?? "", row.addresses.dropFirst().joined(separator: ";"),
        Timestamp(row.createdAt).description, row.fields["first_name"] ?? "", row.fields["job_title"] ?? "",
      ]
      text += cells.map { Self.quoted($0) }.joined(separator: ",") + "\n"
    }
    write(text, to: "\(name)-contacts.csv")
  }

  private func exportActivities() {
    let header = "contact,kind,at,target,campaign,value,id\n"
    write(header + lines.map { $0 + "\n" }.joined(), to: "\(name)-activities.csv")
  }

  private func write(_ text: String, to name: String) {
    guard !folder.isEmpty else { return }
    try? text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
  }

  func set(_ mark: Mark, of number: Int, to text: String, at now: Timestamp) {
    switch mark {
    case .firstName: rows[number]?.fields["first_name"] = text
    case .job: rows[number]?.fields["job_title"] = text
    case .score: return edit(number) { $0[2] = text }
    }
    exportContacts()
  }

  func addTag(_ number: Int, _ tag: String, at now: Timestamp) {
    edit(number) { cells in
      let tags = cells[4].split(separator: ";").map(String.init)
      if !tags.contains(tag) { cells[4] = (tags + [tag]).joined(separator: ";") }
    }
  }

  /// Somebody edits the scores by hand; who has no row yet is left alone.
  private func edit(_ number: Int, _ body: (inout [String]) -> Void) {
    let path = folder + "/\(name)-scores.csv"
    var lines = Self.lines(of: path).map(String.init)
    guard let place = lines.firstIndex(where: { $0.hasPrefix(Self.id(number) + ",") }) else { return }
    var cells = lines[place].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard cells.count >= 5 else { return }
    body(&cells)
    lines[place] = cells.joined(separator: ",")
    write(lines.map { $0 + "\n" }.joined(), to: "\(name)-scores.csv")
  }

  func remove(_ number: Int, at now: Timestamp) {
    rows[number] = nil
    exportContacts()
  }

  func stumble(_ chance: inout Chance, at now: Timestamp) {}

  func calm() {}
}

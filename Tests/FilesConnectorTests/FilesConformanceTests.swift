import ConnectorConformance
import Foundation
import Platform
import Scoring
import Testing

@testable import FilesConnector

@Suite("Files keep the contract of connectors")
struct FilesConformanceTests {
  @Test(arguments: ConformanceSuite.checks(for: FilesSubject()))
  func keeps(check: ConformanceCheck) async throws { try await check.run() }
}

/// Files as a subject of the suite, two rows a page.
struct FilesSubject: ConformanceSubject {
  let name = "files"
  let secrets: [String] = []

  var unsupported: [UnsupportedAbility] {
    let answers = "a file is written by ourselves, so no answer is lost and nobody refuses"
    return [
      UnsupportedAbility(.merging, "a full listing does not say where a contact went"),
      UnsupportedAbility(.moving, "a full listing does not say where a contact went"),
      UnsupportedAbility(.refusing, answers), UnsupportedAbility(.losingAnswersAfterWriting, answers),
      UnsupportedAbility(.losingAnswersBeforeWriting, answers),
      UnsupportedAbility(.wrongCredentials, "files have no credentials"),
    ]
  }

  func makeAccount() async throws -> any ConformanceAccount { try FilesAccount() }
}

/// A folder of files that people and programs edit.
actor FilesAccount: ConformanceAccount {
  private struct Person {
    var email: String
    var firstName: String
    var jobTitle = ""
  }

  private let folder: TemporaryFolder
  private let path: String
  private var people: [(id: String, person: Person)] = []
  private var last = 0
  private var changes = 0
  private var output = ""
  private let now = Timestamp(1_795_399_200)

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path
    try folder.write("contacts.csv", "id,email,first_name,job_title\n")
    try folder.write("activities.csv", "contact,kind,at,target\n")
  }

  func connector() async throws -> any Connector {
    try folder.connector(
      "{contacts: contacts.csv, activities: activities.csv, output: scores.csv}", rowsPerPage: 2)
  }

  func window() async throws -> PullWindow {
    PullWindow(since: Timestamp(now.seconds - 365 * 86_400), now: now)
  }

  func addContact(email: String, firstName: String) async throws -> ContactID {
    last += 1
    people.append(("\(last)", Person(email: email, firstName: firstName)))
    try save()
    return ContactID("\(last)")
  }

  func rename(_ contact: ContactID, firstName: String) async throws {
    try edit(contact) { $0.firstName = firstName }
  }

  func remove(_ contact: ContactID) async throws {
    people.removeAll { $0.id == contact.text }
    try save()
  }

  func addActivity(of contact: ContactID, number: Int, at time: Timestamp) async throws {
    try folder.append("activities.csv", "\(contact),page_visit,\(time),https://example.com/\(number)\n")
  }

  func held(_ contact: ContactID) async throws -> HeldState? {
    guard people.contains(where: { $0.id == contact.text }) else { return nil }
    guard let row = rows().first(where: { $0[0] == contact.text }) else { return .nothing }
    return HeldState(
      score: Int(row[2]), band: row[3].isEmpty ? nil : row[3], reasons: row[5].isEmpty ? nil : row[5],
      tags: Set(row[4].split(separator: ";").map(String.init)))
  }

  func editScore(_ contact: ContactID, _ score: Int) async throws {
    try editOutput(contact) { $0[2] = "\(score)" }
  }

  func addForeignTag(_ contact: ContactID, _ tag: String) async throws {
    try editOutput(contact) { $0[4] = $0[4].isEmpty ? tag : $0[4] + ";" + tag }
  }

  func setForeignField(_ contact: ContactID, _ value: String) async throws {
    try edit(contact) { $0.jobTitle = value }
  }

  func foreignFields(_ contact: ContactID) async throws -> [String: String] {
    let lines = try folder.read("contacts.csv").split(separator: "\n")
    let line = lines.first { $0.hasPrefix(contact.text + ",") }
    return ["row": line.map(String.init) ?? ""]
  }

  func changingRequests() async throws -> Int {
    let text = try folder.names().map { "\($0) \((try? folder.read($0)) ?? "")" }.joined()
    if text != output { changes += 1 }
    output = text
    return changes
  }

  func provoke(_ fault: ConformanceFault) async throws {
    switch fault {
    case .outage: _ = Foundation.rename(folder.at("contacts.csv"), folder.at("away.csv"))
    case .unusableRecord: try folder.append("activities.csv", "1,dance,\(now),x\n")
    default: break
    }
  }

  func calm() async throws { _ = Foundation.rename(folder.at("away.csv"), folder.at("contacts.csv")) }

  private func save() throws {
    let rows = people.map { "\($0.id),\($0.person.email),\($0.person.firstName),\($0.person.jobTitle)\n" }
    try folder.write("contacts.csv", "id,email,first_name,job_title\n" + rows.joined())
  }

  private func edit(_ contact: ContactID, _ change: (inout Person) -> Void) throws {
    for index in people.indices where people[index].id == contact.text { change(&people[index].person) }
    try save()
  }

  private func rows() -> [[String]] {
    let text = (try? folder.read("scores.csv")) ?? OutputTests.header
    return text.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// By hand: a contact without a row gets one at the end.
  private func editOutput(_ contact: ContactID, _ change: (inout [String]) -> Void) throws {
    var rows = rows()
    if !rows.contains(where: { $0[0] == contact.text }) {
      rows.append([contact.text, "", "", "", "", "", ""])
    }
    for index in rows.indices where rows[index][0] == contact.text { change(&rows[index]) }
    try folder.write(
      "scores.csv", OutputTests.header + rows.map { $0.joined(separator: ",") + "\n" }.joined())
  }
}

import Foundation
import Scoring
import Sync
import Testing

@Suite("A plan that somebody edited")
struct EditedPlanTests {
  private let path = FileManager.default.temporaryDirectory.appending(path: "plan-\(UUID().uuidString)").path

  private func header(sha256: String = "ab", changes: Int) -> String {
    PlanJSON.line(
      PlanHeader(
        id: "01J", asOf: Timestamp(1_795_000_000), modelName: "m", modelSHA256: sha256, connections: ["web"],
        contacts: 1, changes: changes))
  }

  private func change(points: String) -> String {
    #"{"type":"change","connection":"web","contact":"1","email":null,"score":{"from":null,"to":1},"#
      + #""band":{"from":null,"to":null},"addTags":[],"removeTags":[],"#
      + #""reasons":[{"rule":"r","points":\#(points),"count":1,"last":null}]}"#
  }

  private func reader(_ lines: String...) throws -> PlanReader {
    try (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: false, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try PlanReader(path: path)
  }

  @Test("is refused at the line whose points nobody could count", arguments: ["1e300", "-9e15", "1.1e12"])
  func points(points: String) throws {
    let reader = try reader(
      header(changes: 1), change(points: points), #"{"type":"end","changes":1}"#)
    let failure = #expect(throws: PlanFileFailure.self) { try reader.next() }
    #expect(failure?.what == "\(path):2: this is no change")
  }

  @Test("has points as many as rules can give")
  func manyPoints() throws {
    let change = try reader(
      header(changes: 1), change(points: "1e12"), #"{"type":"end","changes":1}"#
    ).next()
    #expect(change.map { PlanJSON.line($0).contains(#""points":1000000000000,"#) } == true)
  }

  @Test("is written as it was read, whatever the model's digest became")
  func digest() throws {
    let sha256 = #"a"b\"#
    #expect(try reader(header(sha256: sha256, changes: 0)).header.modelSHA256 == sha256)
  }
}

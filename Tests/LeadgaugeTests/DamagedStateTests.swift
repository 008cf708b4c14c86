import Foundation
import Testing

@Suite("A damaged state file is named with 74, and a new one finds nothing to write")
struct DamagedStateTests {
  /// What happened to the file.
  enum Damage: CaseIterable, Sendable {
    case header, firstPage, middle, halfGone, otherText

    func apply(to data: inout Data) {
      let rubbish = Data((0..<16_384).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) })
      switch self {
      case .header: data.replaceSubrange(0..<16, with: rubbish.prefix(16))
      case .firstPage: data.replaceSubrange(100..<4_000, with: rubbish.prefix(3_900))
      // Every page but the first, which says what file it is.
      case .middle:
        for start in stride(from: 16_384, to: data.count, by: 16_384) {
          data.replaceSubrange(start..<(start + 16_384), with: rubbish)
        }
      case .halfGone: data.removeLast(data.count / 2)
      case .otherText: data = Data(String(repeating: "this was a database once. ", count: 2_000).utf8)
      }
    }
  }

  private func damaged(_ damage: Damage) async throws -> Workplace {
    let place = try Workplace.small()
    #expect(try await place.runAsOf("sync").status == 0)
    let url = URL(fileURLWithPath: place.at("state/leadgauge.db"))
    var data = try Data(contentsOf: url)
    damage.apply(to: &data)
    try data.write(to: url)
    return place
  }

  @Test("whoever comes across it says so", arguments: Damage.allCases)
  func told(damage: Damage) async throws {
    let place = try await damaged(damage)
    for command in [["sync"], ["status"], ["explain", "list/1"], ["plan", "--json"]] {
      let outcome = try await Program.run(command, in: place.path)
      #expect(outcome.status == 74, "\(outcome)")
      #expect(outcome.err.contains("state/leadgauge.db is damaged"), "\(outcome)")
      #expect(outcome.err.contains("Move it away and run again"), "\(outcome)")
    }
    let check = try await place.run("check")
    #expect(check.status == 74, "\(check)")
  }

  @Test("a new state reads everything anew and writes nothing", arguments: Damage.allCases)
  func healed(damage: Damage) async throws {
    let place = try await damaged(damage)
    let before = try place.text("scores.csv")
    try place.remove("state")
    let healed = try await place.runAsOf("sync", "--json")
    #expect(healed.status == 0, "\(healed)")
    #expect(try healed.document(ResultForm.self).written == 0)
    #expect(try place.text("scores.csv") == before)
  }

  @Test("a page of rubbish anywhere never ends a run by a crash")
  func anyPage() async throws {
    let place = try Workplace.small()
    #expect(try await place.runAsOf("sync").status == 0)
    let url = URL(fileURLWithPath: place.at("state/leadgauge.db"))
    let sound = try Data(contentsOf: url)
    let rubbish = Data((0..<16_384).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) })
    for start in stride(from: 0, to: sound.count, by: 16_384) {
      var data = sound
      data.replaceSubrange(start..<(start + 16_384), with: rubbish)
      try data.write(to: url)
      let sync = try await place.runAsOf("sync")
      #expect([0, 74].contains(sync.status), "page \(start / 16_384): \(sync)")
    }
  }

  @Test("an empty file is a new state")
  func empty() async throws {
    let place = try Workplace.small()
    try place.write("state/leadgauge.db", "")
    let status = try await place.run("status")
    #expect(status.status == 74, "\(status)")
    #expect(status.err.contains("is empty") && status.err.contains("leadgauge pull"), "\(status)")
    #expect(try await place.runAsOf("sync").status == 0)
    #expect(try place.scores().count == 3)
  }
}

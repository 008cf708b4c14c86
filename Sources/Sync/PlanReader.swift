import Foundation
import Scoring

/// Reads a plan line by line, in constant memory.
public final class PlanReader {
  /// The first line.
  public let header: PlanHeader
  private let path: String
  private let lines: LineReader
  private var number = 1
  private var seen = 0

  /// Opens a plan.
  ///
  /// - Throws: `PlanFileFailure` if there is no such file or it is no plan.
  public init(path: String) throws(PlanFileFailure) {
    self.path = path
    lines = try LineReader(path: path)
    guard let first = try lines.next(), let form = Self.decode(HeaderForm.self, first), form.type == "plan"
    else {
      throw PlanFileFailure(
        kind: .badData, what: "\(path):1: this is no plan of leadgauge",
        cure: "Make one with: leadgauge plan -o FILE")
    }
    guard form.version == 1, let asOf = Timestamp(form.asOf) else {
      throw PlanFileFailure(
        kind: .badData, what: "\(path):1: this is a plan of version \(form.version)",
        cure: "Make a new one with this program")
    }
    header = PlanHeader(
      id: form.id, asOf: asOf, modelName: form.model.name, modelSHA256: form.model.sha256,
      connections: form.connections, contacts: form.totals.contacts, changes: form.totals.changes,
      missing: form.missing ?? [:], undoes: form.undoes)
  }

  /// The next change; nil after the last one.
  ///
  /// - Throws: `PlanFileFailure` with the line's number if a line is broken or the end is missing.
  public func next() throws(PlanFileFailure) -> PlannedChange? {
    number += 1
    guard let line = try lines.next() else { throw broken("the plan has no end: the file was cut off") }
    guard let form = Self.decode(ChangeForm.self, line) else {
      guard let end = Self.decode(EndForm.self, line), end.type == "end" else {
        throw broken("this is no change")
      }
      guard end.changes == seen, header.changes == seen else {
        throw broken("the plan has \(seen) changes and says \(header.changes)")
      }
      return nil
    }
    // Only a plan that takes a run back can leave a contact without a score.
    guard form.score.to != nil || header.undoes != nil else { throw broken("this is no change") }
    // No rule gives so much, and more could not be counted in 1/1024 point.
    guard form.reasons.allSatisfy({ abs($0.points) <= 1e12 }) else { throw broken("this is no change") }
    seen += 1
    var change = PlannedChange(
      connection: form.connection, contact: form.contact, email: form.email, scoreFrom: form.score.from,
      scoreTo: form.score.to ?? 0, clearsScore: form.score.to == nil, bandFrom: form.band.from,
      bandTo: form.band.to, addTags: form.addTags,
      removeTags: form.removeTags,
      reasons: form.reasons.map {
        PlannedReason(
          rule: $0.rule, units: Int64(($0.points * 1_024).rounded()), count: $0.count,
          last: $0.last.flatMap { Timestamp($0) })
      }, reasonsText: form.reasonsText.map { PlannedChange.TextMove(from: $0.from, to: $0.to) })
    change.personBand = form.personBand
    return change
  }

  private func broken(_ what: String) -> PlanFileFailure {
    PlanFileFailure(
      kind: .badData, what: "\(path):\(number): \(what)", cure: "Make a new one with: leadgauge plan -o FILE")
  }

  private static func decode<Form: Decodable>(_ type: Form.Type, _ line: Data) -> Form? {
    try? JSONDecoder().decode(type, from: line)
  }

  private struct HeaderForm: Decodable {
    struct Named: Decodable {
      let name: String
      let sha256: String
    }
    struct Totals: Decodable {
      let contacts: Int
      let changes: Int
    }
    let type: String
    let version: Int
    let id: String
    let asOf: String
    let model: Named
    let connections: [String]
    let totals: Totals
    let missing: [String: Int]?
    let undoes: String?
  }

  private struct ChangeForm: Decodable {
    struct ScoreMove: Decodable {
      let from: Int?
      let to: Int?
    }
    struct BandMove: Decodable {
      let from: String?
      let to: String?
    }
    struct Reason: Decodable {
      let rule: String
      let points: Double
      let count: Int
      let last: String?
    }
    let connection: String
    let contact: String
    let email: String?
    let score: ScoreMove
    let band: BandMove
    let addTags: [String]
    let removeTags: [String]
    let reasons: [Reason]
    let reasonsText: BandMove?
    let personBand: String?
  }

  private struct EndForm: Decodable {
    let type: String
    let changes: Int
  }
}

/// Reads a file line by line through a buffer of fixed size.
private final class LineReader {
  private let descriptor: Int32
  private let path: String
  private var buffer = Data()
  private var isAtEnd = false

  init(path: String) throws(PlanFileFailure) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw PlanFileFailure(
        kind: .missing, what: "the plan file \(path) cannot be read (\(String(cString: strerror(errno))))",
        cure: "Check the path")
    }
  }

  deinit { close(descriptor) }

  /// The next line without its end; nil at the end of the file.
  func next() throws(PlanFileFailure) -> Data? {
    while true {
      if let end = buffer.firstIndex(of: 0x0A) {
        let line = buffer[buffer.startIndex..<end]
        buffer = buffer[(end + 1)...]
        return Data(line)
      }
      if isAtEnd {
        defer { buffer = Data() }
        return buffer.isEmpty ? nil : Data(buffer)
      }
      try fill()
    }
  }

  private func fill() throws(PlanFileFailure) {
    var piece = [UInt8](repeating: 0, count: 65_536)
    let count = read(descriptor, &piece, piece.count)
    guard count >= 0 else {
      throw PlanFileFailure(
        kind: .inputOutput, what: "reading \(path) failed (\(String(cString: strerror(errno))))",
        cure: "Check the disk")
    }
    if count == 0 { isAtEnd = true }
    buffer = Data(buffer) + Data(piece[0..<count])
  }
}

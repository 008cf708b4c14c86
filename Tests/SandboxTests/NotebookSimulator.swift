import Platform
import Scoring

/// A platform that says what it was asked and notes what it was filled with.
struct NotebookSimulator: Simulator {
  private(set) var contacts: [SimulatedContact] = []
  private(set) var activities: [SimulatedActivity] = []
  private(set) var asked: [SimulatedRequest] = []
  var lines: [String] = []

  mutating func answer(_ request: SimulatedRequest, at now: Timestamp) -> SimulatedAnswer {
    asked.append(request)
    let status = request.query.first { $0.name == "status" }.flatMap { Int($0.value) } ?? 200
    let headers = [SimulatedPair("X-Seen-At", now.description), SimulatedPair("X-Count", "\(asked.count)")]
    if let size = request.query.first(where: { $0.name == "size" }).flatMap({ Int($0.value) }) {
      return SimulatedAnswer(status: status, headers: headers, body: Self.bytes(size))
    }
    return SimulatedAnswer(status: status, headers: headers, body: Array("answer \(asked.count)".utf8))
  }

  mutating func add(_ contact: SimulatedContact) {
    contacts.append(contact)
  }

  mutating func add(_ activity: SimulatedActivity) {
    activities.append(activity)
  }

  func heldLines(of fields: [String]) -> [String] {
    lines.map { "\($0),\(fields.joined(separator: "+"))" }
  }

  /// Bytes that tell when a piece is lost, doubled or out of place.
  static func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 8 ^ $0 >> 16) }
  }
}

import Platform
import Scoring

/// What a running sandbox lets a measurement do and see, below `/_sandbox/`: requests that are no platform's.
///
/// - `POST /_sandbox/append?batch=1`: one percent of the people do something now; with several platforms each has to
///   be asked for its part.
/// - `GET /_sandbox/requests`: how many requests came.
/// - `POST /_sandbox/record`: from now on a record is kept of the requests that may change something; one that was
///   kept is thrown away.
/// - `GET /_sandbox/record`: that record, a JSON document a line with `method`, `path`, `query` as pairs, `body`
///   in base 64, and the `status` of the answer.
/// - `GET /_sandbox/held.csv?fields=lead_score,lead_band`: what the platform holds for each contact.
public struct SandboxHands: Sendable {
  static let prefix = "/_sandbox/"

  private let sandbox: SimulatorSandbox
  private let folder: String
  private let platform: Int

  /// Hands for what was laid down in a folder.
  public init(sandbox: SimulatorSandbox, folder: String, platform: Int = 0) {
    self.sandbox = sandbox
    self.folder = folder
    self.platform = platform
  }

  func answer(
    _ request: SimulatedRequest, simulator: inout any Simulator, record: inout RequestRecord?,
    requests: RequestCount, at now: Timestamp
  ) -> SimulatedAnswer {
    switch (request.method, request.path.dropFirst(Self.prefix.count)) {
    case ("POST", "append"): return append(request, to: &simulator, at: now)
    case ("GET", "requests"):
      return Self.json(200, "{\"requests\":\(requests.all),\"changing\":\(requests.changing)}")
    case ("POST", "record"):
      record = RequestRecord()
      return Self.json(200, "{\"recording\":true}")
    case ("GET", "record"):
      return SimulatedAnswer(
        status: 200, headers: [SimulatedPair("Content-Type", "application/jsonl")], body: record?.lines ?? [])
    case ("GET", "held.csv"): return held(request, by: simulator)
    default:
      return Self.json(
        404, "{\"error\":\"known: POST append, POST record, GET record, GET requests, GET held.csv\"}")
    }
  }

  private func append(
    _ request: SimulatedRequest, to simulator: inout any Simulator, at now: Timestamp
  ) -> SimulatedAnswer {
    guard let batch = Int(request.query.first { $0.name == "batch" }?.value ?? "1"),
      (1...1_000_000).contains(batch)
    else { return Self.json(400, "{\"error\":\"batch is a number from 1 to 1000000\"}") }
    do {
      let summary = try sandbox.appendActivity(
        to: folder, simulator: &simulator, of: platform, batch: batch, at: now)
      let rows = summary.activities.values.reduce(0, +)
      return Self.json(200, "{\"people\":\(summary.people),\"activities\":\(rows)}")
    } catch {
      return Self.json(500, "{\"error\":\"a file of the sandbox cannot be written\"}")
    }
  }

  private func held(_ request: SimulatedRequest, by simulator: any Simulator) -> SimulatedAnswer {
    let named = request.query.first { $0.name == "fields" }?.value ?? "lead_score,lead_band"
    let fields = named.split(separator: ",").map(String.init)
    var body = Array("\((["id"] + fields + ["tags"]).joined(separator: ","))\n".utf8)
    for line in simulator.heldLines(of: fields) {
      body.append(contentsOf: line.utf8)
      body.append(0x0A)
    }
    return SimulatedAnswer(
      status: 200, headers: [SimulatedPair("Content-Type", "text/csv; charset=utf-8")], body: body)
  }

  private static func json(_ status: Int, _ text: String) -> SimulatedAnswer {
    SimulatedAnswer(
      status: status, headers: [SimulatedPair("Content-Type", "application/json")],
      body: Array((text + "\n").utf8))
  }
}

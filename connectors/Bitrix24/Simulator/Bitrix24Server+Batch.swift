import Platform
import SimulatorJSON

/// Many commands in one request.
extension Bitrix24Server {
  /// What becomes of the commands, by their keys.
  private struct Outcome {
    var results: [JSON.Member] = []
    var errors: [JSON.Member] = []
    var totals: [JSON.Member] = []
    var nexts: [JSON.Member] = []
    var times: [JSON.Member] = []
    var seconds = 0.0

    var json: JSON {
      [
        "result": .php(results), "result_error": .php(errors), "result_total": .php(totals),
        "result_next": .php(nexts), "result_time": .php(times),
      ]
    }
  }

  mutating func batch(_ parameters: JSON, at now: Int64) throws(Refusal) -> SimulatedAnswer {
    calls["batch", default: 0] += 1
    let isPayer = settings.batchPayer == .batch
    if isPayer { try checkBudget(of: "batch", at: Double(now)) }
    let halts = ["1", "true", "Y"].contains(parameters.parameter("halt")?.phpText ?? "")
    var outcome = Outcome()
    for (place, command) in (parameters.parameter("cmd")?.entries ?? []).enumerated() {
      if let cut, place >= cut { break }
      if outcome.seconds > settings.longestRequest { return .html(504) }
      run(command, place, at: Double(now), &outcome)
      if halts, !outcome.errors.isEmpty { break }
    }
    cut = nil
    if outcome.seconds > settings.longestRequest { return .html(504) }
    if isPayer { ledger.add(outcome.seconds, to: "batch", at: Double(now), free: settings.seconds.free) }
    return .json(
      200, ["result": outcome.json, "time": timing(of: "batch", from: Double(now), outcome.seconds)])
  }

  private mutating func run(_ command: JSON.Member, _ place: Int, at now: Double, _ outcome: inout Outcome) {
    do throws(Refusal) {
      guard place < settings.batchSize else {
        throw Refusal(400, "ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded")
      }
      let parsed = BatchCommand(command.value.phpText ?? "")
      guard parsed.method != "batch" else {
        throw Refusal(405, "ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage")
      }
      let start = now + outcome.seconds
      let parameters = BatchCommand.resolved(parsed.parameters, with: outcome.results)
      let (result, seconds) = try perform(
        MethodCall(name: parsed.method, parameters: parameters, now: start, isCommand: true))
      outcome.seconds += seconds
      outcome.results.append(JSON.Member(command.name, result.result))
      if let total = result.total { outcome.totals.append(JSON.Member(command.name, .integer(Int64(total)))) }
      if let next = result.next { outcome.nexts.append(JSON.Member(command.name, .integer(Int64(next)))) }
      outcome.times.append(
        JSON.Member(command.name, timing(of: parsed.method, from: start, seconds, outcome)))
    } catch {
      outcome.errors.append(JSON.Member(command.name, error.json))
    }
  }

  /// The time of a command; when `batch` pays, it tells of the seconds of the batch so far.
  private func timing(of method: String, from start: Double, _ seconds: Double, _ outcome: Outcome) -> JSON {
    guard settings.batchPayer == .batch else { return timing(of: method, from: start, seconds) }
    let counted = ledger.seconds(of: "batch", at: start) + outcome.seconds
    return timing(
      from: start, seconds, operating: counted, resetsAt: ledger.resetsAt(of: "batch", at: start))
  }

  /// The member `time` of an answer.
  func timing(of method: String, from start: Double, _ seconds: Double) -> JSON {
    timing(
      from: start, seconds, operating: ledger.seconds(of: method, at: start),
      resetsAt: ledger.resetsAt(of: method, at: start))
  }

  private func timing(from start: Double, _ seconds: Double, operating: Double, resetsAt: Int64) -> JSON {
    let end = start + seconds
    var members = [
      JSON.Member("start", Self.number(start)), JSON.Member("finish", Self.number(end)),
      JSON.Member("duration", .number(seconds)), JSON.Member("processing", .number(seconds)),
      JSON.Member("date_start", .text(settings.time.text(Int64(start)))),
      JSON.Member("date_finish", .text(settings.time.text(Int64(end)))),
    ]
    if settings.tellsOperating {
      members.append(JSON.Member("operating_reset_at", .integer(resetsAt)))
      members.append(JSON.Member("operating", Self.number(operating)))
    }
    return .map(members)
  }

  /// A whole number stands without fraction.
  private static func number(_ value: Double) -> JSON {
    value == value.rounded() ? .integer(Int64(value)) : .number(value)
  }
}

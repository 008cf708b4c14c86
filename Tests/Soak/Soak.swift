import Foundation

/// Lives through many worlds, one for each seed, and says which of them broke a promise.
///
/// Usage: `soak [--from SEED] [--seeds COUNT]`, or `soak --seed SEED` for one of them with all that happened.
@main
struct Soak {
  static func main() {
    let arguments = Arguments(CommandLine.arguments)
    beSteady()
    guard SerialWork.takeOver(), FaultyDisk.install() else {
      say("soak: the runtime or SQLite cannot be taken hold of here")
      exit(70)
    }
    var report = Report()
    let began = Date()
    for seed in arguments.seeds {
      let outcome = live(seed, isTold: arguments.isOne)
      report.add(outcome, seed)
      if arguments.isOne { outcome.diary.forEach { say($0) } }
      if !outcome.violations.isEmpty {
        say("seed \(seed) broke a promise; again with: \(arguments.program) --seed \(seed)")
        outcome.violations.forEach { say("  \($0)") }
        if report.failed.count >= arguments.most { break }
      }
    }
    say(report.text(seconds: Date().timeIntervalSince(began)))
    exit(report.failed.isEmpty ? 0 : 1)
  }

  /// Says a line at once, also where it goes into a file.
  private static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

  /// Dictionaries have to be in the same order in each process: starts again if they are not.
  private static func beSteady() {
    let name = "SWIFT_DETERMINISTIC_HASHING"
    guard ProcessInfo.processInfo.environment[name] == nil else { return }
    setenv(name, "1", 1)
    var arguments = CommandLine.arguments.map { strdup($0) }
    arguments.append(nil)
    execv("/proc/self/exe", arguments)
  }

  private static func live(_ seed: UInt64, isTold: Bool) -> Outcome {
    let root = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    let folder = "\(root)/soak-\(getpid())-\(seed)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var outcome = Outcome()
    do {
      let story = try Story(seed: seed, folder: folder, keepsDiary: isTold)
      let hasEnded = SerialWork.shared.run { await story.tell() }
      outcome.violations = story.world.violations
      if !hasEnded { outcome.violations.append("the program waits for something that never comes") }
      outcome.diary = story.world.diary
      (outcome.runs, outcome.stops, outcome.requests) = (story.runs, story.stops, story.requests)
    } catch {
      outcome.violations.append("the world could not be made: \(error)")
    }
    return outcome
  }
}

/// What became of a world.
struct Outcome {
  var violations: [String] = []
  var diary: [String] = []
  var runs = 0
  var stops = 0
  var requests = 0
}

/// What became of all of them.
struct Report {
  var seeds = 0
  var failed: [UInt64] = []
  var runs = 0
  var stops = 0
  var requests = 0

  mutating func add(_ outcome: Outcome, _ seed: UInt64) {
    seeds += 1
    runs += outcome.runs
    stops += outcome.stops
    requests += outcome.requests
    if !outcome.violations.isEmpty { failed.append(seed) }
  }

  func text(seconds: Double) -> String {
    let time = String(format: "%.0f", seconds)
    let verdict = failed.isEmpty ? "no promise was broken" : "\(failed.count) broke a promise: \(failed)"
    return
      "\(seeds) seeds, \(runs) runs, \(stops) of them stopped by force, \(requests) requests, \(time) s: \(verdict)"
  }
}

/// What the command line says.
struct Arguments {
  let program: String
  var seeds: ClosedRange<UInt64> = 1...200
  var isOne = false
  /// After so many seeds that failed no more are tried.
  var most = 10

  init(_ words: [String]) {
    program = words.first ?? "soak"
    var from: UInt64 = 1
    var count: UInt64 = 200
    for (name, value) in zip(words.dropFirst(), words.dropFirst(2)) {
      guard let number = UInt64(value) else { continue }
      switch name {
      case "--from": from = number
      case "--seeds": count = number
      case "--most": most = Int(number)
      case "--seed":
        (from, count) = (number, 1)
        isOne = true
      default: break
      }
    }
    seeds = from...(from + max(1, count) - 1)
  }
}

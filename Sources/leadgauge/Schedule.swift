import Foundation
import Scoring
import StrictYAML

/// What a configuration needs of the machine that runs it again and again.
struct Schedule {
  /// How often.
  enum Interval: String, CaseIterable {
    case quarter = "15m"
    case half = "30m"
    case hour = "1h"
    case twoHours = "2h"
    case threeHours = "3h"
    case fourHours = "4h"
    case sixHours = "6h"
    case twelveHours = "12h"
    case day = "24h"

    /// In minutes.
    var minutes: Int { Int((TimeSpan(rawValue)?.seconds ?? 3_600) / 60) }
  }

  /// The program's own absolute path.
  var program: String
  /// The configuration's absolute path.
  var configuration: String
  /// How often it runs.
  var interval: Interval
  /// The minute of the hour at which it runs first.
  var minute: Int
  /// As whom it runs; nil for whoever the service manager makes up.
  var user: String?
  /// What the files are called.
  var name: String
  /// Everything that the configuration names.
  var needs: ScheduleNeeds

  /// A minute from 1 to 59 that follows from the configuration's path: always the same for one, and spread for many,
  /// so that not everybody's jobs reach a platform on the stroke of the hour.
  static func minute(for path: String) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in path.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash ^= hash >> 32
    return 1 + Int(hash % 59)
  }

  /// The minutes of an hour at which it runs, and the hours if it does not run in each.
  var moments: (minutes: [Int], hours: [Int]?) {
    let step = interval.minutes
    if step < 60 {
      return (Array(stride(from: minute % step, to: 60, by: step)), nil)
    }
    let hours = step / 60
    guard hours > 1 else { return ([minute], nil) }
    // The hour is spread as the minute is, but a run a day is one by night.
    let first = hours == 24 ? 1 + minute % 5 : minute % hours
    return ([minute], Array(stride(from: first, to: 24, by: hours)))
  }
}

/// What a configuration names outside itself, found without expanding anything.
struct ScheduleNeeds {
  /// `${NAME}`.
  var variables: [String] = []
  /// `${credential:NAME}`.
  var credentials: [String] = []
  /// `${file:PATH}`.
  var secretFiles: [String] = []
  /// The state file. Absolute.
  var state: String
  /// Paths that only a variable tells, as they are written.
  var unknownPaths: [String] = []
  /// Files that are written: the state, outputs, metrics. Absolute.
  var written: [String] = []
  /// Files that are read. Absolute.
  var read: [String] = []

  /// Reads the configuration's text; paths are relative to its folder.
  init(yaml text: String, file: String) throws(InputProblems) {
    let root = try YAMLDocument.mapping(in: text, problems: ProblemCollector(file: file))
    let folder = (file as NSString).deletingLastPathComponent
    let named = root.named().first { $0.name == "state" }?.value.rawText
    state = Self.absolute(named ?? "state/leadgauge.db", in: folder)
    collect(root, platform: nil, folder: folder)
    written.append(state)
    written = Self.unique(written)
    read = Self.unique(read)
  }

  private mutating func collect(_ map: YAMLMapping, platform: String?, folder: String) {
    for (name, _, value) in map.named() {
      if value.isMapping, let inner = value.mapping() {
        let platform = inner.named().first { $0.name == "platform" }?.value.rawText ?? platform
        collect(inner, platform: platform, folder: folder)
      } else {
        for item in value.listOrOne() {
          guard let text = item.rawText else { continue }
          note(text)
          notePath(text, key: name, platform: platform, folder: folder)
        }
      }
    }
  }

  private mutating func note(_ text: String) {
    for match in text.matches(of: #/\$\{([^}]+)\}/#) {
      let name = String(match.1)
      if name.hasPrefix("credential:") {
        if !credentials.contains(String(name.dropFirst(11))) {
          credentials.append(String(name.dropFirst(11)))
        }
      } else if name.hasPrefix("file:") {
        if !secretFiles.contains(String(name.dropFirst(5))) { secretFiles.append(String(name.dropFirst(5))) }
      } else if !variables.contains(name) {
        variables.append(name)
      }
    }
  }

  private mutating func notePath(_ text: String, key: String, platform: String?, folder: String) {
    let guide = PlatformGuide.all.first { $0.name == platform }
    guard !text.contains("${") else {
      if guide?.writtenFiles.contains(key) == true || platform == nil && ["state", "metrics"].contains(key) {
        unknownPaths.append(text)
      }
      return
    }
    let path = Self.absolute(text, in: folder)
    switch (platform, key) {
    case (nil, "metrics"): written.append(path)
    case (nil, "model"): read.append(path)
    case (_, _) where guide?.writtenFiles.contains(key) == true: written.append(path)
    case (_, _) where guide?.readFiles.contains(key) == true: read.append(path)
    default: break
    }
  }

  static func absolute(_ path: String, in folder: String) -> String {
    let whole = path.hasPrefix("/") ? path : folder + "/" + path
    return (whole as NSString).standardizingPath
  }

  private static func unique(_ paths: [String]) -> [String] {
    var seen: Set<String> = []
    return paths.filter { seen.insert($0).inserted }
  }
}

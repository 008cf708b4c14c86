import Foundation
import StrictYAML

/// Who hears of runs and of people, as the configuration says it.
public struct NotifySettings: Sendable, Equatable {
  /// Hears that a run began and how it ended.
  public var ping: NotifyAddress?
  /// The file for figures about the last run.
  public var metricsPath: String?
  /// Who is told of people that come into a band with `handoff: true`.
  public var handoff: HandoffSettings?

  /// Nobody hears of anything.
  public static let none = NotifySettings()

  /// Who hears of runs and of people.
  public init(ping: NotifyAddress? = nil, metricsPath: String? = nil, handoff: HandoffSettings? = nil) {
    self.ping = ping
    self.metricsPath = metricsPath
    self.handoff = handoff
  }
}

/// Who is told of people that come into a band with `handoff: true`.
public struct HandoffSettings: Sendable, Equatable {
  /// The words in which a receiver wants to be told.
  public enum Format: String, CaseIterable, Sendable {
    case json, slack, teams, telegram, zalo
  }

  /// Gets a POST about each person; nil if only tasks are made.
  public var webhook: NotifyAddress?
  /// The words in which it wants to be told.
  public var format: Format
  /// True if those are told of as well who are in such a band at the first write of all.
  public var first: Bool
  /// True if a task is made on each platform that takes tasks.
  public var task: Bool

  /// Who is told.
  public init(webhook: NotifyAddress?, format: Format = .json, first: Bool = false, task: Bool = false) {
    self.webhook = webhook
    self.format = format
    self.first = first
    self.task = task
  }

  /// Names in the outbox.
  static let webhookTarget = "webhook"
  static let taskTarget = "task"

  var targets: [String] {
    (webhook == nil ? [] : [Self.webhookTarget]) + (task ? [Self.taskTarget] : [])
  }
}

/// An address that is a secret itself: whoever knows it may post to it. Only its host may be shown.
public struct NotifyAddress: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
  /// The whole address. Never shown.
  public let url: String
  /// The host, and the port if it is not the usual one.
  public let host: String

  /// Reads an address; nil if it is none to which a message may go: https, or http to this machine.
  public init?(_ text: String) {
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }),
      let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
      let name = parts.host, !name.isEmpty, parts.user == nil, parts.password == nil, parts.fragment == nil,
      scheme == "https" || scheme == "http" && Self.isThisMachine(name)
    else { return nil }
    url = text
    host = name + (parts.port.map { ":\($0)" } ?? "")
  }

  private static func isThisMachine(_ host: String) -> Bool {
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return host.lowercased() == "localhost" || host == "[::1]" || host == "::1"
      || numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
  }

  /// The address with another end of its path, before the query: `…/uuid` and `start` give `…/uuid/start`.
  func appending(_ part: String) -> String {
    let question = url.firstIndex(of: "?") ?? url.endIndex
    let path = url[..<question]
    return path + (path.hasSuffix("/") ? "" : "/") + part + url[question...]
  }

  /// What may not be shown: the path and its longer parts, the query and its longer values.
  public var secrets: [String] {
    guard let parts = URLComponents(string: url) else { return [url] }
    var secrets = [parts.percentEncodedPath, parts.path]
    secrets += parts.path.split(separator: "/").map(String.init).filter { $0.count >= 8 }
    if let query = parts.percentEncodedQuery { secrets.append(query) }
    secrets += (parts.queryItems ?? []).compactMap(\.value).filter { $0.count >= 8 }
    return secrets.filter { $0.count >= 4 }
  }

  /// The host alone.
  public var description: String { host }
  /// The host alone.
  public var debugDescription: String { host }
}

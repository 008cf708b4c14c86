import Foundation

/// Tells a watchman that a run began and how it ended, in the manner of healthchecks.io: `/start` at the start,
/// the address itself on success, `/fail` on failure. Nothing here ever fails a run.
public struct NotifyPing: Sendable {
  private let address: NotifyAddress
  private let messenger: any Messenger

  /// Nil if nobody is to be told.
  public init?(_ settings: NotifySettings, by messenger: (any Messenger)?) {
    guard let address = settings.ping, let messenger else { return nil }
    self.address = address
    self.messenger = messenger
  }

  /// What the body of a ping is cut to.
  static let mostBytes = 10_000

  /// The run began. Gives what went wrong, nil if nothing did.
  public func began() async -> String? { await send(address.appending("start"), nil) }

  /// The run ended.
  ///
  /// Done is a success, and so is a run in which a platform refused some contacts: they are tried again by
  /// themselves. A blown fuse and every error are failures, since somebody has to look.
  ///
  /// - Parameter summary: Sent along with a failure and with refused contacts.
  public func ended(_ status: ExitStatus, summary: String) async -> String? {
    switch status {
    case .done, .changesExist: return await send(address.url, nil)
    case .someRefused: return await send(address.url, summary)
    default: return await send(address.appending("fail"), summary)
    }
  }

  private func send(_ url: String, _ body: String?) async -> String? {
    let message = OutgoingMessage(
      method: body == nil ? "GET" : "POST", to: address, url: url,
      headers: body == nil ? [] : [("Content-Type", "text/plain; charset=utf-8")],
      body: body.map { Array($0.utf8.prefix(Self.mostBytes)) }, timeout: 10, purpose: "ping")
    // A run that was told to stop says so as well: its task is cancelled, this one is not.
    let outcome = await Task { [messenger] in await messenger.send(message) }.value
    switch outcome {
    case .answered(let status, _, _) where (200..<300).contains(status): return nil
    case .answered(let status, _, _): return "\(address.host) answered \(status) to the ping"
    case .failed(let why): return "\(address.host) could not be pinged: \(why)"
    }
  }
}

extension RunResult {
  /// What a run came to, in a few lines without anything about single persons.
  public var plainSummary: String {
    var lines = ["leadgauge \(record.command): exit \(ExitStatus.of(self).rawValue)"]
    if let apply {
      lines.append("\(apply.written) written, \(apply.refused) not written")
    }
    if isHeldBack { lines.append("Nothing was written: a fuse is blown.") }
    for fuse in blown { lines.append("\(fuse.fuse): \(fuse.message). \(fuse.cure).") }
    for (name, failure) in failures.sorted(by: { $0.key < $1.key }) { lines.append("\(name): \(failure)") }
    for count in handoff?.waiting ?? [] {
      lines.append("\(count.waiting) persons wait to be told of (\(count.target)) since \(count.since)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

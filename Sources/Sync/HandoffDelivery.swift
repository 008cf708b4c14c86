import Foundation
import Platform
import Scoring
import Store

/// What became of telling people.
public struct HandoffSummary: Sendable, Equatable {
  /// Why somebody could not be told.
  public struct Trouble: Sendable, Equatable {
    /// The host of the webhook, or the connection that took no task.
    public let place: String
    /// What happened, without any secret.
    public let what: String
    /// True if trying again will hardly help: somebody has to change something.
    public let needsSomebody: Bool
  }

  /// Persons of whom a target was told.
  public var told = 0
  /// How much waits still.
  public var waiting: [OutboxCount] = []
  /// One trouble a target.
  public var troubles: [Trouble] = []

  /// Nothing was to be told.
  public var isEmpty: Bool { told == 0 && waiting.isEmpty && troubles.isEmpty }
}

/// Tells what waits in the outbox. Nothing here ever fails a run.
struct HandoffDelivery {
  let context: RunContext

  /// After so many tries in a row without any use the rest waits for the next run.
  private static let mostFailuresInARow = 3
  /// Seconds for which receivers may have the run wait, in all.
  private static let mostSecondsOfWaiting = 120.0
  private static let chunk = 100

  /// Tells all that waits, oldest first.
  func deliver() async -> HandoffSummary {
    var summary = HandoffSummary()
    do {
      if let settings = context.notify.handoff {
        if let webhook = settings.webhook, let messenger = context.environment.messenger {
          try await post(to: webhook, settings.format, by: messenger, &summary)
        }
        if settings.task { try await makeTasks(&summary) }
      }
      summary.waiting = try context.store.outboxCounts()
    } catch {
      summary.troubles.append(
        HandoffSummary.Trouble(place: "the state file", what: "\(error)", needsSomebody: true))
    }
    return summary
  }

  // MARK: Webhook

  private func post(
    to webhook: NotifyAddress, _ format: HandoffSettings.Format, by messenger: any Messenger,
    _ summary: inout HandoffSummary
  ) async throws {
    var failures = 0
    var secondsLeft = Self.mostSecondsOfWaiting
    var last: OutboxItem?
    var trouble: HandoffSummary.Trouble?
    walk: while true {
      let items = try context.store.outbox(
        target: HandoffSettings.webhookTarget, after: last, limit: Self.chunk)
      if items.isEmpty { break }
      for item in items {
        if Task.isCancelled { break walk }
        guard let notice = try notice(of: item) else {
          try context.store.dropFromOutbox(item)
          continue
        }
        let message = try HandoffMessage.message(notice, to: webhook, format: format)
        var verdict = Verdict(await messenger.send(message), format, host: webhook.host)
        while case .wait(let seconds, _) = verdict, seconds <= secondsLeft {
          secondsLeft -= seconds
          await messenger.wait(seconds: seconds)
          if Task.isCancelled { break walk }
          verdict = Verdict(await messenger.send(message), format, host: webhook.host)
        }
        switch verdict {
        case .told:
          try context.store.dropFromOutbox(item)
          summary.told += 1
          failures = 0
        case .wait(_, let found):
          try context.store.noteOutboxTrouble(item, found.what, at: context.environment.now)
          trouble = trouble ?? found
          break walk
        case .failed(let found, let isOfThisOne):
          try context.store.noteOutboxTrouble(item, found.what, at: context.environment.now)
          if trouble.map({ !$0.needsSomebody && found.needsSomebody }) ?? true { trouble = found }
          failures = isOfThisOne ? failures : failures + 1
          if failures >= Self.mostFailuresInARow { break walk }
        }
      }
      last = items.last
    }
    if let trouble { summary.troubles.append(trouble) }
  }

  /// What is told, as it was put together before the first try.
  private func notice(of item: OutboxItem) throws -> HandoffNotice? {
    if let body = item.body, let notice = HandoffJSON.read(HandoffNotice.self, from: body) {
      // The person may have been forgotten since: then nobody is told of it any more.
      return try context.store.person(of: item.contact) == nil ? nil : notice
    }
    guard let notice = try HandoffWriter(context: context).notice(item) else { return nil }
    try context.store.setOutboxBody(item.id, to: HandoffJSON.text(notice))
    return notice
  }

  /// What an answer means.
  private enum Verdict {
    case told
    /// The receiver asks to be left alone for so long.
    case wait(Double, HandoffSummary.Trouble)
    /// `isOfThisOne`: others may fare better.
    case failed(HandoffSummary.Trouble, isOfThisOne: Bool)

    init(_ outcome: MessageOutcome, _ format: HandoffSettings.Format, host: String) {
      func trouble(_ what: String, needsSomebody: Bool) -> HandoffSummary.Trouble {
        HandoffSummary.Trouble(place: host, what: what, needsSomebody: needsSomebody)
      }
      switch outcome {
      case .failed(let why): self = .failed(trouble(why, needsSomebody: false), isOfThisOne: false)
      case .answered(let status, let text, let retryAfter):
        let short = HandoffText.plain(text, most: 120)
        let answer = "it answered \(status)" + (short.isEmpty ? "" : ": \(short)")
        switch status {
        case 200..<300:
          if let what = HandoffMessage.trouble(inBody: text, format: format) {
            let short = HandoffText.plain(what, most: 120)
            self = .failed(trouble("it answered \(status): \(short)", needsSomebody: true), isOfThisOne: true)
          } else {
            self = .told
          }
        case 429:
          self = .wait(
            max(1, retryAfter ?? HandoffMessage.retryAfter(inBody: text) ?? 60),
            trouble("it asks for a pause (429)", needsSomebody: false))
        case 300..<400:
          self = .failed(
            trouble(
              "it answered \(status), and redirects are not followed: write the address to which it leads",
              needsSomebody: true), isOfThisOne: false)
        case 400..<500 where status != 408:
          self = .failed(trouble(answer, needsSomebody: true), isOfThisOne: status == 400 || status == 422)
        default: self = .failed(trouble(answer, needsSomebody: false), isOfThisOne: false)
        }
      }
    }
  }

  // MARK: Tasks

  /// Makes a task on each platform that takes tasks and has the person as a contact.
  private func makeTasks(_ summary: inout HandoffSummary) async throws {
    guard context.connections.contains(where: Self.takesTasks) else {
      let what = "no connection that is written to takes tasks: write task: false"
      summary.troubles.append(
        HandoffSummary.Trouble(place: "task: true", what: what, needsSomebody: true))
      return
    }
    try spreadTasks()
    for connection in context.working where Self.takesTasks(connection) {
      try await makeTasks(on: connection, &summary)
    }
  }

  private static func takesTasks(_ connection: ActiveConnection) -> Bool {
    connection.connector.capabilities.createsTasks && connection.configured.write != nil
  }

  private func spreadTasks() throws {
    while true {
      let items = try context.store.outbox(target: HandoffSettings.taskTarget, limit: Self.chunk)
      if items.isEmpty { return }
      for item in items {
        let names = Set(try notice(of: item)?.contacts.map(\.connection) ?? [])
        let takers = context.connections.filter {
          names.contains($0.name) && Self.takesTasks($0)
        }
        try context.store.spreadInOutbox(
          item, over: takers.map { "\(HandoffSettings.taskTarget):\($0.name)" })
      }
    }
  }

  private func makeTasks(on connection: ActiveConnection, _ summary: inout HandoffSummary) async throws {
    var failures = 0
    var last: OutboxItem?
    var trouble: HandoffSummary.Trouble?
    walk: while true {
      let items = try context.store.outbox(
        target: "\(HandoffSettings.taskTarget):\(connection.name)", after: last, limit: Self.chunk)
      if items.isEmpty { break }
      for item in items {
        if Task.isCancelled { break walk }
        guard let notice = try notice(of: item),
          let contact = notice.contacts.first(where: { $0.connection == connection.name })
        else {
          try context.store.dropFromOutbox(item)
          continue
        }
        if let failure = await Self.makeTask(notice, for: ContactID(contact.id), on: connection) {
          if failure.kind == .cancelled { break walk }
          try context.store.noteOutboxTrouble(item, failure.what, at: context.environment.now)
          let needsSomebody = failure.kind == .forbidden || failure.kind == .configuration
          trouble = HandoffSummary.Trouble(
            place: connection.name, what: failure.description, needsSomebody: needsSomebody)
          failures += 1
          if failures >= Self.mostFailuresInARow || needsSomebody { break walk }
          continue
        }
        try context.store.dropFromOutbox(item)
        summary.told += 1
        failures = 0
      }
      last = items.last
    }
    if let trouble { summary.troubles.append(trouble) }
  }

  private static func makeTask(
    _ notice: HandoffNotice, for contact: ContactID, on connection: ActiveConnection
  ) async -> ConnectorFailure? {
    do {
      try await connection.connector.createTask(HandoffTask(notice), for: contact)
      return nil
    } catch { return error }
  }
}

extension HandoffTask {
  init(_ notice: HandoffNotice) {
    let text = HandoffText(notice)
    self.init(
      key: notice.id, title: text.title,
      lines: text.lines.map { "\($0.label): \($0.text)" } + text.links.compactMap(\.url),
      at: Timestamp(notice.at) ?? Timestamp(0))
  }
}

import Foundation
import Platform
import Sync

/// Who is told of people: keeps what arrived, also where its answer did not.
final class Sales: @unchecked Sendable {
  // All work of the process is done by one thread.

  struct Told {
    let key: String
    let email: String?
    let contacts: Set<String>
  }

  private(set) var told: [Told] = []

  /// - Returns: Who was told of, and by which key.
  func take(_ message: OutgoingMessage) -> Told {
    let key = message.headers.first { $0.name == "Idempotency-Key" }?.value ?? ""
    let notice = try? JSONDecoder().decode(HandoffNotice.self, from: Data(message.body ?? []))
    let contacts = notice?.contacts.map { "\($0.connection)/\($0.id)" } ?? []
    let news = Told(key: key, email: notice?.person.email, contacts: Set(contacts))
    told.append(news)
    return news
  }
}

/// The way to sales in one run.
struct SalesLine: Messenger {
  let world: World
  let machine: Machine
  let trouble: Trouble

  func send(_ message: OutgoingMessage) async -> MessageOutcome {
    await SerialWork.shared.pause()
    machine.step()
    guard !machine.isDead else { return .failed("the machine stopped") }
    let fate = trouble.ofMessage()
    switch fate {
    case .unreachable: return .failed("connection refused")
    case .lost(let acted):
      if acted { take(message) }
      machine.step()
      return .failed("connection reset")
    case .refused(let status):
      return .answered(status: status, text: "later", retryAfter: status == 429 ? 5 : nil)
    case .answered:
      take(message)
      machine.step()
      guard !machine.isDead else { return .failed("the machine stopped") }
      return .answered(status: 200, text: "ok", retryAfter: nil)
    }
  }

  private func take(_ message: OutgoingMessage) {
    let news = world.sales.take(message)
    world.note("sales is told of \(news.contacts.sorted()) by the key \(news.key)")
  }

  func wait(seconds: Double) async {
    if !machine.isDead { world.clock.pass(seconds) }
  }
}

import Foundation
import Sync
import WebAPI

/// Carries the messages of `notify:` over HTTP: https, or http to this machine; no redirect is followed, answers
/// are short, and nothing that comes back or is shown holds the address.
struct WebMessenger: Messenger {
  private let transport: any WebTransport
  private let observer: (any WebObserver)?

  /// What an answer may have; more than any receiver has to say.
  private static let mostBytes = 1 << 20
  /// What is looked at of it.
  private static let mostBytesSeen = 2_000

  init(transport: any WebTransport = LazyTransport(), observer: (any WebObserver)?) {
    self.transport = transport
    self.observer = observer
  }

  func send(_ message: OutgoingMessage) async -> MessageOutcome {
    let redactor = Redactor(secrets: message.secrets)
    let request = WebRequest(
      method: message.method, url: message.url, headers: message.headers.map { WebHeader($0.name, $0.value) },
      body: message.body, timeout: message.timeout, maxBodyBytes: Self.mostBytes)
    let begun = Date().timeIntervalSince1970
    let outcome: Result<WebResponse, TransportFailure>
    do throws(TransportFailure) { outcome = .success(try await transport.send(request)) } catch {
      outcome = .failure(error)
    }
    observer?.saw(
      WebExchange(
        connection: "notify", route: "\(message.method) \(message.purpose)", begun: begun,
        seconds: Date().timeIntervalSince1970 - begun, request: request, outcome: outcome, redactor: redactor)
    )
    switch outcome {
    case .failure(let failure): return .failed(redactor.redact(failure.what))
    case .success(let answer):
      let seen = String(decoding: answer.body.prefix(Self.mostBytesSeen), as: UTF8.self)
      return .answered(
        status: answer.status, text: redactor.redact(seen),
        retryAfter: answer.header("Retry-After").flatMap { Double($0.trimmingCharacters(in: .whitespaces)) })
    }
  }

  func wait(seconds: Double) async {
    try? await Task.sleep(for: .seconds(min(max(0, seconds), 600)))
  }
}

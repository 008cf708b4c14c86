import Foundation
import Scoring

/// The request by which a receiver is told of one person, in the receiver's own form.
enum HandoffMessage {
  static func message(
    _ notice: HandoffNotice, to address: NotifyAddress, format: HandoffSettings.Format
  ) throws -> OutgoingMessage {
    let text = HandoffText(notice)
    var url = address.url
    let body: String
    switch format {
    case .json: body = try HandoffJSON.text(notice)
    case .slack: body = try HandoffJSON.text(SlackForm(text))
    case .teams: body = try HandoffJSON.text(TeamsForm(text))
    case .telegram:
      url = address.without(queryItem: "chat_id")
      body = try HandoffJSON.text(TelegramForm(chat_id: address.queryItem("chat_id") ?? "", text: text))
    case .zalo:
      url = address.without(queryItem: "chat_id")
      body = try HandoffJSON.text(
        ZaloForm(chat_id: address.queryItem("chat_id") ?? "", text: text.plain(most: 2_000)))
    }
    return OutgoingMessage(
      method: "POST", to: address, url: url,
      headers: [("Content-Type", "application/json; charset=utf-8"), ("Idempotency-Key", notice.id)],
      body: Array(body.utf8), purpose: "handoff")
  }

  /// What went wrong by an answer of 2xx, which some chats give for everything; nil if nothing did.
  static func trouble(inBody text: String, format: HandoffSettings.Format) -> String? {
    guard format == .telegram || format == .zalo,
      let answer = HandoffJSON.read(BotAnswer.self, from: text), answer.ok == false
    else { return nil }
    return answer.description ?? "it answered ok: false"
  }

  /// How long a chat asks to be left alone, where it says so in the body.
  static func retryAfter(inBody text: String) -> Double? {
    HandoffJSON.read(BotAnswer.self, from: text)?.parameters?.retry_after
  }
}

private struct SlackForm: Encodable {
  struct Block: Encodable {
    let type = "section"
    let text: Text
  }
  struct Text: Encodable {
    let type = "mrkdwn"
    let text: String
  }
  /// For notifications, and for clients that show no blocks.
  let text: String
  let blocks: [Block]
  let unfurl_links = false

  init(_ text: HandoffText) {
    let words = text.slack()
    self.text = words
    blocks = [Block(text: Text(text: words))]
  }
}

/// An Adaptive Card. Names stand in runs of rich text, in which no mark means anything.
private struct TeamsForm: Encodable {
  struct Attachment: Encodable {
    let contentType = "application/vnd.microsoft.card.adaptive"
    let content: Card
  }
  struct Card: Encodable {
    enum CodingKeys: String, CodingKey {
      case schema = "$schema"
      case type, version, body, actions
    }
    let schema = "http://adaptivecards.io/schemas/adaptive-card.json"
    let type = "AdaptiveCard"
    let version = "1.4"
    let body: [Block]
    let actions: [OpenURL]
  }
  struct Block: Encodable {
    let type = "RichTextBlock"
    let inlines: [Run]
  }
  struct Run: Encodable {
    let type = "TextRun"
    let text: String
    let weight: String
  }
  struct OpenURL: Encodable {
    let type = "Action.OpenUrl"
    let title: String
    let url: String
  }
  let type = "message"
  let attachments: [Attachment]

  init(_ text: HandoffText) {
    let title = Block(inlines: [Run(text: text.title, weight: "Bolder")])
    let lines = text.lines.map {
      Block(
        inlines: [Run(text: $0.label + ": ", weight: "Bolder"), Run(text: $0.text, weight: "Default")])
    }
    let actions = text.links.compactMap { link in link.url.map { OpenURL(title: link.name, url: $0) } }
    attachments = [Attachment(content: Card(body: [title] + lines, actions: actions))]
  }
}

private struct TelegramForm: Encodable {
  struct Preview: Encodable { let is_disabled = true }
  let chat_id: String
  let text: String
  let parse_mode = "HTML"
  let link_preview_options = Preview()

  init(chat_id: String, text: HandoffText) {
    self.chat_id = chat_id
    self.text = text.telegram()
  }
}

private struct ZaloForm: Encodable {
  let chat_id: String
  let text: String
}

private struct BotAnswer: Decodable {
  struct Parameters: Decodable { let retry_after: Double? }
  let ok: Bool?
  let description: String?
  let parameters: Parameters?
}

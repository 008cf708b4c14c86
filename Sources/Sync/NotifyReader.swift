import Foundation
import StrictYAML

/// Reads the `notify` part of a configuration.
struct NotifyReader {
  /// Makes a path relative to the configuration's folder.
  let path: (String) -> String

  func settings(_ map: YAMLMapping?) -> NotifySettings {
    guard let map else { return .none }
    var settings = NotifySettings()
    settings.ping = map.optional("ping").flatMap { address($0, "ping") }
    settings.metricsPath = map.optional("metrics")?.text(expected: "the path of a file").map(path)
    settings.handoff = map.optional("handoff").flatMap(handoff)
    map.finish("notify")
    return settings
  }

  private func handoff(_ value: YAMLValue) -> HandoffSettings? {
    guard let map = value.mapping(expected: "webhook: and, if you like, first:, format: and task:") else {
      return nil
    }
    var settings = HandoffSettings(webhook: nil)
    let webhook = map.optional("webhook")
    settings.webhook = webhook.flatMap { address($0, "webhook") }
    settings.first = map.optional("first")?.boolean() ?? false
    settings.task = map.optional("task")?.boolean() ?? false
    let format = map.optional("format").flatMap(format)
    map.finish("handoff")
    guard webhook != nil || settings.task else {
      value.report("the handoff goes to nobody", cure: "Write webhook: and an address, or task: true")
      return nil
    }
    guard let address = settings.webhook else { return settings.task ? settings : nil }
    settings.format = format ?? HandoffSettings.Format(guessedFrom: address)
    if settings.format == .telegram || settings.format == .zalo, address.queryItem("chat_id") == nil {
      webhook?.report(
        "the address does not say which chat is to be told",
        cure: "Write it as https://…/sendMessage?chat_id=… with the chat's number")
    }
    return settings
  }

  private func format(_ value: YAMLValue) -> HandoffSettings.Format? {
    let known = HandoffSettings.Format.allCases.map(\.rawValue).joined(separator: ", ")
    guard let text = value.text(expected: "one of \(known)") else { return nil }
    guard let format = HandoffSettings.Format(rawValue: text) else {
      value.report("this is no format of a handoff", cure: "Write one of \(known)")
      return nil
    }
    return format
  }

  /// No message shows anything of the address.
  private func address(_ value: YAMLValue, _ key: String) -> NotifyAddress? {
    guard let text = value.text(expected: "an address") else { return nil }
    guard let address = NotifyAddress(text.trimmingCharacters(in: .whitespaces)) else {
      value.report(
        "\(key) is no address to which a message may go",
        cure: "Write https://… with a host and without user:password@ or #; http only for this machine")
      return nil
    }
    return address
  }
}

extension NotifyAddress {
  /// The value of a parameter of the query.
  func queryItem(_ name: String) -> String? {
    URLComponents(string: url)?.queryItems?.first { $0.name == name }?.value.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The address without a parameter of its query.
  func without(queryItem name: String) -> String {
    guard var parts = URLComponents(string: url) else { return url }
    let rest = (parts.percentEncodedQueryItems ?? []).filter { $0.name != name }
    parts.percentEncodedQueryItems = rest.isEmpty ? nil : rest
    return parts.string ?? url
  }
}

extension HandoffSettings.Format {
  /// What the host of a webhook understands, plain JSON if it is none that is known.
  init(guessedFrom address: NotifyAddress) {
    let host = address.host.lowercased().prefix { $0 != ":" }
    func isUnder(_ domain: String) -> Bool { host == domain || host.hasSuffix("." + domain) }
    if isUnder("hooks.slack.com") || isUnder("hooks.slack-gov.com") {
      self = .slack
    } else if isUnder("webhook.office.com") || isUnder("logic.azure.com")
      || isUnder("api.powerplatform.com")
    {
      self = .teams
    } else if isUnder("api.telegram.org") {
      self = .telegram
    } else if isUnder("bot-api.zaloplatforms.com") || isUnder("bot-api.zapps.me") {
      self = .zalo
    } else {
      self = .json
    }
  }
}

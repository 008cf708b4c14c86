import Bitrix24Simulator
import GetResponseSimulator
import HubSpotSimulator
import MauticSimulator
import Sandbox

/// Every platform that a sandbox can stand in for: the one place where they are named.
enum Simulators {
  /// What may stand after `--platform` beside `files`.
  static let names = ["mautic", "hubspot", "getresponse", "bitrix24"]

  /// A platform's stand-in and what a connection to it says, with the sandbox's login; nil if there is none.
  static func make(platform: String) -> SimulatedPlatform? {
    switch platform {
    case "mautic":
      var settings = MauticServerSettings()
      settings.user = "demo"
      settings.password = "demo-password"
      return SimulatedPlatform(
        name: platform, settings: ["auth: { user: \(settings.user), password: \(settings.password) }"],
        simulator: MauticServer(settings: settings))
    case "hubspot":
      var settings = HubSpotServerSettings()
      settings.token = "demo-token"
      settings.plan = .enterprise
      return SimulatedPlatform(
        name: platform, settings: ["auth: { token: \(settings.token) }", "plan: \(settings.plan.rawValue)"],
        simulator: HubSpotServer(settings: settings))
    case "getresponse":
      var settings = GetResponseServerSettings()
      settings.apiKey = "demo-key"
      settings.twoListsEvery = 8
      settings.allowsEmptyTags = true
      return SimulatedPlatform(
        name: platform,
        settings: [
          "url: \(SimulatedPlatform.address)/v3", "auth: { apiKey: \(settings.apiKey) }", "emptyTags: true",
        ],
        simulator: GetResponseServer(settings: settings))
    case "bitrix24":
      var settings = Bitrix24ServerSettings()
      settings.webhookSecret = "demo-secret"
      return SimulatedPlatform(
        name: platform,
        settings: [
          "webhook: \(SimulatedPlatform.address)/rest/\(settings.webhookUser)/\(settings.webhookSecret)"
        ], simulator: Bitrix24Server(settings: settings))
    default: return nil
    }
  }
}

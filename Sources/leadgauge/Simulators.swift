import HubSpotSimulator
import MauticSimulator
import Sandbox

/// Every platform that a sandbox can stand in for: the one place where they are named.
enum Simulators {
  /// What may stand after `--platform` beside `files`.
  static let names = ["mautic", "hubspot"]

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
    default: return nil
    }
  }
}

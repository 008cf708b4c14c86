import Bitrix24Connector
import FilesConnector
import GetResponseConnector
import HubSpotConnector
import MauticConnector
import Platform
import WebAPI

/// Every platform there is: the one place where they are named.
enum Platforms {
  /// All of them; `observer` sees every request that they make.
  static func all(observer: (any WebObserver)? = nil) -> [any PlatformEntry] {
    let surroundings = WebSurroundings(
      transport: LazyTransport(), observer: observer, makeTransport: { LazyTransport($0) })
    return [
      FilesPlatform(), MauticPlatform(surroundings: surroundings),
      HubSpotPlatform(surroundings: surroundings), GetResponsePlatform(surroundings: surroundings),
      Bitrix24Platform(surroundings: surroundings),
    ]
  }
}

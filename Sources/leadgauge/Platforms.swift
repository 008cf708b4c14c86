import FilesConnector
import MauticConnector
import Platform
import WebAPI

/// Every platform there is: the one place where they are named.
enum Platforms {
  static let all: [any PlatformEntry] = {
    let surroundings = WebSurroundings(transport: LazyTransport())
    return [FilesPlatform(), MauticPlatform(surroundings: surroundings)]
  }()
}

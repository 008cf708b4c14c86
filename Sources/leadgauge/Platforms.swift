import FilesConnector
import Platform

/// Every platform there is: the one place where they are named.
enum Platforms {
  static let all: [any PlatformEntry] = [FilesPlatform()]
}

/// Which redirect is followed: that of an account whose host was renamed.
///
/// Nothing else is ever followed, since a redirect can lead credentials and data to a stranger. The new host
/// must be spoken to by https, must end like the old one, and the path must stay the same; the call is sent
/// again as it was, whatever its method.
public struct RenameRule: Hashable, Sendable {
  /// What hosts may end with, with the dot: `.example.com`.
  public var suffixes: [String]

  /// Describes the rule.
  public init(suffixes: [String]) {
    self.suffixes = suffixes.map { $0.lowercased() }
  }

  /// The new origin, `https://host`, if the answer is such a redirect.
  func origin(after response: WebResponse, to url: String) -> String? {
    guard [301, 302, 307, 308].contains(response.status), let location = response.header("Location"),
      let old = RenameRule.parts(of: url), let new = RenameRule.parts(of: location),
      new.origin != old.origin, new.path == old.path, isOurs(old.host), isOurs(new.host)
    else { return nil }
    return new.origin
  }

  private func isOurs(_ host: String) -> Bool {
    suffixes.contains { host.hasSuffix($0) && host.count > $0.count }
  }

  /// The parts of an https address without user, port or trick; nil for any other.
  private static func parts(of url: String) -> (origin: String, host: String, path: String)? {
    guard url.lowercased().hasPrefix("https://") else { return nil }
    let rest = url.dropFirst(8)
    let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }.lowercased()
    let isPlain = host.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".")
        || $0 == UInt8(ascii: "-")
    }
    guard isPlain, !host.isEmpty else { return nil }
    let path = rest.dropFirst(host.count).prefix { $0 != "?" && $0 != "#" }
    return ("https://\(host)", host, String(path))
  }
}

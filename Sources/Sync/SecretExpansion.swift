import Foundation
import Platform
import StrictYAML

/// Replaces `${NAME}`, `${file:/path}` and `${credential:NAME}` in the configuration.
public struct SecretExpansion: Sendable {
  private let environment: [String: String]

  /// Takes the process's environment.
  public init(environment: [String: String]) {
    self.environment = environment
  }

  /// What a secret's file may have at most.
  private static let mostBytes = 65_536

  /// The text with every `${…}` replaced. No message holds a secret.
  ///
  /// - Parameter exposed: Told of each file that other users can read.
  func expand(_ text: String, exposed: (String) -> Void = { _ in }) -> ProblemCollector.Expansion {
    var result = ""
    var rest = Substring(text)
    while let start = rest.range(of: "${") {
      result += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
        return .problem(what: "'${' without '}'", cure: "Write ${NAME}, ${file:/path} or ${credential:NAME}")
      }
      switch value(of: rest[start.upperBound..<end], exposed) {
      case .text(let value): result += value
      case .problem(let what, let cure): return .problem(what: what, cure: cure)
      }
      rest = rest[rest.index(after: end)...]
    }
    return .text(result + rest)
  }

  private func value(of reference: Substring, _ exposed: (String) -> Void) -> ProblemCollector.Expansion {
    if reference.hasPrefix("file:") {
      let path = String(reference.dropFirst(5))
      if OthersRights.canRead(path) { exposed(path) }
      return content(of: path)
    }
    if reference.hasPrefix("credential:") {
      let name = String(reference.dropFirst(11))
      guard let folder = environment["CREDENTIALS_DIRECTORY"] else {
        return .problem(
          what: "there is no credentials folder for '\(name)'",
          cure: "Run under the service manager with LoadCredential=\(name):…, or use ${NAME} or ${file:/path}"
        )
      }
      guard !name.isEmpty, !name.contains("/"), name != "..", name != "." else {
        return .problem(
          what: "'\(name)' is no name of a credential", cure: "Use the name given in LoadCredential=")
      }
      return content(of: folder + "/" + name)
    }
    let name = String(reference)
    guard let value = environment[name], !value.isEmpty else {
      return .problem(
        what: "the environment variable \(name) is not set",
        cure: "Set it before the run, for example: export \(name)=…")
    }
    return .text(value)
  }

  private func content(of path: String) -> ProblemCollector.Expansion {
    do throws(SmallFile.Trouble) {
      let data = try SmallFile.read(path, most: Self.mostBytes)
      return .text(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines))
    } catch {
      switch error {
      case .unreadable:
        return .problem(
          what: "the secret's file \(path) cannot be read",
          cure: "Check that it is there and readable for this user")
      case .noFile:
        return .problem(
          what: "the secret's file \(path) is no plain file", cure: "Put the secret into a file")
      case .tooLong:
        return .problem(
          what: "the secret's file \(path) is longer than any secret",
          cure: "Name the file with the secret alone")
      }
    }
  }
}

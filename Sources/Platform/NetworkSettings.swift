import Foundation
import StrictYAML

/// How a connection reaches its platform, where the usual way does not do: the `network:` block.
public struct NetworkSettings: Hashable, Sendable {
  /// A PEM file with the authorities to trust instead of the system's.
  public var caFile: String?
  /// The proxy, for example `http://proxy.example:3128`.
  public var proxy: String?
  /// A PEM file with the certificate by which this program identifies itself.
  public var certificate: String?
  /// The PEM file with the private key of `certificate`.
  public var key: String?

  /// The usual way.
  public init() {}
}

extension ConnectionSettings {
  /// Reads `network:` and reports what is wrong with it; relative paths begin in `folder`.
  public func network(in folder: String) -> NetworkSettings {
    var network = NetworkSettings()
    guard let map = optional("network")?.mapping() else { return network }
    func file(_ key: String) -> String? {
      guard let value = map.optional(key), let text = value.text(expected: "the path of a file") else {
        return nil
      }
      let path = text.hasPrefix("/") ? text : folder + "/" + text
      guard FileManager.default.isReadableFile(atPath: path) else {
        value.report("the file \(path) cannot be read", cure: "Check the path and the rights of \(key):")
        return nil
      }
      return path
    }
    network.caFile = file("ca")
    network.certificate = file("certificate")
    network.key = file("key")
    if let key = network.key, OthersRights.canRead(key) { map.problems.noteExposed(key) }
    if let value = map.optional("proxy"), let text = value.text(expected: "an address") {
      network.proxy = text
      // What is not percent-encoded in a password would be taken for the host, and looked up as one.
      if URLComponents(string: text)?.host?.isEmpty ?? true
        || text.dropFirst(8).contains(where: "/?# ".contains)
      {
        value.report(
          "this is no address of a proxy",
          cure:
            "Write scheme, user, password, host and port alone, and / ? # @ : % within a password as %2F and so on"
        )
      } else if !["http://", "https://", "socks5h://"].contains(where: { text.lowercased().hasPrefix($0) }) {
        value.report(
          "this is no address of a proxy",
          cure: "Write it with http://, https:// or socks5h://, for example http://proxy.example:3128")
      }
    }
    if map.has("key"), !map.has("certificate"), let position = map.position(of: "key") {
      map.problems.report(
        "'key' is of no use without 'certificate'", at: position, cure: "Name the certificate too")
    }
    map.finish("network")
    return network
  }
}

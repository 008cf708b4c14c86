/// Masks secrets in any text that leaves the program: messages, logs, reports.
///
/// Masked are the given secrets, as they are, percent-encoded, escaped as in JSON and in Base64; the user
/// and password of a URL; the values of query parameters and JSON members whose names tell of a secret; and
/// the lines of headers that log in.
public struct Redactor: Sendable {
  /// What stands in a secret's place.
  public static let mask = "***"

  private let secrets: [SecretSpelling]

  /// Knows these secrets; those of fewer than 4 characters are found only by where they stand, since masking
  /// every "abc" would tell more than it hides.
  public init(secrets: [String] = []) {
    self.secrets = Redactor.spellings(of: secrets)
  }

  private init(spellings: [SecretSpelling]) {
    secrets = spellings
  }

  /// Knows these secrets too.
  public func adding(_ more: [String]) -> Redactor {
    Redactor(spellings: secrets + Redactor.spellings(of: more))
  }

  /// The text with every secret masked.
  public func redact(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var found: [Range<Int>] = SecretPlaces.find(in: bytes)
    for secret in secrets { found += secret.find(in: bytes) }
    guard !found.isEmpty else { return text }
    found.sort { $0.lowerBound < $1.lowerBound }
    var out: [UInt8] = []
    var copied = 0
    for range in found {
      // What overlaps or touches the one before is masked with it.
      if range.lowerBound > copied || copied == 0 {
        out += bytes[copied..<max(copied, range.lowerBound)]
        out += Redactor.mask.utf8
      }
      copied = max(copied, range.upperBound)
    }
    out += bytes[copied...]
    return String(decoding: out, as: UTF8.self)
  }

  /// The headers with the values of those that log in masked, and the secrets in all others.
  public func redact(_ headers: [WebHeader]) -> [WebHeader] {
    headers.map { header in
      WebHeader(
        header.name,
        SensitiveNames.isHeader(header.name) ? Redactor.mask : redact(header.value))
    }
  }

  private static func spellings(of secrets: [String]) -> [SecretSpelling] {
    secrets.filter { $0.count >= 4 }.map { SecretSpelling($0) }
  }
}

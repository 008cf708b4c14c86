/// Masks secrets in any text that leaves the program: messages, logs, reports, traces.
///
/// Masked are the given secrets, as they are, percent-encoded, escaped as in JSON or HTML and in Base64; the
/// user and password of a URL, and the third part of a path `/rest/1/SECRET/`; the values of query parameters
/// and JSON members whose names tell of a secret; the lines of headers that log in; and what follows `Basic`
/// and `Bearer`, and JSON Web Tokens, wherever they stand.
public struct Redactor: Sendable {
  /// What stands in a secret's place.
  public static let mask = "***"

  private let search: SecretSearch

  /// Knows these secrets; those of fewer than 4 characters are found only by where they stand, since masking
  /// every "abc" would tell more than it hides.
  public init(secrets: [String] = []) {
    search = SecretSearch(secrets)
  }

  private init(search: SecretSearch) {
    self.search = search
  }

  /// Knows these secrets too.
  public func adding(_ more: [String]) -> Redactor {
    Redactor(search: search.adding(more))
  }

  /// The text with every secret masked.
  public func redact(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let found = places(in: bytes)
    guard !found.isEmpty else { return text }
    return String(decoding: Redactor.masked(bytes, found, upTo: bytes.count), as: UTF8.self)
  }

  /// A URL, or a path with a query, with every secret masked: the whole value of a parameter that tells of a
  /// secret, where a running text would end it at a comma.
  public func redact(url: String) -> String {
    let bytes = Array(url.utf8)
    let query = bytes.firstIndex(of: UInt8(ascii: "?")).map { $0 + 1 } ?? bytes.count
    let found = places(in: bytes, pairsFrom: query)
    guard !found.isEmpty else { return url }
    return String(decoding: Redactor.masked(bytes, found, upTo: bytes.count), as: UTF8.self)
  }

  /// The headers with the values of those that log in masked, and the secrets in all others.
  public func redact(_ headers: [WebHeader]) -> [WebHeader] {
    headers.map { header in
      if SensitiveNames.isHeader(header.name) { return WebHeader(redact(header.name), Redactor.mask) }
      let isAddress = ["location", "content-location", "referer"].contains(header.name.lowercased())
      return WebHeader(redact(header.name), isAddress ? redact(url: header.value) : redact(header.value))
    }
  }

  /// The first bytes of a text, or of what is no text at all, with every secret masked; one that begins
  /// before the limit is masked whole.
  func redact(_ bytes: [UInt8], isForm: Bool, upTo limit: Int) -> [UInt8] {
    // Far enough beyond the limit to see the end of any secret that begins before it.
    let seen =
      bytes.count - limit > Redactor.lookAhead ? Array(bytes[..<(limit + Redactor.lookAhead)]) : bytes
    let found = places(in: seen, pairsFrom: isForm ? 0 : seen.count)
    return Redactor.masked(seen, found, upTo: min(limit, seen.count))
  }

  private static let lookAhead = 32 << 10

  /// In the order in which they begin.
  private func places(in bytes: [UInt8], pairsFrom start: Int? = nil) -> [Range<Int>] {
    var found = SecretPlaces.find(in: bytes) + search.find(in: bytes)
    if let start { found += Redactor.pairs(in: bytes[start...]) }
    return found.sorted { $0.lowerBound < $1.lowerBound }
  }

  /// The values in `a=1&password=x` whose names tell of a secret.
  private static func pairs(in bytes: ArraySlice<UInt8>) -> [Range<Int>] {
    bytes.split(separator: UInt8(ascii: "&")).compactMap { pair in
      guard let equals = pair.firstIndex(of: UInt8(ascii: "=")), equals + 1 < pair.endIndex,
        SensitiveNames.weight(of: pair[..<equals]) != nil
      else { return nil }
      let end = pair[equals...].firstIndex(of: UInt8(ascii: "#")) ?? pair.endIndex
      return end > equals + 1 ? equals + 1..<end : nil
    }
  }

  private static func masked(_ bytes: [UInt8], _ found: [Range<Int>], upTo limit: Int) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(limit + 16)
    var copied = 0
    for range in found where range.lowerBound < limit {
      // What overlaps or touches the one before is masked with it.
      if range.lowerBound > copied || copied == 0 {
        out += bytes[copied..<max(copied, range.lowerBound)]
        out += mask.utf8
      }
      copied = max(copied, range.upperBound)
    }
    if copied < limit { out += bytes[copied..<limit] }
    return out
  }
}

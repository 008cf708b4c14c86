/// Which pages of one list were there already.
///
/// A server, or a proxy before it, that drops the number of a page from the address gives the same page for ever.
public struct PageMemory: Sendable {
  private var seen: Set<Int> = []

  /// Nothing was there.
  public init() {}

  /// Notes a page; false if one of the same content was there before. An empty page is never the same.
  public mutating func isNew(_ body: [UInt8]) -> Bool {
    body.isEmpty || seen.insert(body.hashValue).inserted
  }
}

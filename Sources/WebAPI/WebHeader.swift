/// One header line of a request or an answer.
public struct WebHeader: Hashable, Sendable {
  /// Compared without regard to case.
  public var name: String
  /// Without the line end.
  public var value: String

  /// Makes a header line.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }

  /// Makes a header line.
  public init(name: String, value: String) {
    self.init(name, value)
  }
}

extension [WebHeader] {
  /// The value of the first header of this name, whatever its case.
  func value(of name: String) -> String? {
    let wanted = name.lowercased()
    return first { $0.name.lowercased() == wanted }?.value
  }
}

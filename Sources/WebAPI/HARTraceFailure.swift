/// Why a trace cannot be written, or not to its end.
public struct HARTraceFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What sort of trouble it is.
  public enum Kind: Hashable, Sendable {
    /// The file cannot be made; nothing was written.
    case cannotCreate
    /// Writing failed; what was written before is whole.
    case inputOutput
  }

  /// What sort of trouble it is.
  public let kind: Kind
  /// What happened and where.
  public let what: String
  /// What to do about it.
  public let cure: String

  /// `what. cure.`
  public var description: String { "\(what). \(cure)." }
}

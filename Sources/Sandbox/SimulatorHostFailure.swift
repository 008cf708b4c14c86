/// A simulator that could not be hosted.
public struct SimulatorHostFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The port that was wanted; 0 for any.
  public let port: Int
  /// What the system said.
  public let reason: String

  /// A failure to listen on a port.
  public init(port: Int, reason: String) {
    self.port = port
    self.reason = reason
  }

  /// One line for people.
  public var description: String {
    "cannot listen on 127.0.0.1:\(port): \(reason). Name another port, or 0 for any that is free"
  }
}

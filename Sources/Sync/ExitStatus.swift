import Platform
import Store
import StrictYAML

/// How a command ends, for the shell.
public enum ExitStatus: Int32, Sendable {
  case done = 0
  case unexpected = 1
  /// Only with `--detailed-exitcode`.
  case changesExist = 2
  case someRefused = 3
  case fuseBlew = 10
  case stalePlan = 11
  case usage = 64
  case badData = 65
  case unavailable = 69
  case cannotCreate = 73
  case inputOutput = 74
  case locked = 75
  case forbidden = 77
  case badConfiguration = 78
  /// As a shell says it of a program that SIGINT ended.
  case interrupted = 130

  /// The status of an error.
  public static func of(_ error: any Error) -> ExitStatus {
    switch error {
    case let failure as ConnectorFailure: return of(failure)
    case let failure as StoreFailure:
      switch failure.kind {
      case .cannotCreate: return .cannotCreate
      case .inputOutput, .newerVersion: return .inputOutput
      case .locked: return .locked
      }
    case let failure as PlanFileFailure:
      switch failure.kind {
      case .cannotCreate: return .cannotCreate
      case .inputOutput: return .inputOutput
      case .badData: return .badData
      case .missing: return .usage
      }
    case is StalePlan: return .stalePlan
    case is UndoRefusal: return .usage
    case is InputProblems: return .badData
    case is CancellationError: return .interrupted
    default: return .unexpected
    }
  }

  static func of(_ failure: ConnectorFailure) -> ExitStatus {
    switch failure.kind {
    case .unavailable: return .unavailable
    case .forbidden: return .forbidden
    case .configuration: return .badConfiguration
    case .badData: return .badData
    case .cannotCreate: return .cannotCreate
    case .inputOutput, .changedMeanwhile: return .inputOutput
    case .cancelled: return .interrupted
    }
  }

  /// The status of findings: that of the first error.
  public static func of(_ findings: [Finding]) -> ExitStatus {
    guard let error = findings.first(where: { $0.severity == .error }) else { return .done }
    return of(ConnectorFailure(error.kind ?? .configuration, error.text, cure: error.cure))
  }

  /// The status of a run that came to its end.
  public static func of(_ result: RunResult) -> ExitStatus {
    if result.isHeldBack { return .fuseBlew }
    if let failure = result.failures.sorted(by: { $0.key < $1.key }).first { return of(failure.value) }
    return (result.apply?.refused ?? 0) > 0 ? .someRefused : .done
  }
}

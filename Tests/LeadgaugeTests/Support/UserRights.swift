import Foundation
import Testing

/// Runs where files cannot be opened, or cannot grow, whoever runs the tests.
extension Workplace {
  /// Runs the program so that rights bind it even if root runs the tests: without root's privilege to pass over them.
  func runAsUser(_ arguments: [String], environment: [String: String] = [:]) async throws -> Outcome {
    guard geteuid() == 0 else { return try await run(arguments, environment: environment) }
    return try await run(
      "/usr/bin/setpriv",
      ["--bounding-set=-dac_override,-dac_read_search", "--", Program.url.path] + arguments,
      environment)
  }

  /// Runs the program where no file may grow beyond so many blocks of 512 bytes.
  func runWithSmallFiles(blocks: Int, _ arguments: [String]) async throws -> Outcome {
    try await run(
      "/bin/sh", ["-c", "ulimit -f \(blocks); exec \"$@\"", "sh", Program.url.path] + arguments, [:])
  }

  private func run(
    _ executable: String, _ arguments: [String], _ environment: [String: String]
  ) async throws -> Outcome {
    let process = Program.process(arguments, in: path, environment: environment)
    process.executableURL = URL(fileURLWithPath: executable)
    return try await Program.run(process)
  }

  /// Changes the mode of a file or folder.
  func setMode(_ mode: Int, of name: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: at(name))
  }
}

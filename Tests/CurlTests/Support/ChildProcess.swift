import Foundation

/// A program that runs beside the tests. Its standard input ends when this process does.
final class ChildProcess {
  private var identifier: pid_t = 0
  private let input: [Int32]
  private let output: [Int32]

  /// Starts a program that is found on the path.
  init(_ arguments: [String]) throws {
    func makePipe() -> [Int32] {
      var ends: [Int32] = [-1, -1]
      pipe(&ends)
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      return ends
    }
    input = makePipe()
    output = makePipe()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, input[0], 0)
    posix_spawn_file_actions_adddup2(&actions, output[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", Int32(O_WRONLY), 0)
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    let code = posix_spawnp(&identifier, arguments[0], &actions, nil, &words, environ)
    for word in words { free(word) }
    posix_spawn_file_actions_destroy(&actions)
    close(input[0])
    close(output[1])
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .ECHILD) }
  }

  /// The next output of the program; nothing when it has ended.
  func read() -> String {
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = Foundation.read(output[0], &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
  }

  /// Waits for the end of the program and gives what is left of it back.
  @discardableResult
  func wait() -> Int32 {
    var status: Int32 = 0
    waitpid(identifier, &status, 0)
    close(input[1])
    close(output[0])
    return status
  }

  /// Ends the program. It inherits the blocked signals of the thread that started it; this one cannot be
  /// blocked.
  func kill() {
    Foundation.kill(identifier, SIGKILL)
    wait()
  }
}

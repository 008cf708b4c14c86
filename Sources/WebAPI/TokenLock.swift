import Foundation

/// Only one process at a time asks for a new token; the lock goes with the process that holds it.
struct TokenLock: Sendable {
  /// Seconds after which a process that holds the lock is taken to hang.
  static let patience = 120.0

  private let descriptor: Int32

  /// Waits for the lock, by the clock handed in.
  ///
  /// - Throws: `APIFailure`, as cancelled at once when the task is cancelled.
  static func take(of file: TokenFile, clock: any WebClock) async throws(APIFailure) -> TokenLock {
    let descriptor = try opened(file)
    var waited = 0.0
    var pause = 0.1
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      if code == EINTR { continue }
      guard code == EWOULDBLOCK, waited < patience else {
        let holder = content(of: descriptor)
        close(descriptor)
        throw problem(file, code: code, holder: holder).failure
      }
      do {
        try await clock.sleep(seconds: pause)
      } catch {
        close(descriptor)
        throw .cancelledWhileLoggingIn
      }
      waited += pause
      pause = min(1, pause * 2)
    }
    let text = Array("process \(getpid())".utf8)
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
    return TokenLock(descriptor: descriptor)
  }

  /// Lets the next one in; to be called once.
  func release() {
    close(descriptor)
  }

  private static func opened(_ file: TokenFile) throws(APIFailure) -> Int32 {
    do throws(TokenFileProblem) {
      try file.makeFolder()
      let descriptor = open(file.lockPath, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw .after("the lock file \(file.lockPath) cannot be made") }
      return descriptor
    } catch {
      throw error.failure
    }
  }

  private static func problem(_ file: TokenFile, code: Int32, holder: String) -> TokenFileProblem {
    if code == EWOULDBLOCK {
      let who = holder.isEmpty ? "another process" : "another process (\(holder))"
      return TokenFileProblem(
        "\(who) has been renewing the token in \(file.path) for more than \(Int(patience)) seconds; "
          + "end it if it hangs")
    }
    errno = code
    return .after("the lock file \(file.lockPath) cannot be locked")
  }

  private static func content(of descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 40)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    return String(text.unicodeScalars.filter { $0.value >= 0x20 })
  }
}

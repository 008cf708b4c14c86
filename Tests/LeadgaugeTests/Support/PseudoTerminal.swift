import Foundation
import Testing

/// A terminal without a screen: what a program shows on it can be read.
final class PseudoTerminal {
  enum Stream {
    case out, err
  }

  /// What the program showed when one of its outputs was a terminal.
  static func shows(
    _ stream: Stream, _ arguments: [String], in folder: String, environment: [String: String] = [:],
    ending statuses: Set<Int32> = [0]
  ) async throws -> String {
    let terminal = try PseudoTerminal()
    let surroundings = ["TERM": "xterm"].merging(environment) { $1 }
    let process = Program.process(arguments, in: folder, environment: surroundings)
    process.standardOutput = stream == .out ? terminal.programSide : FileHandle.nullDevice
    process.standardError = stream == .err ? terminal.programSide : FileHandle.nullDevice
    var shown = Data()
    let status = try await Program.status(of: process) {
      shown = await terminal.readToEnd()
    }
    #expect(statuses.contains(status))
    let text = String(decoding: shown, as: UTF8.self)
    Program.scan(text, of: "the terminal", after: process)
    return text
  }

  // TIOCSPTLCK and TIOCGPTN of Linux, which are macros that Swift does not see.
  private static let setLock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430

  private let ourSide: Int32
  private let programSide: FileHandle

  private init() throws {
    ourSide = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(ourSide >= 0)
    var number: Int32 = 0
    try #require(ioctl(ourSide, Self.setLock, &number) == 0 && ioctl(ourSide, Self.getNumber, &number) == 0)
    let descriptor = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(descriptor >= 0)
    programSide = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  deinit { close(ourSide) }

  /// Types without an echo, so that only what the program shows is read, and byte by byte, Ctrl-C among them.
  private func type(_ text: String) throws {
    var settings = termios()
    try #require(tcgetattr(programSide.fileDescriptor, &settings) == 0)
    settings.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
    try #require(tcsetattr(programSide.fileDescriptor, TCSANOW, &settings) == 0)
    try #require(write(ourSide, text, text.utf8.count) == text.utf8.count)
  }

  /// What is shown until nobody holds the program's side any more. It is waited for on a thread of its own: the tasks'
  /// threads are as few as the cores, and the stand-in that the program talks to needs one of them.
  private func readToEnd() async -> Data {
    try? programSide.close()
    let terminal = ourSide
    return await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: Self.readToEnd(of: terminal)) }
    }
  }

  private static func readToEnd(of terminal: Int32) -> Data {
    var shown = Data()
    var piece = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = read(terminal, &piece, piece.count)
      guard count > 0 else { return shown }
      shown.append(contentsOf: piece[..<count])
    }
  }
}

extension PseudoTerminal {
  /// What the program shows to somebody who answers its questions: standard input and both outputs are the terminal.
  /// The answers are typed before the program begins, as a terminal allows.
  static func talks(
    _ arguments: [String], answering answers: [String], in folder: String, environment: [String: String] = [:]
  ) async throws -> (status: Int32, shown: String) {
    let terminal = try PseudoTerminal()
    try terminal.type(answers.map { $0 + "\n" }.joined())
    let process = Program.process(
      arguments, in: folder, environment: ["TERM": "xterm", "NO_COLOR": "1"].merging(environment) { $1 })
    process.standardInput = terminal.programSide
    process.standardOutput = terminal.programSide
    process.standardError = terminal.programSide
    var shown = Data()
    let status = try await Program.status(of: process) {
      shown = await terminal.readToEnd()
    }
    let text = String(decoding: shown, as: UTF8.self).replacing("\r\n", with: "\n")
    Program.scan(text, of: "the terminal", after: process)
    return (status, text)
  }
}

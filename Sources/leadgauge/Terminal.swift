import Foundation
import Report

/// What the two outputs can show.
enum Terminal {
  /// Colours on stdout: only on a terminal, not with NO_COLOR, not on a dumb one.
  static var style: TextStyle { TextStyle(hasColor: isatty(STDOUT_FILENO) == 1 && allowsColor) }

  /// Colours on stderr.
  static var errorStyle: TextStyle { TextStyle(hasColor: isatty(STDERR_FILENO) == 1 && allowsColor) }

  static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb" }

  /// The width of the terminal, 80 where there is none.
  static func columns(of descriptor: Int32) -> Int {
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return environment["COLUMNS"].flatMap(Int.init) ?? 80
  }

  static func print(_ text: String) {
    FileHandle.standardOutput.write(Data(text.utf8))
  }

  static func printError(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  private static var environment: [String: String] { ProcessInfo.processInfo.environment }

  private static var allowsColor: Bool {
    (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }
}

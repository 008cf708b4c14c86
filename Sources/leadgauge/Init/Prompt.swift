import Foundation

/// Questions on a terminal, with what is typed hidden where it is a secret.
struct Prompt {
  /// The terminal was closed, or the user wants out.
  struct Ended: Error {}

  /// True if somebody can be asked.
  static var isPossible: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

  /// Asks until there is an answer; the standard one stands for an empty line.
  static func ask(_ question: String, hint: String = "", standard: String? = nil, isNeeded: Bool = true)
    throws
    -> String
  {
    if !hint.isEmpty { say("  (\(hint))\n") }
    while true {
      say(question + (standard.map { " [\($0)]" } ?? "") + ": ")
      let answer = try line(isHidden: false).trimmingCharacters(in: .whitespaces)
      if !answer.isEmpty { return answer }
      if let standard { return standard }
      if !isNeeded { return "" }
    }
  }

  /// Asks for a secret; empty if none was typed.
  static func secret(_ question: String, hint: String) throws -> String {
    if !hint.isEmpty { say("  (\(hint))\n") }
    say(question + ": ")
    return try line(isHidden: true)
  }

  /// Asks for one of several; by number or by name.
  static func choose(_ question: String, _ choices: [(name: String, title: String)], standard: String) throws
    -> String
  {
    for (index, choice) in choices.enumerated() { say("  \(index + 1)  \(choice.title)\n") }
    while true {
      let answer = try ask(question, standard: standard)
      if let number = Int(answer), choices.indices.contains(number - 1) { return choices[number - 1].name }
      if let choice = choices.first(where: { $0.name == answer.lowercased() }) { return choice.name }
      say("Answer with a number from 1 to \(choices.count).\n")
    }
  }

  /// Yes or no.
  static func confirm(_ question: String, standard: Bool) throws -> Bool {
    while true {
      let answer = try ask(question + (standard ? " [Y/n]" : " [y/N]"), isNeeded: false).lowercased()
      if answer.isEmpty { return standard }
      if ["y", "yes", "c", "có"].contains(answer) { return true }
      if ["n", "no", "k", "không"].contains(answer) { return false }
    }
  }

  static func say(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  // MARK: One line

  /// Reads byte by byte: so Ctrl-C ends at once, and the terminal is as before, whatever happens.
  private static func line(isHidden: Bool) throws -> String {
    var before = termios()
    guard tcgetattr(STDIN_FILENO, &before) == 0 else { throw Ended() }
    var raw = before
    raw.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
    tcsetattr(STDIN_FILENO, TCSANOW, &raw)
    defer {
      tcsetattr(STDIN_FILENO, TCSANOW, &before)
      say("\n")
    }
    var bytes: [UInt8] = []
    while true {
      var byte: UInt8 = 0
      guard read(STDIN_FILENO, &byte, 1) == 1 else { throw Ended() }
      switch byte {
      case 0x0A, 0x0D: return String(decoding: bytes, as: UTF8.self)
      case 0x03: throw Ended()
      case 0x04:
        if bytes.isEmpty { throw Ended() }
      case 0x7F, 0x08:
        guard !bytes.isEmpty else { continue }
        while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
        if !isHidden { say("\u{8} \u{8}") }
      case 0x15:
        let count = isHidden ? 0 : String(decoding: bytes, as: UTF8.self).count
        bytes = []
        say(String(repeating: "\u{8} \u{8}", count: count))
      case 0..<0x20: continue
      default:
        bytes.append(byte)
        if !isHidden { FileHandle.standardError.write(Data([byte])) }
      }
    }
  }
}

import Platform

/// Names of files as a shell takes them.
public enum ShellText {
  /// The name as one word of a command line: between quotes if a shell would read anything into it.
  public static func word(_ name: String) -> String {
    let isPlain = name.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte >= 0x80 || "./_-+,:@%".utf8.contains(byte)
    }
    let isOption = name.hasPrefix("-")
    let safe = isOption ? "./" + name : name
    return isPlain && !name.isEmpty ? safe : "'" + safe.escaping(["'": "'\\''"]) + "'"
  }
}

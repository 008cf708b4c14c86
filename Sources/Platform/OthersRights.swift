import Foundation

/// What users other than a file's owner and group may do with it.
public enum OthersRights {
  /// Whether they can read a file: its own rights and those of every folder above it, links followed.
  public static func canRead(_ path: String) -> Bool { can(S_IROTH, path) }

  /// Whether they can put other files into a folder, or replace those that are in it. A folder in which everybody
  /// may replace their own files alone, such as `/tmp`, counts too: names that are free can be taken there.
  public static func canWrite(intoFolder path: String) -> Bool { can(S_IWOTH, path) }

  private static func can(_ right: mode_t, _ path: String) -> Bool {
    guard let real = realpath(path, nil) else { return false }
    defer { free(real) }
    var path = String(cString: real)
    guard has(right, path) else { return false }
    while path.count > 1 {
      path = (path as NSString).deletingLastPathComponent
      guard has(S_IXOTH, path) else { return false }
    }
    return true
  }

  private static func has(_ right: mode_t, _ path: String) -> Bool {
    var facts = stat()
    return stat(path, &facts) == 0 && facts.st_mode & right != 0
  }
}

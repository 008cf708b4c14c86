import Foundation
import Sync

/// A line on a terminal that tells how far a run is; it is wiped before anything else is printed.
public final class ProgressBar: Sendable {
  private let columns: Int
  private let lastShown = Mutexed(ShownState())

  private struct ShownState {
    var milliseconds: Int64 = 0
    var isVisible = false
  }

  /// A bar of a terminal's width.
  public init(columns: Int) {
    self.columns = max(40, min(columns, 120))
  }

  /// Shows how far a run is, ten times a second at most.
  public func show(_ progress: RunProgress, milliseconds: Int64) {
    let isDue = lastShown.change { state in
      guard milliseconds - state.milliseconds >= 100 else { return false }
      state = ShownState(milliseconds: milliseconds, isVisible: true)
      return true
    }
    if isDue { write("\r" + Self.line(progress, columns: columns - 1) + "\u{1B}[K") }
  }

  /// Takes the line away.
  public func clear() {
    let wasVisible = lastShown.change { state in
      defer { state.isVisible = false }
      return state.isVisible
    }
    if wasVisible { write("\r\u{1B}[K") }
  }

  /// `pull crm activities  [######······]  42 %  123,456`
  public static func line(_ progress: RunProgress, columns: Int) -> String {
    let count = progress.count > 0 ? TerminalText.number(progress.count) : ""
    let stage = TerminalText.left(progress.stage, max(12, min(28, columns - 34)))
    guard let fraction = progress.fraction else {
      return TerminalText.fitted("\(stage)  \(count)", columns)
    }
    let share = min(1, max(0, fraction))
    let wide = max(8, min(30, columns - TerminalText.width(stage) - 22))
    let full = Int((share * Double(wide)).rounded(.down))
    let bar = String(repeating: "█", count: full) + String(repeating: "░", count: wide - full)
    let percent = TerminalText.right("\(Int(share * 100))", 3)
    return TerminalText.fitted("\(stage) \(bar) \(percent) %  \(count)", columns)
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}

/// A value behind a lock.
private final class Mutexed<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  init(_ value: Value) {
    self.value = value
  }

  func change<Result>(_ body: (inout Value) -> Result) -> Result {
    lock.lock()
    defer { lock.unlock() }
    return body(&value)
  }
}

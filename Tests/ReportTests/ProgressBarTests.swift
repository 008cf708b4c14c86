import Sync
import Testing

@testable import Report

@Suite("The line that tells how far a run is")
struct ProgressBarTests {
  private func line(_ stage: String, _ fraction: Double?, _ count: Int = 0, columns: Int = 79) -> String {
    ProgressBar.line(RunProgress(stage: stage, fraction: fraction, count: count), columns: columns)
  }

  @Test("stage, share and count")
  func parts() {
    let half = line("pull crm", 0.5, 1_234)
    #expect(half.hasPrefix("pull crm "))
    #expect(half.hasSuffix(" 50 %  1,234"))
    #expect((0...1).contains(half.count { $0 == "░" } - half.count { $0 == "█" }))
  }

  @Test("a share beyond its ends stays within them", arguments: [(-1, "  0 %"), (7, "100 %"), (1, "100 %")])
  func ends(fraction: Double, percent: String) {
    #expect(line("score", fraction).contains(percent))
    #expect(line("score", fraction).contains("█") == (fraction > 0))
  }

  @Test("without a known share there is no bar")
  func unknown() {
    #expect(line("merge", nil, 7).split(separator: " ") == ["merge", "7"])
  }

  @Test("it never breaks the line, whatever it is called", arguments: WildText.names, [39, 79, 119])
  func widths(stage: String, columns: Int) {
    for fraction in [nil, 0, 0.333, 1] as [Double?] {
      Shown(line(stage, fraction, 123_456_789, columns: columns)).expectTame(columns: columns)
    }
  }
}

import Platform
import Testing

@testable import Sync

@Suite("Pages that lead in a circle")
struct CircleWatchTests {
  /// After how many pages it is noticed; nil: not within a million.
  private func notices(_ name: (Int) -> String) -> Int? {
    var watch = CircleWatch()
    return (0..<1_000_000).first { watch.closes(at: Cursor(name($0))) }
  }

  @Test(
    "are noticed, whatever the circle's size and however late it begins", arguments: [1, 2, 3, 16, 17, 1_000])
  func noticed(size: Int) throws {
    for start in [0, 5, 500] {
      let page = try #require(notices { $0 < start ? "before \($0)" : "\(($0 - start) % size)" })
      #expect(page <= 64 + 4 * start + 40 * size)
    }
  }

  @Test("are none where each page is another one, or one comes back a few times")
  func none() {
    #expect(notices { "\($0)" } == nil)
    #expect(notices { $0 < 50 ? "\($0 % 10)" : "\($0)" } == nil)
  }
}

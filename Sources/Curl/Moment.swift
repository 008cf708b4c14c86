import Foundation

/// A moment of a clock that never jumps and goes on while the machine sleeps, in nanoseconds.
///
/// It is what `ContinuousClock` shows, in a plain number: that clock's moments are of a type whose layout only
/// the library knows, which makes copying them dear.
struct Moment: Comparable, Sendable {
  var nanoseconds: Int

  static var now: Moment {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Moment(nanoseconds: time.tv_sec * 1_000_000_000 + time.tv_nsec)
  }

  static func + (moment: Moment, nanoseconds: Int) -> Moment {
    Moment(nanoseconds: moment.nanoseconds + nanoseconds)
  }

  static func - (later: Moment, earlier: Moment) -> Int {
    later.nanoseconds - earlier.nanoseconds
  }

  static func < (one: Moment, other: Moment) -> Bool {
    one.nanoseconds < other.nanoseconds
  }
}

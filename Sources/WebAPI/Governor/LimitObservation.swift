/// What one answer tells about a limit.
public enum LimitObservation: Hashable, Sendable {
  /// Of `count` requests `left` are left, until so many seconds from now. Nil where the answer does not say.
  case quota(limit: String, count: Int?, left: Int?, resetsIn: Double?)
  /// The request was refused because of this limit, nil if the answer does not say which, and may come again
  /// after so many seconds.
  case refused(limit: String?, wait: Double?)
  /// A method has used so many seconds of its budget; the oldest part of them leaves at that Unix time.
  case operating(limit: String, method: String, used: Double, leavesAt: Double?)
}

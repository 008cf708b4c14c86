import Platform

/// Notices a platform whose pages lead in a circle, whatever its size, so that nobody asks it all night long.
///
/// It remembers one mark at a time, and takes a later one after twice as many pages (Brent). A mark may come back
/// now and then where a listing has to begin anew; one that comes back again and again is on a circle.
struct CircleWatch {
  private static let mostReturns = 8
  private var mark: Cursor?
  private var pages = 0
  private var pagesOfMark = 16
  private var returns = 0

  /// Takes the mark of a page after which there is another one; true if it went round in circles.
  mutating func closes(at cursor: Cursor) -> Bool {
    if cursor == mark {
      returns += 1
      return returns >= Self.mostReturns
    }
    pages += 1
    guard mark == nil || pages >= pagesOfMark else { return false }
    if mark != nil { pagesOfMark *= 2 }
    (mark, pages, returns) = (cursor, 0, 0)
    return false
  }
}

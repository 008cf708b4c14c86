import GRDB
import Platform

extension LeadStore {
  /// Visits every score that known contacts hold, whoever wrote it, with the store's number of its connection.
  ///
  /// Reads what is held from end to end, so it costs with the number of contacts: for reports that somebody asked
  /// for, not for every run.
  public func forEachHeldScore(_ visit: (_ connection: Int64, _ score: Int) -> Void) throws(StoreFailure) {
    try read { db in
      // What is held may be known before its contact is.
      let rows = try HotStatement(
        db,
        """
        SELECT connection, score FROM held
        WHERE score IS NOT NULL AND EXISTS (SELECT 1 FROM contacts WHERE contacts.id = held.id)
        """)
      while try rows.step() { visit(rows.int64(0), Int(rows.int64(1))) }
    }
  }

  /// The lowest and the highest score that the model gives; nil if nobody has been scored.
  public func scoreRange() throws(StoreFailure) -> ClosedRange<Int>? {
    try read { db in
      // In one walk; SQLite would sort for neither, but min and max together read all rows as well.
      var range: ClosedRange<Int>?
      let rows = try HotStatement(db, "SELECT score FROM scores")
      while try rows.step() {
        let score = Int(rows.int64(0))
        range = range.map { min($0.lowerBound, score)...max($0.upperBound, score) } ?? score...score
      }
      return range
    }
  }
}

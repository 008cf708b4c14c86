/// One row by column.
///
/// The bytes point into the buffers of its reader and are good until the next row.
struct RowValues {
  /// The columns of `FileKind.slots`, without blanks around; nothing for an absent or empty one.
  var slots: ContiguousArray<Bytes>
  /// All other columns under the names of the fields that they become.
  var fields: ContiguousArray<(name: String, value: Bytes)> = []
  /// The whole row without its line end.
  var raw: Bytes = .none
}

/// Makes records of rows.
protocol RowTaker {
  /// Takes one row, or says why it cannot be used.
  mutating func take(_ row: RowValues) -> String?
}

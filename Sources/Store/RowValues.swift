import GRDB

/// Values of rows as the layout has them. Where another type stands the file is damaged, and that is thrown; a row's
/// subscript would end the program.
extension Row {
  func value<Value: DatabaseValueConvertible>(_ index: Int) throws -> Value {
    try decode(Value.self, atIndex: index)
  }

  func value<Value: DatabaseValueConvertible>(_ name: String) throws -> Value {
    try decode(Value.self, forColumn: name)
  }
}

import Foundation

/// What libFuzzer calls with each input. It traps if the reader does not keep its word.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let lenient = read(bytes, strictly: false)
  let strict = read(bytes, strictly: true)
  let text = String(validating: bytes, as: UTF8.self)
  let isGrammar = text.map { PlainGrammar.accepts($0, depth: JSONValue.depthLimit) } ?? false
  guard isGrammar == (strict != nil) else { fatalError("strict does not keep to the grammar") }
  let repaired = String(decoding: bytes.starts(with: mark) ? bytes[3...] : bytes[...], as: UTF8.self)
  guard PlainGrammar.accepts(repaired, depth: JSONValue.depthLimit) == (lenient != nil) else {
    fatalError("lenient does not keep to the grammar of the repaired text")
  }

  if let lenient {
    let written = output(of: lenient).bytes
    guard let again = read(written, strictly: true) else { fatalError("what was written is not read") }
    guard isSame(lenient, again, isRewritten: true) else { fatalError("what was written is read otherwise") }
    guard walk(lenient) > 0 else { fatalError("a value without a value") }
  }
  if let strict {
    guard let lenient else { fatalError("strict reads more than lenient") }
    guard isSame(strict, lenient, isRewritten: false) else { fatalError("strict reads otherwise") }
  }
  if bytes.reduce(0, { $0 &+ $1 }) & 63 == 0 { compareWithFoundation(bytes, strict) }
  return 0
}

private let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

private func read(_ bytes: [UInt8], strictly: Bool) -> JSONValue? {
  do throws(JSONFailure) {
    return try JSONValue.parse(bytes, strictly: strictly)
  } catch {
    guard (0...bytes.count).contains(error.offset), !error.what.isEmpty else { fatalError("\(error)") }
    return nil
  }
}

/// Asks everything there is to ask of a value and of all that it holds; gives how many values there are.
private func walk(_ value: JSONValue) -> Int {
  let (elements, members) = (value.elements, value.members)
  guard value.isPresent, elements.count == value.count, members.count == value.count else {
    fatalError("a value is miscounted")
  }
  let kinds = [value.isNull, value.isText, value.isNumber, value.isObject, value.isArray, value.isBool]
  guard kinds.count(where: { $0 }) == 1 else { fatalError("a value of no kind or of several") }
  if let integer = value.integer, let number = value.number, Double(integer) != number {
    fatalError("\(integer) is not \(number)")
  }
  _ = value.boolean
  var last: [[UInt8]: Int] = [:]
  for (index, member) in members.enumerated() { last[Array(member.key.utf8)] = index }
  var count = 1
  for (index, member) in members.enumerated() {
    let key = Array(member.key.utf8)
    let found = value[member.key]
    guard isSame(found, elements[last[key] ?? index], isRewritten: false) else {
      fatalError("a name leads elsewhere")
    }
    if value.isArray, !isSame(value[index], member.value, isRewritten: false) {
      fatalError("an index leads elsewhere")
    }
    count += walk(member.value)
  }
  return count
}

extension JSONValue {
  fileprivate var isBool: Bool { description == "true or false" }
}

/// Two values are the same, member by member. If one was written anew, its numbers may have other digits.
private func isSame(_ one: JSONValue, _ other: JSONValue, isRewritten: Bool) -> Bool {
  guard one.description == other.description || (isRewritten && one.isNumber && other.isText) else {
    return false
  }
  if one.isNumber, isRewritten {
    return one.integer.map { $0 == other.integer } ?? one.number.map { $0 == other.number }
      ?? (one.text == other.text)
  }
  guard one.text.map({ Array($0.utf8) }) == other.text.map({ Array($0.utf8) }) else { return false }
  return zip(one.members, other.members).allSatisfy {
    Array($0.key.utf8) == Array($1.key.utf8) && isSame($0.value, $1.value, isRewritten: isRewritten)
  }
}

private func output(of value: JSONValue) -> JSONOutput {
  if value.isObject { return .object(value.members.map { ($0.key, output(of: $0.value)) }) }
  if value.isArray { return .list(value.elements.map(output)) }
  if value.isNumber {
    return value.integer.map { .integer($0) } ?? value.number.map { .number($0) } ?? .text(value.text ?? "")
  }
  if value.isBool { return .bool(value.boolean == true) }
  return value.text.map { .text($0) } ?? .null
}

/// What is JSON to us is JSON to Foundation, which refuses only lone surrogates and numbers beyond a Double.
/// It reads more: commas before the end of a list, and UTF-16.
private func compareWithFoundation(_ bytes: [UInt8], _ strict: JSONValue?) {
  guard let strict, !bytes.contains(UInt8(ascii: "\\")), isFinite(strict) else { return }
  do {
    _ = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
  } catch {
    fatalError("Foundation refuses this: \(error)")
  }
}

private func isFinite(_ value: JSONValue) -> Bool {
  value.isNumber ? value.number != nil : value.elements.allSatisfy(isFinite)
}

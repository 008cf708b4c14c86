import Foundation

@testable import WebAPI

/// The JSON reader, held against a plain grammar, its own writer and Foundation.
enum JSONFuzz {
  static func run(_ bytes: [UInt8]) throws(BrokenPromise) {
    let lenient = try read(bytes, strictly: false)
    let strict = try read(bytes, strictly: true)
    let text = String(validating: bytes, as: UTF8.self)
    let isGrammar = text.map { PlainGrammar.accepts($0, depth: JSONValue.depthLimit) } ?? false
    try demand(isGrammar == (strict != nil), "strict does not keep to the grammar")
    let repaired = String(decoding: bytes.starts(with: mark) ? bytes[3...] : bytes[...], as: UTF8.self)
    try demand(
      PlainGrammar.accepts(repaired, depth: JSONValue.depthLimit) == (lenient != nil),
      "lenient does not keep to the grammar of the repaired text")
    if let lenient {
      guard let again = try read(output(of: lenient).bytes, strictly: true) else {
        throw BrokenPromise("what was written is not read")
      }
      try demand(isSame(lenient, again, isRewritten: true), "what was written is read otherwise")
      try demand(try walk(lenient) > 0, "a value without a value")
    }
    if let strict {
      guard let lenient else { throw BrokenPromise("strict reads more than lenient") }
      try demand(isSame(strict, lenient, isRewritten: false), "strict reads otherwise")
    }
    if bytes.reduce(0, { $0 &+ $1 }) & 63 == 0 { try compareWithFoundation(bytes, strict) }
  }
}

private let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

private func read(_ bytes: [UInt8], strictly: Bool) throws(BrokenPromise) -> JSONValue? {
  do throws(JSONFailure) {
    return try JSONValue.parse(bytes, strictly: strictly)
  } catch {
    try demand((0...bytes.count).contains(error.offset) && !error.what.isEmpty, "\(error)")
    return nil
  }
}

/// Asks everything there is to ask of a value and of all that it holds; gives how many values there are.
private func walk(_ value: JSONValue) throws(BrokenPromise) -> Int {
  let (elements, members) = (value.elements, value.members)
  guard value.isPresent, elements.count == value.count, members.count == value.count else {
    throw BrokenPromise("a value is miscounted")
  }
  let kinds = [value.isNull, value.isText, value.isNumber, value.isObject, value.isArray, value.isBool]
  guard kinds.count(where: { $0 }) == 1 else { throw BrokenPromise("a value of no kind or of several") }
  if let integer = value.integer, let number = value.number, Double(integer) != number {
    throw BrokenPromise("\(integer) is not \(number)")
  }
  _ = value.boolean
  var last: [[UInt8]: Int] = [:]
  for (index, member) in members.enumerated() { last[Array(member.key.utf8)] = index }
  var count = 1
  for (index, member) in members.enumerated() {
    let key = Array(member.key.utf8)
    let found = value[member.key]
    guard isSame(found, elements[last[key] ?? index], isRewritten: false) else {
      throw BrokenPromise("a name leads elsewhere")
    }
    if value.isArray, !isSame(value[index], member.value, isRewritten: false) {
      throw BrokenPromise("an index leads elsewhere")
    }
    count += try walk(member.value)
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
private func compareWithFoundation(_ bytes: [UInt8], _ strict: JSONValue?) throws(BrokenPromise) {
  guard let strict, !bytes.contains(UInt8(ascii: "\\")), isFinite(strict) else { return }
  do {
    _ = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
  } catch {
    throw BrokenPromise("Foundation refuses this: \(error)")
  }
}

private func isFinite(_ value: JSONValue) -> Bool {
  value.isNumber ? value.number != nil : value.elements.allSatisfy(isFinite)
}

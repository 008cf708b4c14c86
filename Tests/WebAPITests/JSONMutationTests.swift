import Testing
import WebAPI

@Suite("JSON by chance")
struct JSONMutationTests {
  private static let page = #"""
    {"total":"2","contacts":{"30":{"id":30,"points":-1.5e+3,"tags":["hot","cold"],"fields":{"all":
    {"email":"a\u00e9\ud83d\ude00@example.test","score":null,"vip":true,"note":"a \"b\" \\ c\/d\n"}}},
    "7":{"id":7,"points":0,"tags":[],"fields":[],"x":[[[{}]]],"off":false}}}
    """#

  /// Asks everything there is to ask of a value and of all it holds.
  private func walk(_ value: JSONValue, count: inout Int) {
    count += 1
    _ = (value.text, value.integer, value.number, value.boolean, value.description)
    #expect(value.elements.count == value.count)
    for (index, (key, member)) in value.members.enumerated() {
      _ = value[key].isPresent
      _ = value[index].isPresent
      walk(member, count: &count)
    }
  }

  @Test("Twenty thousand damaged pages are read or refused, and what is read can be walked through")
  func survivesMutations() {
    let original = Array(Self.page.utf8)
    let tokens: [[UInt8]] = [
      "{", "}", "[", "]", "\"", "\\", "\\u", "\\ud83d", ",", ":", "1", "-", ".", "e", "null",
    ]
    .map { Array($0.utf8) }
    var chance = SeededChance(20_261_127)
    var (read, refused, seen) = (0, 0, 0)
    for _ in 0..<20_000 {
      var page = original
      for _ in 0...Int.random(in: 0..<4, using: &chance) where !page.isEmpty {
        let place = Int.random(in: 0..<page.count, using: &chance)
        switch Int.random(in: 0..<6, using: &chance) {
        case 0: page[place] = UInt8.random(in: .min ... .max, using: &chance)
        case 1: page.remove(at: place)
        case 2: page.insert(contentsOf: tokens.randomElement(using: &chance) ?? [], at: place)
        case 3: page.removeSubrange(place..<min(page.count, place + 9))
        case 4: page.removeSubrange(place...)
        default: page[place] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
        }
      }
      do throws(JSONFailure) {
        walk(try JSONValue.parse(page), count: &seen)
        read += 1
      } catch {
        #expect((0...page.count).contains(error.offset))
        refused += 1
      }
    }
    #expect(read > 1000)
    #expect(refused > 1000)
    #expect(seen > read)
  }

  @Test("What is written is read again as it was, for a thousand values made by chance")
  func readsWhatIsWritten() throws {
    var chance = SeededChance(4711)
    for _ in 0..<1000 {
      let output = Self.value(depth: 4, &chance)
      let value = try JSONValue.parse(output.bytes)
      expectSame(value, output)
    }
  }

  private static func value(depth: Int, _ chance: inout SeededChance) -> JSONOutput {
    switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &chance) {
    case 0: .null
    case 1: .bool(Bool.random(using: &chance))
    case 2: .integer(Int.random(in: -(1 << 61)...(1 << 61), using: &chance))
    case 3:
      .number(Double.random(in: -1e6...1e6, using: &chance) * Double.random(in: 0...1e30, using: &chance))
    case 4: .text(text(&chance))
    case 5: .list((0..<Int.random(in: 0..<5, using: &chance)).map { _ in value(depth: depth - 1, &chance) })
    default:
      .object(
        (0..<Int.random(in: 0..<5, using: &chance)).map { number in
          ("\(number)" + text(&chance), value(depth: depth - 1, &chance))
        })
    }
  }

  private static func text(_ chance: inout SeededChance) -> String {
    let scalars: [Unicode.Scalar] = [
      "a", "\"", "\\", "/", "\n", "\0", "\u{1F}", "\u{7F}", "é", "€", "😀", " ", "{",
    ]
    return String(
      String.UnicodeScalarView(
        (0..<Int.random(in: 0..<8, using: &chance)).map { _ in scalars.randomElement(using: &chance) ?? "a" })
    )
  }

  private func expectSame(_ value: JSONValue, _ output: JSONOutput) {
    switch output {
    case .null: #expect(value.isNull && value.isPresent)
    case .bool(let expected): #expect(value.boolean == expected)
    case .integer(let expected): #expect(value.integer == expected)
    case .number(let expected): #expect(value.number == expected)
    case .text(let expected):
      #expect(value.text.map { Array($0.unicodeScalars) } == Array(expected.unicodeScalars))
    case .list(let expected):
      #expect(value.count == expected.count)
      for (one, other) in zip(value.elements, expected) { expectSame(one, other) }
    case .object(let expected):
      #expect(value.members.map { Array($0.key.utf8) } == expected.map { Array($0.0.utf8) })
      for (one, other) in zip(value.elements, expected) { expectSame(one, other.1) }
    }
  }
}

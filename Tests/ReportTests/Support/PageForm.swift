import Foundation
import Testing

/// A page taken apart without forgiveness: browsers repair what is wrong, and then mean something else.
struct PageForm {
  struct Element {
    let name: String
    let attributes: [String: String]
    /// Names of the elements around it, the outermost first.
    let around: [String]
    /// What stands directly in it, entities and all.
    var text = ""
    /// What stands in it and in all elements within.
    var all = ""
  }

  struct Broken: Error, CustomStringConvertible {
    let description: String
  }

  private(set) var elements: [Element] = []
  private static let empty: Set = ["meta", "br", "input"]
  private static let raw: Set = ["script", "style"]

  init(_ html: String) throws {
    var rest = Substring(html)
    guard rest.hasPrefix("<!DOCTYPE html>") else { throw Broken(description: "no doctype") }
    rest = rest.dropFirst("<!DOCTYPE html>".count)
    var open: [Int] = []
    while let start = rest.firstIndex(of: "<") {
      add(rest[..<start], to: open)
      rest = rest[start...]
      guard let end = rest.firstIndex(of: ">") else {
        throw Broken(description: "no end: \(rest.prefix(80))")
      }
      let tag = rest[rest.index(after: start)..<end]
      // What stands in two elements are two words.
      for index in open { elements[index].all += " " }
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("/") {
        guard let last = open.popLast(), elements[last].name == tag.dropFirst() else {
          throw Broken(description: "</\(tag.dropFirst())> closes \(open.map { elements[$0].name })")
        }
        continue
      }
      let (name, attributes, isClosed) = try Self.parts(String(tag))
      elements.append(
        Element(name: name, attributes: attributes, around: open.map { elements[$0].name }))
      if isClosed || Self.empty.contains(name) { continue }
      if Self.raw.contains(name) {
        guard let close = rest.range(of: "</\(name)>") else {
          throw Broken(description: "\(name) has no end")
        }
        elements[elements.count - 1].text = String(rest[..<close.lowerBound])
        rest = rest[close.upperBound...]
        continue
      }
      open.append(elements.count - 1)
    }
    add(rest, to: open)
    if !open.isEmpty { throw Broken(description: "left open: \(open.map { elements[$0].name })") }
  }

  private mutating func add(_ text: Substring, to open: [Int]) {
    guard let last = open.last else { return }
    elements[last].text += text
    for index in open { elements[index].all += text }
  }

  private static func parts(_ tag: String) throws -> (String, [String: String], Bool) {
    let isClosed = tag.hasSuffix("/")
    var rest = Substring(isClosed ? String(tag.dropLast()) : tag)
    let name = rest.prefix { $0.isLetter || $0.isNumber }
    guard !name.isEmpty else { throw Broken(description: "<\(tag)> is no tag") }
    rest = rest.dropFirst(name.count)
    var attributes: [String: String] = [:]
    while true {
      rest = rest.drop { $0.isWhitespace }
      if rest.isEmpty { return (String(name), attributes, isClosed) }
      guard let match = try #/^([a-zA-Z][a-zA-Z0-9-]*)(?:="([^"<]*)")?/#.firstMatch(in: rest) else {
        throw Broken(description: "<\(tag)> has a broken attribute")
      }
      guard attributes.updateValue(String(match.output.2 ?? ""), forKey: String(match.output.1)) == nil else {
        throw Broken(description: "<\(tag)> has an attribute twice")
      }
      rest = rest[match.range.upperBound...]
    }
  }

  func all(_ names: String...) -> [Element] { elements.filter { names.contains($0.name) } }

  func with(id: String) throws -> Element {
    try #require(elements.first { $0.attributes["id"] == id }, "no element \(id)")
  }

  /// The JSON of a data block.
  func data(_ id: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(with(id: id).text.utf8))
  }

  /// All texts of a page as one reads them.
  var words: String {
    (elements.first { $0.name == "body" }?.all ?? "").replacing("&lt;", with: "<").replacing(
      "&gt;", with: ">"
    )
    .replacing("&quot;", with: "\"").replacing("&#39;", with: "'").replacing("&amp;", with: "&")
    .split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

import Foundation
import ShippedFiles

/// Titles and labels of the starter models in another language. The rules stay the same: only words are exchanged.
struct StarterWords {
  private let words: [String: String]
  private let head: String

  /// Vietnamese.
  static let vietnamese = StarterWords(ShippedFiles.vietnameseWords)

  /// Lines `English = other`; the lines before the first of them are the head of the model's file.
  init(_ table: String) {
    var words: [String: String] = [:]
    var head: [Substring] = []
    for line in table.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("#") {
        head.append(line)
      } else if let equals = line.range(of: " = ") {
        words[String(line[..<equals.lowerBound])] = String(line[equals.upperBound...])
      }
    }
    self.words = words
    self.head = head.joined(separator: "\n")
  }

  /// What stands for a title or a label; nil if nothing does.
  func word(for text: some StringProtocol) -> String? { words[String(text)] }

  /// A model's text with its titles exchanged and its comments left out.
  func translated(_ model: String) -> String {
    var lines = model.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let schema = lines.first?.hasPrefix("# yaml-language-server") == true ? lines.removeFirst() : ""
    let body = lines.drop { $0.hasPrefix("#") || $0.isEmpty }.filter {
      !$0.trimmingCharacters(in: .whitespaces).hasPrefix("#")
    }
    let translated: [String] = body.map { line in
      if let match = line.wholeMatch(of: #/(name: |\s+label: )(.*)/#), let word = words[String(match.2)] {
        return String(match.1) + (word.contains(": ") || word.contains(" #") ? InitPlan.quoted(word) : word)
      }
      return line.replacing(#/\s+#[^"']*$/#, with: "")
    }
    return ([schema, head, ""] + translated).joined(separator: "\n")
  }
}

import Platform
import Scoring

/// A notice in words: what a salesperson reads in a chat.
struct HandoffText {
  /// `An Tran is hot: 72 points`.
  let title: String
  /// What else is known, a label and a text each.
  let lines: [(label: String, text: String)]
  /// Where the person is found: what to call it, and the address if there is one.
  let links: [(name: String, url: String?)]

  init(_ notice: HandoffNotice) {
    let person = notice.person
    func plain(_ text: String) -> String { Self.plain(text, most: 200) }
    title = "\(plain(person.name)) is \(plain(notice.band)): \(notice.score) points"
    var lines: [(String, String)] = []
    let who = [person.jobTitle, person.company].compactMap { $0 }.map(plain).joined(separator: ", ")
    if !who.isEmpty { lines.append(("Who", who)) }
    let reach = [person.email, person.phone].compactMap { $0 }.map(plain).joined(separator: ", ")
    if !reach.isEmpty { lines.append(("Reach", reach)) }
    if !notice.reasons.isEmpty {
      lines.append(("Why", notice.reasons.map { plain($0.text) }.joined(separator: " · ")))
    }
    for (place, action) in notice.actions.prefix(HandoffNotice.mostActions).enumerated() {
      let what = action.target ?? action.campaign
      lines.append(
        (
          place == 0 ? "Last" : "Before",
          "\(Self.moment(action.at)) \(plain(action.kind.replacing("_", with: " ")))"
            + (what.map { " " + plain($0) } ?? "")
        ))
    }
    self.lines = lines
    links = notice.contacts.prefix(5).map {
      ("\(plain($0.connection)) (\(plain($0.platform)))", $0.url.map(Self.link))
    }
  }

  /// `2026-11-27T09:12:30Z` as `2026-11-27 09:12 UTC`.
  private static func moment(_ text: String) -> String {
    text.prefix(16).replacing("T", with: " ") + " UTC"
  }

  /// One line without anything that steers a terminal or turns the reading direction, of limited length.
  static func plain(_ text: String, most: Int) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x00...0x20, 0x7F...0xA0, 0x2028, 0x2029: result.append(" ")
      case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: continue
      default: result.append(scalar)
      }
    }
    let line = String(result).split(separator: " ").joined(separator: " ")
    // Cut by code points: a single character may have thousands of marks.
    let points = line.unicodeScalars
    return points.count > most ? String(points.prefix(most - 1)) + "…" : line
  }

  /// An address without what would end it early in any of the chats.
  private static func link(_ url: String) -> String {
    var result = ""
    for scalar in url.unicodeScalars {
      if scalar.value <= 0x20 || scalar.value >= 0x7F || "<>|\"'`\\^{}()".unicodeScalars.contains(scalar) {
        for byte in String(scalar).utf8 {
          let hex = String(byte, radix: 16, uppercase: true)
          result += "%" + (hex.count == 1 ? "0" : "") + hex
        }
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  // MARK: The chats' own languages

  /// Plain text of at most so many characters.
  func plain(most: Int) -> String {
    let all = [title] + lines.map { "\($0.label): \($0.text)" } + links.map { "\($0.name): \($0.url ?? "-")" }
    return Self.joined(all, most: most)
  }

  /// Slack's mrkdwn: `&`, `<` and `>` are escaped, so that nobody is mentioned by somebody's name.
  func slack() -> String {
    let all =
      ["*\(Self.escaped(title))*"] + lines.map { "*\($0.label):* \(Self.escaped($0.text))" }
      + links.map { link in
        link.url.map { "<\(Self.escaped($0))|\(Self.escaped(link.name))>" } ?? Self.escaped(link.name)
      }
    return Self.joined(all, most: 3_000)
  }

  /// Telegram's HTML.
  func telegram() -> String {
    let all =
      ["<b>\(Self.escaped(title))</b>"] + lines.map { "<b>\($0.label):</b> \(Self.escaped($0.text))" }
      + links.map { link in
        link.url.map { "<a href=\"\(Self.escaped($0))\">\(Self.escaped(link.name))</a>" }
          ?? Self.escaped(link.name)
      }
    return Self.joined(all, most: 4_096)
  }

  private static func escaped(_ text: String) -> String {
    text.escaping(["&": "&amp;", "<": "&lt;", ">": "&gt;"])
  }

  /// Whole lines as far as they fit: a line that is cut could lose the end of a mark.
  private static func joined(_ lines: [String], most: Int) -> String {
    var result = ""
    for line in lines where result.utf16.count + line.utf16.count + 1 <= most {
      result += (result.isEmpty ? "" : "\n") + line
    }
    return result
  }
}

import Testing

@testable import Sync

@Suite("A notice in words")
struct HandoffTextTests {
  private func notice(url: String?) -> HandoffNotice {
    HandoffNotice(
      id: "1", at: "2026-11-27T09:12:30Z", band: "hot", score: 72, asOf: "2026-11-27T09:12:30Z", model: "M",
      person: HandoffNotice.Person(
        name: "An", email: "an@example.com", phone: "+84", company: "Acme", jobTitle: "CEO"),
      contacts: [HandoffNotice.Contact(connection: "web", platform: "mautic", id: "1", url: url)],
      reasons: [],
      actions: [
        HandoffNotice.Action(at: "2026-11-27T09:12:30Z", kind: "page_visit", target: "/x", connection: "web")
      ])
  }

  @Test("has a link that no character of an address ends early or turns into another mark")
  func links() {
    let text = HandoffText(notice(url: "https://m.example.com/s/1?a=<b>|c\"d'&ü \n"))
    let url = "https://m.example.com/s/1?a=%3Cb%3E%7Cc%22d%27&%C3%BC%20%0A"
    #expect(text.links.map(\.url) == [url])
    let escaped = url.replacing("&", with: "&amp;")
    #expect(text.slack().hasSuffix("\n<\(escaped)|web (mautic)>"))
    #expect(text.telegram().hasSuffix("\n<a href=\"\(escaped)\">web (mautic)</a>"))
    #expect(text.plain(most: 2_000).hasSuffix("\nweb (mautic): \(url)"))
  }

  @Test("names the contact where no address opens it")
  func noLink() {
    let text = HandoffText(notice(url: nil))
    #expect(
      text.plain(most: 2_000) == """
        An is hot: 72 points
        Who: CEO, Acme
        Reach: an@example.com, +84
        Last: 2026-11-27 09:12 UTC page visit /x
        web (mautic): -
        """)
    #expect(text.slack().hasSuffix("\nweb (mautic)") && text.telegram().hasSuffix("\nweb (mautic)"))
  }

  @Test(
    "a chat's pause is read from its answer, where there is one",
    arguments: [
      (#"{"ok":false,"parameters":{"retry_after":7}}"#, 7.0 as Double?), (#"{"ok":true}"#, nil),
      ("no JSON", nil),
    ])
  func pause(answer: String, seconds: Double?) {
    #expect(HandoffMessage.retryAfter(inBody: answer) == seconds)
  }
}

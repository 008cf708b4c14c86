import Foundation
import Scoring
import Testing

@Suite struct `E-mail addresses` {
  @Test(arguments: [
    ("a@example.com", "a@example.com"), ("  A.B@Example.COM \n", "a.b@example.com"),
    ("a.b+tag@gmail.com", "a.b+tag@gmail.com"), ("ab@gmail.com", "ab@gmail.com"), ("A@B", "a@b"),
    ("\"x@y\"@z.example", "\"x@y\"@z.example"), ("a@b@c.example", "a@b@c.example"),
    ("o'neil@e.ie", "o'neil@e.ie"),
    ("a@XN--BCHER-KVA.example", "a@xn--bcher-kva.example"), ("a@BÜCHER.example", "a@xn--bcher-kva.example"),
    ("a@bu\u{308}cher.example", "a@xn--bcher-kva.example"), ("JÖRG@e.de", "jörg@e.de"),
    ("jo\u{308}rg@e.de", "jörg@e.de"),
    ("\u{A0}a@ü.ü\u{3000}", "a@xn--tda.xn--tda"), ("a@日本語。jp", "a@xn--wgv71a119e.jp"),
    ("a@bücher．example", "a@xn--bcher-kva.example"), ("a..b@e.com", "a..b@e.com"),
    ("nguyễn@e.vn", "nguyễn@e.vn"),
    ("NGUYE\u{302}\u{303}N@E.VN", "nguyễn@e.vn"), ("a@127.0.0.1", "a@127.0.0.1"), ("a-ü@b-c.d", "a-ü@b-c.d"),
  ])
  func `are trimmed, composed, lowered, with the domain in ASCII, and nothing else`(
    text: String, normalized: String
  ) throws {
    let address = try #require(EmailAddress(text))
    #expect(Array(address.normalized.unicodeScalars) == Array(normalized.unicodeScalars))
    #expect(EmailAddress(address.normalized) == address)
  }

  @Test(arguments: [
    "", " ", "a", "@", "a@", "@b", " @b", "a b@c.example", "a@b c", "a@.com", "a@com.", "a@b..c",
    "a@b.c, d@e.f",
    "a@b.c;d@e.f", "<a@b.c>", "Ann <a@b.c>", "a@b.c\u{7F}x", "a\u{0}@b.c", "ü", "ü@", "@ü", "ü b@c.example",
    "ü@.com", "ü@b..c", "ü@b.c;d@e.f", "Jörg <a@b.c>", "a@ü。。c", String(repeating: "a", count: 500) + "@b.c",
    String(repeating: "ü", count: 500) + "@b.c", "a@" + String(repeating: "ü.", count: 120) + "com",
  ])
  func `are nothing without a name, a domain, and none of the characters that part addresses`(text: String) {
    #expect(EmailAddress(text) == nil)
  }

  /// Expected labels from RFC 3492, section 7.1, and from Python's `punycode` codec.
  @Test(arguments: [
    ("bücher.example", "xn--bcher-kva.example"), ("münchen.de", "xn--mnchen-3ya.de"),
    ("đồng.vn", "xn--ng-pma6851a.vn"),
    ("пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f"), ("日本語.jp", "xn--wgv71a119e.jp"),
    ("例え.テスト", "xn--r8jz45g.xn--zckzah"), ("ليهمابتكلموشعربي.eg", "xn--mgbcah9ar9a4efegftvvn.eg"),
    ("faß.de", "xn--fa-hia.de"), ("pročprostěnemluvíčesky.cz", "xn--proprostnemluvesky-uyb24dma41a.cz"),
    ("他们为什么不说中文.cn", "xn--ihqwcrb4cv8a8dqg056pqjye.cn"),
    ("なぜみんな日本語を話してくれないのか.jp", "xn--n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa.jp"),
    ("почемужеонинеговорятпорусски.ru", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l.ru"),
    ("tạisaohọkhôngthểchỉnóitiếngviệt.vn", "xn--tisaohkhngthchnitingvit-kjcr8268qyxafd2f1b9g.vn"),
    ("ひとつ屋根の下2.jp", "xn--2-u9tlzr9756bt3uc0v.jp"), ("mañana.com", "xn--maana-pta.com"),
    ("☃.net", "xn--n3h.net"), ("한국.kr", "xn--3e0b707e.kr"), ("a-ü.b", "xn--a--yka.b"),
    ("💩.la", "xn--ls8h.la"),
  ])
  func `have their domains written in punycode`(domain: String, ascii: String) {
    #expect(EmailAddress("x@" + domain)?.domain == ascii)
    #expect(EmailAddress("x@" + domain.decomposedStringWithCanonicalMapping)?.domain == ascii)
    #expect(EmailAddress("x@" + domain.uppercased())?.domain == ascii || domain.contains("ß"))
  }

  @Test func `are the same person's if they normalise alike, and ordered by that`() {
    #expect(EmailAddress("A@B.example") == EmailAddress(" a@b.EXAMPLE"))
    #expect(EmailAddress("a.b@gmail.com") != EmailAddress("ab@gmail.com"))
    #expect(EmailAddress("a+x@gmail.com") != EmailAddress("a@gmail.com"))
    let sorted = ["b@a.x", "A@b.x", "a@a.x"].compactMap(EmailAddress.init).sorted()
    #expect(sorted.map(\.normalized) == ["a@a.x", "a@b.x", "b@a.x"])
  }
}

@Suite struct `Domain lists` {
  private let lists = DomainLists(
    free: "# mail providers\ngmail.com\r\n  Yahoo.com  \n\nweb.de # a comment\n#gmx.de\nboth.example\n",
    disposable: "mailinator.com\nboth.example")

  @Test(arguments: [
    ("gmail.com", DomainClass.free), ("yahoo.com", .free), ("web.de", .free), ("gmx.de", .business),
    ("mailinator.com", .disposable), ("both.example", .disposable), ("mail.gmail.com", .business),
    ("xgmail.com", .business), ("corp.example", .business),
  ])
  func `hold whole domains, one a line, without comments`(domain: String, expected: DomainClass) throws {
    #expect(try lists.classify(#require(EmailAddress("a@" + domain))) == expected)
  }

  @Test func `without entries leave every domain to business`() throws {
    #expect(try DomainLists.empty.classify(#require(EmailAddress("a@gmail.com"))) == .business)
  }

  @Test func `that ship with the house are read and do not overlap`() throws {
    let folder = configFolder.appending(path: "domains")
    let shipped = try DomainLists(
      free: String(contentsOf: folder.appending(path: "free.txt"), encoding: .utf8),
      disposable: String(contentsOf: folder.appending(path: "disposable.txt"), encoding: .utf8))
    #expect(shipped.free.contains("gmail.com"))
    #expect(shipped.disposable.contains("mailinator.com"))
    #expect(shipped.free.isDisjoint(with: shipped.disposable))
    for domain in shipped.free.union(shipped.disposable) where EmailAddress("a@" + domain)?.domain != domain {
      Issue.record("\(domain) is not written as addresses are normalised")
    }
  }
}

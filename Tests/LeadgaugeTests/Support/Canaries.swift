/// A secret of a test that is known again wherever it turns up.
struct Canary: Hashable, Sendable {
  /// How a hit is told; it holds nothing of the secret.
  let name: String
  let text: String
  /// Parts of it may stand anywhere.
  let isWord: Bool

  init(_ name: String, _ text: String) {
    self.init(name, text, isWord: false)
  }

  private init(_ name: String, _ text: String, isWord: Bool) {
    self.name = name
    self.text = text
    self.isWord = isWord
  }

  /// One that is looked for as a whole.
  static func word(_ name: String, _ text: String) -> Canary {
    Canary(name, text, isWord: true)
  }
}

/// Every secret that a test hands to the program, or that a platform of a test hands out.
///
/// `Scripts/secret-scan.sh` reads this file: one canary in one line, its text between `#"` and `"#`. Those that are
/// no words hold signs that are spelt differently in URLs and in JSON, and are found by their first or last eight
/// characters, or by any fifteen in a row.
enum Canaries {
  static let mauticPassword = Canary("Mautic's password", #"Zx7q/"Vk4 ü%m+2W&t9\hR3j"#)
  static let wrongPassword = Canary("a wrong password", #"Bn5w/"Ys8 ö%f+6K&r3\vD9p"#)
  static let clientSecret = Canary("the client's secret", #"Gc9t/"Lp2 ä%x+8J&b5\qM7z"#)
  static let wrongClientSecret = Canary("a wrong client's secret", #"Dh3y/"Qw6 é%k+4N&s7\jT2v"#)
  static let proxyPassword = Canary("the proxy's password", #"Rk8m/"Xb5 ñ%z+3F&w2\cP6g"#)
  static let hubSpotToken = Canary("HubSpot's token", #"pat-eu1-Wk7r2Vt9Lc4Nb6Xs3"#)
  static let planted = Canary("the planted secret", #"Ty4d/"Hn9 ß%q+7V&l8\kS5x"#)

  /// The tokens of Mautic's stand-in are the Base64 of this and two numbers.
  static let token = Canary.word("what a token is made of", #"simulated-token-"#)
  static let spelledToken = Canary.word("a token", #"c2ltdWxhdGVkLXRva2VuL"#)

  // Secrets of other tests, which have to stand in the log of none.
  static let variable = Canary.word("the variable in the configuration", #"geheim-hunter2-and-more"#)
  static let file = Canary.word("the file in the configuration", #"tiefgeheim"#)
  static let mauticInMemory = Canary.word("the password of Mautic in memory", #"pass-w0rd"#)
  static let clientInMemory = Canary.word("the client's secret of Mautic in memory", #"client-s3cret"#)

  static let all = [
    hubSpotToken, mauticPassword, wrongPassword, clientSecret, wrongClientSecret, proxyPassword, planted,
    token, spelledToken, variable, file, mauticInMemory, clientInMemory,
  ]
}

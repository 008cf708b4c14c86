import Foundation
import Synchronization
import Testing

@Suite("No secret in anything that the program says or leaves behind", .serialized)
struct SecretScanTests {
  // MARK: The scan itself

  /// The planted secret as other code than the scan's spells it.
  private static let plants: [(kind: String, text: String)] = {
    let secret = Canaries.planted.text
    let bytes = Array(secret.utf8)
    let json = (try? JSONEncoder().encode([secret])) ?? Data()
    let twice = (try? JSONEncoder().encode([String(decoding: json, as: UTF8.self)])) ?? Data()
    var form = URLComponents()
    form.queryItems = [URLQueryItem(name: "a", value: secret)]
    return [
      ("plain", "password=\(secret)."), ("plain", "cut off: \(secret.prefix(9))"),
      ("plain", "its end: \(secret.suffix(8))"),
      ("percent-encoded", form.percentEncodedQuery ?? ""),
      (
        "percent-encoded",
        bytes.map { byte in
          UnicodeScalar(byte).properties.isAlphabetic && byte < 0x80
            ? String(UnicodeScalar(byte)) : "%" + String(byte, radix: 16)
        }.joined()
      ),
      ("percent-encoded", bytes.map { "%" + String(byte: $0) }.joined()),
      ("escaped", String(decoding: json, as: UTF8.self)), ("escaped", String(decoding: twice, as: UTF8.self)),
      ("Base64", Data(bytes).base64EncodedString()),
      ("Base64", Data("a:".utf8 + bytes).base64EncodedString()),
      ("Base64", Data("u".utf8 + bytes + ":".utf8).base64EncodedString()),
      ("hex", bytes.map { String(byte: $0) }.joined()),
      ("hex", bytes.map { String(byte: $0).uppercased() }.joined()),
    ]
  }()

  @Test(
    "a planted secret is found in each spelling, in what is said and in a file", arguments: plants.indices)
  func planted(index: Int) throws {
    let (kind, text) = Self.plants[index]
    let hit = { SecretScan.Hit(canary: Canaries.planted.name, kind: kind, place: $0) }
    let said = Data("leadgauge: \(text) was refused\n".utf8)
    #expect(SecretScan.ofAll.hits(in: said, of: "standard error").contains(hit("standard error")))
    let place = try Workplace()
    try place.write("state/x.db-wal", "\u{0}\u{1}" + text)
    let found = try SecretScan.ofAll.hits(inFolder: place.path, configuration: "leadgauge.yaml")
    #expect(found.contains(hit("state/x.db-wal")))
    #expect(!found.description.contains(Canaries.planted.text.prefix(5)))
  }

  @Test("every canary is found, none in another one, and nothing where nothing is")
  func everyCanary() {
    for canary in Canaries.all where canary != Canaries.spelledToken {
      let hits = SecretScan.ofAll.hits(in: Data("x\(canary.text)x".utf8), of: "here")
      #expect(Set(hits.map(\.canary)) == [canary.name])
      #expect(hits.contains { $0.kind == "plain" })
    }
    let token = Data("simulated-token-1-1795779660".utf8).base64EncodedString()
    let hits = SecretScan.ofAll.hits(in: Data("Bearer \(token)".utf8), of: "here")
    #expect(Set(hits.map(\.canary)) == [Canaries.token.name, Canaries.spelledToken.name])
    #expect(SecretScan.ofAll.hits(in: Data(Workplace.configuration.utf8), of: "here").isEmpty)
    #expect(SecretScan.ofAll.hits(in: Data(), of: "here").isEmpty)
  }

  @Test("the configuration and private files for secrets may hold them, and none that others can read")
  func exceptions() throws {
    let place = try Workplace()
    let names = ["my.yaml", "secrets.env", "crm.token.json", "crm.token.json.new"]
    for name in names { try place.write(name, Canaries.planted.text) }
    func places() throws -> Set<String> {
      Set(try SecretScan.ofAll.hits(inFolder: place.path, configuration: "my.yaml").map(\.place))
    }
    for name in names.dropFirst() { #expect(chmod(place.at(name), 0o644) == 0) }
    #expect(try places() == Set(names.dropFirst()))
    for name in names.dropFirst() { #expect(chmod(place.at(name), 0o600) == 0) }
    #expect(try places() == [])
  }

  @Test(
    "a secret in a file, in the name of one, or in what is said is an issue of the test that ran the program")
  func records() async throws {
    let place = try Workplace()
    try place.write("notes.txt", "it is " + Canaries.planted.text)
    try place.write("\(Canaries.planted.text.suffix(9)).txt", "")
    let told = try await issues {
      let outcome = try await place.run("--version")
      #expect(outcome.status == 0)
    }
    #expect(told.count == 2 && told.allSatisfy { $0.contains(Canaries.planted.name) }, "\(told)")
    #expect(told.contains { $0.hasSuffix("plain, in notes.txt") })
    #expect(told.contains { $0.hasSuffix("in the name of a file") })

    let said = try await issues {
      let outcome = try await Workplace().run(Canaries.planted.text)
      #expect(outcome.status == 64)
    }
    #expect(said.contains { $0.hasSuffix("in standard error") }, "\(said)")
    #expect(SecretScan.ofAll.hits(in: Data((told + said).joined().utf8), of: "").isEmpty)
  }

  /// What a body records, instead of recording it.
  private func issues(_ body: () async throws -> Void) async throws -> [String] {
    let told = Mutex<[String]>([])
    try await withKnownIssue {
      try await body()
    } matching: { issue in
      told.withLock { $0 += issue.comments.map(\.rawValue) }
      return true
    }
    return told.withLock { $0 }
  }

  @Test("the script finds in a log what the scan finds, and says nothing of the secret")
  func script() async throws {
    let place = try Workplace()
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Scripts/secret-scan.sh").standardized.path
    func scan(_ names: String...) async throws -> (status: Int32, out: String) {
      let process = Program.process([script] + names.map(place.at), in: place.path, environment: [:])
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      try place.write("out", "")
      let out = try #require(FileHandle(forWritingAtPath: place.at("out")))
      process.standardOutput = out
      process.standardError = FileHandle.nullDevice
      let status = try await Program.status(of: process)
      return (status, try place.text("out"))
    }
    try place.write("clean.log", "Test run with 900 tests passed.\nhex 0123456789abcdef\n")
    let clean = try await scan("clean.log")
    #expect(clean.status == 0 && clean.out == "No canary in 1 file.\n", "\(clean)")
    let all = Self.plants.map(\.text) + Canaries.all.map(\.text)
    let kinds =
      Self.plants.map { "\(Canaries.planted.name), \($0.kind)" } + Canaries.all.map { "\($0.name), plain" }
    try place.write("full.log", all.map { "said \($0) here\n" }.joined())
    let found = try await scan("clean.log", "full.log")
    #expect(found.status == 1)
    for (index, kind) in kinds.enumerated() {
      #expect(found.out.contains("full.log:\(index + 1): \(kind)\n"), "\(index)")
    }
    #expect(!found.out.contains("clean.log"))
    #expect(SecretScan.ofAll.hits(in: Data(found.out.utf8), of: "").isEmpty)
    #expect(try await scan("nowhere.log").status == 2)
    #expect(try await scan().status == 2)
  }
}

extension String {
  /// Two hexadecimal digits.
  fileprivate init(byte: UInt8) { self = (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}

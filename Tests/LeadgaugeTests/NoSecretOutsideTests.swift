import Foundation
import Testing

@Suite("Where a secret cannot even come by")
struct NoSecretOutsideTests {
  @Test("no option of any command takes a secret: every user of a machine sees the arguments of all programs")
  func arguments() async throws {
    let place = try Workplace()
    let help = try await place.run("--experimental-dump-help")
    #expect(help.status == 0, "\(help)")
    let names = help.out.matches(of: /"name" ?: ?"([a-z-]+)"/).map { String($0.output.1) }
    #expect(names.contains("config") && names.contains("secrets-file"))
    let suspicious = Set(names).filter { name in
      ["pass", "token", "secret", "key", "auth", "credential", "webhook"].contains { name.contains($0) }
    }
    #expect(suspicious == ["secrets-file"])
  }

  @Test("the program starts no other program, which would be given its environment")
  func children() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..")
      .standardized
    var files = 0
    for folder in ["Sources", "connectors"] {
      let all = FileManager.default.enumerator(
        at: root.appending(path: folder), includingPropertiesForKeys: nil)
      while let url = all?.nextObject() as? URL {
        guard url.pathExtension == "swift" || url.pathExtension == "h" else { continue }
        files += 1
        let text = try String(contentsOf: url, encoding: .utf8)
        let call = text.firstRange(
          of: /\bProcess\(|\bposix_spawn|\bexecv|\bexecl|\bfork\(|\bpopen\(|[^.\w]system\(/)
        #expect(call == nil, "\(url.lastPathComponent)")
      }
    }
    #expect(files > 300)
  }
}

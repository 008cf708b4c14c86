import Foundation
import Testing

@Suite("The page about security")
struct SecurityPageTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
    path: "../.."
  )
  .standardized

  @Test("every test that it names is there")
  func tests() throws {
    let page = try String(contentsOf: Self.root.appending(path: "docs/security.md"), encoding: .utf8)
    let named = page.matches(of: /`(\w+Tests)(?:\.(\w+))?`/)
    #expect(named.count > 60)
    var functions: [String: String] = [:]
    let all = FileManager.default.enumerator(
      at: Self.root.appending(path: "Tests"), includingPropertiesForKeys: nil)
    while let url = all?.nextObject() as? URL {
      let name = url.deletingPathExtension().lastPathComponent
      guard url.pathExtension == "swift", name.hasSuffix("Tests") else { continue }
      functions[name, default: ""] += try String(contentsOf: url, encoding: .utf8)
    }
    for test in named {
      let text = try #require(functions[String(test.output.1)], "\(test.output.0)")
      if let function = test.output.2 { #expect(text.contains("func \(function)("), "\(test.output.0)") }
    }
  }

  @Test("every package that is used is told with the version from which on it is used")
  func packages() throws {
    let page = try String(contentsOf: Self.root.appending(path: "docs/security.md"), encoding: .utf8)
    let manifest = try String(contentsOf: Self.root.appending(path: "Package.swift"), encoding: .utf8)
    let packages = manifest.matches(of: /package\(url: "https:\/\/([^"]+?)(?:\.git)?", from: "([0-9.]+)"/)
    #expect(!packages.isEmpty)
    for package in packages {
      let row = page.split(separator: "\n").first { $0.contains("https://\(package.output.1))") }
      #expect(row?.contains("| \(package.output.2) up to") == true, "\(package.output.0)")
    }
  }
}

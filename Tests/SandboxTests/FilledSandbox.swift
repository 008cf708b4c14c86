import Foundation
import Sandbox
import Scoring

/// A notebook filled with a world, and the files beside it in a folder of their own.
struct FilledSandbox {
  let sandbox: SimulatorSandbox
  let summary: SandboxSummary
  private(set) var notebook: NotebookSimulator
  private let place: Place

  /// Removed with the last that uses it.
  private final class Place: Sendable {
    let folder: String

    init(_ folder: String?) {
      self.folder = folder ?? NSTemporaryDirectory() + "sandbox-" + UUID().uuidString
    }

    deinit {
      try? FileManager.default.removeItem(atPath: folder)
    }
  }

  init(_ world: GeneratedWorld, folder: String? = nil) throws {
    var notebook = NotebookSimulator()
    place = Place(folder)
    sandbox = SimulatorSandbox(
      world: world,
      platforms: [
        SimulatedPlatform(
          name: "notebook", settings: ["auth: { user: demo, password: demo-password }"], simulator: notebook)
      ])
    let filled = sandbox.fill(&notebook, of: 0)
    summary = try sandbox.write(to: place.folder, urls: ["http://127.0.0.1:18080"], filled: [filled])
    self.notebook = notebook
  }

  var folder: String { place.folder }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }
  }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }

  func rows(_ name: String) throws -> [[String: String]] {
    try WrittenSandbox.rows(of: text(name))
  }

  mutating func append(batch: Int, at now: Timestamp) throws -> SandboxSummary {
    try sandbox.appendActivity(to: folder, simulator: &notebook, batch: batch, at: now)
  }
}

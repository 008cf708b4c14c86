import Foundation
import Testing

@testable import WebAPI

@Suite("The file of a trace")
struct HARTraceTests {
  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "har-tests-\(UUID().uuidString)", directoryHint: .isDirectory)

  private func withFolder(_ work: (String) throws -> Void) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try work(folder.path())
  }

  private func read(_ path: String) throws -> JSONValue {
    try JSONValue.parse(Array(Data(contentsOf: URL(filePath: path))))
  }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  /// Why a trace cannot be made there; nil if it can.
  private func refusal(_ path: String) -> HARTraceFailure? {
    do throws(HARTraceFailure) {
      _ = try HARTrace(path: path, version: "1.0")
      return nil
    } catch {
      return error
    }
  }

  @Test("A file without entries is a whole HAR, made by us, for this user only")
  func beginsWhole() throws {
    try withFolder { folder in
      let path = folder + "trace.har"
      let trace = try HARTrace(path: path, version: "1.2\"3")
      let log = try read(path)["log"]
      #expect(log["version"].text == "1.2")
      #expect(log["creator"]["name"].text == "Leadgauge")
      #expect(log["creator"]["version"].text == "1.2\"3")
      #expect(log["entries"].isArray)
      #expect(log["entries"].count == 0)
      #expect(try mode(path) == 0o600)
      #expect(trace.failure == nil)
    }
  }

  @Test("The file is a whole HAR after every entry, each written by one call")
  func staysWhole() throws {
    let file = MemoryFile()
    let trace = try HARTrace(path: "memory", version: "1.0", write: file.write)
    for count in 1...5 {
      trace.saw(
        .answered(url: "https://a.test/\(count)", answer: WebResponse(status: 200, body: [0x22, 0x5D])))
      let entries = try file.har()["log"]["entries"]
      #expect(entries.count == count)
      #expect(entries[count - 1]["request"]["url"].text == "https://a.test/\(count)")
      #expect(file.writes == 1 + count)
    }
  }

  @Test("A regular file of that name is replaced, and keeps nothing of what it was")
  func replacesFiles() throws {
    try withFolder { folder in
      let path = folder + "trace.har"
      let old = Data(repeating: 0x41, count: 10_000)
      try old.write(to: URL(filePath: path))
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
      try HARTrace(path: path, version: "1.0").saw(.answered())
      #expect(try read(path)["log"]["entries"].count == 1)
      #expect(try mode(path) == 0o600)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["trace.har"])
    }
  }

  @Test("What is no regular file, and what cannot be made, is refused with the reason and left as it is")
  func refusesOthers() throws {
    try withFolder { folder in
      let link = folder + "link"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder + "target")
      let refusals = [
        (folder, "it is a folder"), (link, "it is a symbolic link"), ("/dev/null", "it is no regular file"),
        (folder + "none/x.har", "No such file or directory"), ("", "No such file or directory"),
      ]
      for (path, reason) in refusals {
        let failure = refusal(path)
        #expect(failure?.kind == .cannotCreate)
        #expect(failure?.what == "the trace file \(path) cannot be made (\(reason))")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["link"])
    }
  }

  @Test("When the disk is full the file ends with its last whole entry, and the failure is told once")
  func survivesFullDisks() throws {
    let file = MemoryFile()
    let trace = try HARTrace(path: "memory", version: "1.0", write: file.write)
    trace.saw(.answered())
    let length = file.bytes.count
    file.limitGrowth(to: 100)
    trace.saw(.answered(url: "https://a.test/too/long"))
    #expect(trace.failure?.kind == .inputOutput)
    #expect(trace.failure?.what == "writing the trace file memory failed (no space is left); it ends there")
    #expect(try file.har(length: length)["log"]["entries"].count == 1)
    let writes = file.writes
    file.limitGrowth(to: 10_000)
    trace.saw(.answered())
    #expect(file.writes == writes)
  }

  @Test("Entries of many tasks at once are all there, each whole")
  func takesManyTasks() async throws {
    let file = MemoryFile()
    let trace = try HARTrace(path: "memory", version: "1.0", write: file.write)
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          for number in 0..<25 { trace.saw(.answered(url: "https://a.test/\(task)/\(number)")) }
        }
      }
    }
    let urls = Set(try file.har()["log"]["entries"].elements.compactMap { $0["request"]["url"].text })
    #expect(urls.count == 200)
  }
}

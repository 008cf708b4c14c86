import Foundation
import Testing

@testable import WebAPI

@Suite("The token file")
struct TokenFileTests {
  private let folder: TokenFolder
  private let file: TokenFile

  private static let record = TokenRecord(
    configured: "first", refreshToken: "é\"\\\n", accessToken: "access", asked: 1_795_779_660.25, life: 3600,
    members: ["hub_id": "12", "place": "https://p.test/"])

  init() throws {
    folder = try TokenFolder()
    file = TokenFile(path: folder.file)
  }

  private func save(_ record: TokenRecord) throws {
    let draft = try file.prepare()
    try draft.commit(record)
    draft.discard()
  }

  private func problem(_ work: () throws(TokenFileProblem) -> Void) -> String? {
    do throws(TokenFileProblem) {
      try work()
      return nil
    } catch {
      return error.what
    }
  }

  @Test("what is saved is read again")
  func roundTrip() throws {
    try save(Self.record)
    #expect(try file.read() == .record(Self.record))
  }

  @Test("a record without a life is read again")
  func roundTripWithoutLife() throws {
    var record = Self.record
    record.life = nil
    try save(record)
    #expect(try file.read() == .record(record))
  }

  @Test("only its owner may read it, and nothing is left beside it")
  func isPrivate() throws {
    try save(Self.record)
    #expect(try folder.mode(of: file.path) == 0o600)
    #expect(folder.names == ["crm.token"])
  }

  @Test("only its owner may read the new file, from its first byte")
  func draftIsPrivate() throws {
    let draft = try file.prepare()
    #expect(try folder.mode(of: file.newPath) == 0o600)
    draft.discard()
  }

  @Test("a record takes no more room than it needs")
  func hasNoBlanks() throws {
    try save(Self.record)
    #expect(try Array(folder.text(of: file.path).utf8) == Self.record.bytes)
  }

  @Test("a record that is longer than the room that was made is saved too")
  func savesLongRecord() throws {
    var record = Self.record
    record.accessToken = String(repeating: "x", count: 50_000)
    try save(record)
    #expect(try file.read() == .record(record))
  }

  @Test("a missing folder is made for its owner alone")
  func makesFolder() throws {
    let deep = TokenFile(path: folder.path + "/a/b/crm.token")
    let draft = try deep.prepare()
    try draft.commit(Self.record)
    #expect(try folder.mode(of: folder.path + "/a/b") == 0o700)
    #expect(try folder.mode(of: folder.path + "/a") == 0o700)
  }

  @Test("a missing file holds nothing")
  func readsNothing() throws {
    #expect(try file.read() == .nothing)
  }

  @Test(
    "what is no record is damaged",
    arguments: [
      "", "{", "[]", "{}", #"{"version":1}"#,
      #"{"version":1,"configured_refresh_token":"a","refresh_token":"","access_token":"c","asked":1}"#,
      #"{"version":1,"configured_refresh_token":"a","refresh_token":"b","access_token":"c d","asked":1}"#,
      String(repeating: " ", count: (1 << 20) + 1) + "{}",
    ])
  func findsDamage(text: String) throws {
    try folder.write(text, to: file.path)
    #expect(try file.read() == .damaged)
  }

  @Test("a file of a newer version is left alone")
  func refusesNewer() throws {
    try folder.write(#"{"version":2}"#, to: file.path)
    #expect(
      problem { () throws(TokenFileProblem) in _ = try file.read() }
        == "the token file \(file.path) was written by a newer version of this program; use that one")
  }

  @Test("a symbolic link is refused")
  func refusesLink() throws {
    try folder.write("{}", to: folder.path + "/other")
    symlink(folder.path + "/other", file.path)
    #expect(
      problem { () throws(TokenFileProblem) in _ = try file.read() }
        == "the token file \(file.path) is a symbolic link; put a plain file in its place")
  }

  @Test("a file that others may read or write is refused, with the cure", arguments: [0o640, 0o604, 0o620])
  func refusesOpenFile(mode: UInt32) throws {
    try save(Self.record)
    chmod(file.path, mode)
    #expect(
      problem { () throws(TokenFileProblem) in _ = try file.read() }
        == "the token file \(file.path) is open to other users; run: chmod 600 \(file.path)")
  }

  @Test("a named pipe is refused without waiting for its writer")
  func refusesPipe() throws {
    mkfifo(file.path, 0o600)
    #expect(
      problem { () throws(TokenFileProblem) in _ = try file.read() }
        == "the token file \(file.path) is not a plain file; name another place for it")
  }

  @Test("a folder in which nothing can be made fails before anything is asked for")
  func refusesUnwritableFolder() {
    // Nobody can make a file there, not even root.
    let file = TokenFile(path: "/proc/crm.token")
    #expect(
      problem { () throws(TokenFileProblem) in _ = try file.prepare() }?
        .hasPrefix("the token file /proc/crm.token.new cannot be made (") == true)
  }

  @Test("room that is not used is given back")
  func discardsDraft() throws {
    try file.prepare().discard()
    #expect(folder.names == [])
  }

  @Test("a process that died before its record was whole leaves the old one")
  func survivesHalfRecord() throws {
    try save(Self.record)
    try folder.write(String(decoding: Self.record.bytes.dropLast(9), as: UTF8.self), to: file.newPath)
    try file.recover { _ in true }
    #expect(try file.read() == .record(Self.record))
    #expect(folder.names == ["crm.token"])
  }

  @Test("a process that died between writing and renaming has its record saved by the next")
  func finishesRename() throws {
    try save(Self.record)
    var newer = Self.record
    newer.refreshToken = "newer"
    try folder.write(String(decoding: newer.bytes, as: UTF8.self) + "     ", to: file.newPath)
    try file.recover { $0.configured == "first" }
    #expect(try file.read() == .record(newer))
    #expect(folder.names == ["crm.token"])
  }

  @Test("a record of another chain that was left behind is removed")
  func removesForeignRecord() throws {
    try folder.write(String(decoding: Self.record.bytes, as: UTF8.self), to: file.newPath)
    try file.recover { $0.configured == "other" }
    #expect(folder.names == [])
  }

  @Test("a record that cannot get the file's name stays where it was written")
  func keepsUnpublishedRecord() throws {
    let draft = try file.prepare()
    try FileManager.default.createDirectory(atPath: file.path, withIntermediateDirectories: false)
    #expect(
      problem { () throws(TokenFileProblem) in try draft.commit(Self.record) }?
        .hasPrefix("the token file \(file.path) cannot be replaced (") == true)
    draft.discard()
    try FileManager.default.removeItem(atPath: file.path)
    try file.recover { _ in true }
    #expect(try file.read() == .record(Self.record))
  }
}

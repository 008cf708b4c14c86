import Foundation
import Testing

@testable import WebAPI

@Suite("Refresh tokens in the token file")
struct OAuth2TokenFileTests {
  private let folder: TokenFolder
  private let file: TokenFile

  init() throws {
    folder = try TokenFolder()
    file = TokenFile(path: folder.file)
  }

  private func record() throws -> TokenRecord? {
    guard case .record(let record) = try file.read() else { return nil }
    return record
  }

  @Test("no file but the token file holds a token")
  func keepsTokensTogether() async throws {
    let user = TokenUser(TokenPlatform(), file: folder.file)
    _ = try await user.read()
    #expect(folder.names == ["crm.token", "crm.token.lock"])
    #expect(try folder.text(of: file.lockPath) == "process \(getpid())")
    #expect(try folder.mode(of: file.lockPath) == 0o600)
  }

  @Test("a file that cannot be used stops the call, before anything is asked for")
  func stopsAtOpenFile() async throws {
    try folder.write("{}", to: file.path)
    chmod(file.path, 0o644)
    let platform = TokenPlatform()
    let failure = await TokenUser(platform, file: folder.file).failure()
    let what = "the token file \(file.path) is open to other users; run: chmod 600 \(file.path)"
    #expect(failure?.kind == .unauthorized(what))
    #expect(platform.sent == [])
  }

  @Test("a place where nothing can be saved costs no refresh token")
  func asksNothingWithoutRoom() async {
    let platform = TokenPlatform()
    let failure = await TokenUser(platform, file: "/proc/crm.token").failure()
    #expect(failure?.what.hasPrefix("the lock file /proc/crm.token.lock cannot be made (") == true)
    #expect(platform.sent == [])
  }

  @Test("a new file that cannot be made costs no refresh token")
  func asksNothingWithoutNewFile() async throws {
    mkfifo(file.newPath, 0o600)
    let platform = TokenPlatform()
    let failure = await TokenUser(platform, file: folder.file).failure()
    #expect(failure?.what.hasPrefix("the token file \(file.newPath) is not a plain file") == true)
    #expect(platform.sent == [])
  }

  @Test("a damaged file is set aside, and the configuration's token is tried")
  func setsDamageAside() async throws {
    try folder.write("{", to: file.path)
    let user = TokenUser(TokenPlatform(), file: folder.file)
    #expect(try await user.read() == 200)
    #expect(try folder.text(of: file.damagedPath) == "{")
    #expect(try record()?.refreshToken == "refresh1")
  }

  @Test("if the configuration's token is dead then, the message tells of the damage")
  func tellsOfDamage() async throws {
    try folder.write("{", to: file.path)
    let platform = TokenPlatform(
      accidents: .init(instead: { _ in .answer(400, body: #"{"error":"invalid_grant"}"#) }))
    let failure = await TokenUser(platform, file: folder.file).failure()
    #expect(
      failure?.what.hasSuffix("(the token file was damaged and is kept as \(file.damagedPath))") == true)
  }

  @Test(
    "a file that is damaged or removed during a run is written again from memory", arguments: [true, false])
  func restoresFile(damaged: Bool) async throws {
    let platform = TokenPlatform()
    let user = TokenUser(platform, file: folder.file)
    _ = try await user.read()
    if damaged { try folder.write("{", to: file.path) } else { unlink(file.path) }
    platform.revoke()
    let failure = await user.failure()
    #expect(failure?.what.hasPrefix("the refresh token in \(file.path) is not good any more") == true)
    #expect(platform.sent == ["refresh0", "refresh1"])
    #expect(try record()?.refreshToken == "refresh1")
  }

  @Test("a token that cannot be saved is not used, and is saved and used by the next call, without a new one")
  func savesLater() async throws {
    let path = file.path
    let platform = TokenPlatform(
      accidents: .init(meanwhile: { _ in
        // A folder of that name cannot be replaced by a file, not even by root.
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      }))
    let user = TokenUser(platform, file: path)
    let failure = await user.failure()
    #expect(failure?.what.hasPrefix("the token file \(path) cannot be replaced (") == true)
    #expect(user.used == [])
    rmdir(path)
    #expect(try await user.read() == 200)
    #expect(user.used == ["access1"])
    #expect(platform.sent == ["refresh0"])
    #expect(try record()?.refreshToken == "refresh1")
  }

  @Test("a token whose folder went away is saved by the next call, when the folder can be made again")
  func savesIntoNewFolder() async throws {
    let (path, away) = (folder.path + "/in", folder.path + "/out")
    let platform = TokenPlatform(accidents: .init(meanwhile: { _ in rename(path, away) }))
    let user = TokenUser(platform, file: path + "/crm.token")
    let failure = await user.failure()
    #expect(failure?.what.hasPrefix("the token file \(path)/crm.token cannot be replaced (") == true)
    #expect(try await user.read() == 200)
    #expect(platform.sent == ["refresh0"])
    #expect(try TokenFile(path: path + "/crm.token").read() != .nothing)
  }

  @Test("a token that could not be saved goes before the older one that the file still holds")
  func prefersUnsavedToken() async throws {
    let (path, away) = (folder.path + "/in", folder.path + "/out")
    let platform = TokenPlatform(accidents: .init(meanwhile: { if $0 == 2 { rename(path, away) } }))
    let user = TokenUser(platform, file: path + "/crm.token")
    _ = try await user.read()
    user.clock.advance(by: 3600)
    _ = await user.failure()
    unlink(away + "/crm.token.new")
    rename(away, path)
    #expect(try await user.read() == 200)
    #expect(platform.sent == ["refresh0", "refresh1"])
    #expect(user.used == ["access1", "access2"])
  }

  @Test("the process after one that died behind the renaming goes on with the rotated token")
  func survivesCrashAfterSaving() async throws {
    let platform = TokenPlatform()
    let chain = TokenUser(platform, file: folder.file)
    _ = try await chain.read()
    // What a process that was killed leaves: the file, a lock that is free, and nothing in memory.
    let next = TokenUser(platform, file: folder.file)
    next.clock.advance(by: 4000)
    #expect(try await next.read() == 200)
    #expect(platform.sent == ["refresh0", "refresh1"])
  }

  @Test("the process after one that died before the renaming goes on with the record that was whole")
  func survivesCrashBeforeRenaming() async throws {
    let platform = TokenPlatform()
    _ = try await TokenUser(platform, file: folder.file).read()
    rename(file.path, file.newPath)
    #expect(try await TokenUser(platform, file: folder.file).read() == 200)
    #expect(platform.sent == ["refresh0"])
    #expect(folder.names == ["crm.token", "crm.token.lock"])
  }

  @Test("the process after one that died while it waited for the answer asks with the old token")
  func survivesCrashBeforeAnswer() async throws {
    try folder.write(String(repeating: " ", count: 16_384), to: file.newPath)
    let platform = TokenPlatform()
    #expect(try await TokenUser(platform, file: folder.file).read() == 200)
    #expect(platform.sent == ["refresh0"])
    #expect(folder.names == ["crm.token", "crm.token.lock"])
  }
}

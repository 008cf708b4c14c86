import Foundation
import Testing

@testable import WebAPI

@Suite("Two processes with one token file")
struct OAuth2TwoProcessesTests {
  private let folder: TokenFolder

  init() throws {
    folder = try TokenFolder()
  }

  @Test("who comes second waits, and uses what the first one got")
  func renewsOnce() async throws {
    let latch = Latch()
    let platform = TokenPlatform(accidents: .init(meanwhile: { _ in _ = await latch.wait() }))
    let first = TokenUser(platform, file: folder.file)
    let second = TokenUser(platform, file: folder.file)
    async let one = first.read()
    await latch.arrivals(1)
    async let two = second.read()
    await second.clock.sleepers(1)
    latch.open()
    #expect(try await one == 200)
    second.clock.advance(by: 1)
    #expect(try await two == 200)
    #expect(platform.sent == ["refresh0"])
    #expect(second.used == ["access1"])
  }

  @Test("who is refused with a token that another process has replaced uses the new one")
  func usesTheOthersToken() async throws {
    let platform = TokenPlatform()
    let service = OAuth2TokenService(tokenURL: TokenPlatform.tokenURL, renewal: .whenRefused)
    let first = TokenUser(platform, file: folder.file, service: service)
    let second = TokenUser(platform, file: folder.file, clock: first.clock)
    _ = try await first.read()
    first.clock.advance(by: 3600)
    _ = try await second.read()
    #expect(try await first.read() == 200)
    #expect(first.used == ["access1", "access1", "access2"])
    #expect(platform.sent == ["refresh0", "refresh1"])
  }

  @Test("a token that another process rotated without keeping to the lock is found and used")
  func findsSuccessor() async throws {
    let (path, other) = (folder.file, folder.path + "/other")
    let platform = TokenPlatform(
      accidents: .init(instead: { count in
        if count == 2 {
          rename(other, path)
          return .answer(400, body: #"{"error":"invalid_grant"}"#)
        }
        return nil
      }))
    // The chain as the other process has it: one renewal further.
    _ = try await TokenUser(platform, file: path).read()
    guard case .record(var record) = try TokenFile(path: path).read() else { return }
    let old = record
    record.refreshToken = "elsewhere"
    record.accessToken = "access1"
    record.asked += 4000
    try folder.write(String(decoding: record.bytes, as: UTF8.self), to: other)
    try folder.write(String(decoding: old.bytes, as: UTF8.self), to: path)
    let user = TokenUser(platform, file: path)
    user.clock.advance(by: 4000)
    #expect(try await user.read() == 200)
    #expect(platform.sent == ["refresh0", "refresh1"])
  }

  @Test("if its access token has ended too, its refresh token is sent, once")
  func sendsSuccessor() async throws {
    let (path, other) = (folder.file, folder.path + "/other")
    let platform = TokenPlatform(
      accidents: .init(instead: { _ in
        rename(other, path)
        return .answer(400, body: #"{"error":"invalid_grant"}"#)
      }))
    let record = TokenRecord(
      configured: "refresh0", refreshToken: "elsewhere", accessToken: "old", asked: 0, life: 1, members: [:])
    try folder.write(String(decoding: record.bytes, as: UTF8.self), to: other)
    let failure = await TokenUser(platform, file: path).failure()
    #expect(failure?.what.hasPrefix("the refresh token in \(path) is not good any more") == true)
    #expect(platform.sent == ["refresh0", "elsewhere"])
  }

  @Test("a program whose file was taken over with another configuration stops")
  func stopsWhenTakenOver() async throws {
    let platform = TokenPlatform(rotates: false)
    let first = TokenUser(platform, file: folder.file)
    _ = try await first.read()
    let record = TokenRecord(
      configured: "other", refreshToken: "b", accessToken: "c", asked: 0, life: 1, members: [:])
    try folder.write(String(decoding: record.bytes, as: UTF8.self), to: folder.file)
    first.clock.advance(by: 3600)
    let failure = await first.failure()
    #expect(
      failure?.what.hasPrefix("the token file \(folder.file) was taken over with another refresh token")
        == true
    )
    #expect(platform.sent == ["refresh0"])
  }

  @Test("a process that holds the lock for ever is named after two minutes")
  func givesUpOnHungProcess() async throws {
    let file = TokenFile(path: folder.file)
    let lock = try await TokenLock.take(of: file, clock: VirtualClock())
    let platform = TokenPlatform()
    let user = TokenUser(platform, file: folder.file, clock: VirtualClock())
    let failure = await user.failure()
    lock.release()
    #expect(
      failure?.what
        == "another process (process \(getpid())) has been renewing the token in \(folder.file) for more than "
        + "120 seconds; end it if it hangs")
    #expect((120..<122).contains(user.clock.sleeps.reduce(0, +)))
    #expect(platform.sent == [])
  }

  @Test("a good token of the file is used while another process holds the lock")
  func needsNoLockForGoodToken() async throws {
    let platform = TokenPlatform()
    _ = try await TokenUser(platform, file: folder.file).read()
    let lock = try await TokenLock.take(of: TokenFile(path: folder.file), clock: VirtualClock())
    let status = try await TokenUser(platform, file: folder.file).read()
    lock.release()
    #expect(status == 200)
  }

  @Test("a real process that holds the lock is waited for")
  func waitsForRealProcess() async throws {
    let (holder, input, output) = (Process(), Pipe(), Pipe())
    holder.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
    holder.arguments = [folder.file + ".lock", "sh", "-c", "echo held; read -r line"]
    holder.standardInput = input
    holder.standardOutput = output
    try holder.run()
    #expect(output.fileHandleForReading.readData(ofLength: 5) == Data("held\n".utf8))
    let user = TokenUser(TokenPlatform(), file: folder.file)
    async let status = user.read()
    await user.clock.sleepers(1)
    try input.fileHandleForWriting.close()
    holder.waitUntilExit()
    user.clock.advance(by: 1)
    #expect(try await status == 200)
  }
}

import Testing

@testable import WebAPI

@Suite("A renewal that nobody waits for any more")
struct OAuth2CancellationTests {
  private let folder: TokenFolder
  private let file: TokenFile

  init() throws {
    folder = try TokenFolder()
    file = TokenFile(path: folder.file)
  }

  /// Holds back the answer, whether or not the request is cancelled, and tells when that is.
  private static func platform(_ latch: Latch, _ cancelled: Latch) -> TokenPlatform {
    TokenPlatform(
      accidents: .init(meanwhile: { _ in
        await withTaskCancellationHandler {
          _ = await Task { await latch.wait() }.value
        } onCancel: {
          cancelled.open()
        }
      }))
  }

  @Test("the answer that is on its way is waited for and saved")
  func savesAnswer() async throws {
    let (latch, cancelled) = (Latch(), Latch())
    let user = TokenUser(Self.platform(latch, cancelled), file: folder.file)
    let only = Task { try await user.read() }
    await latch.arrivals(1)
    only.cancel()
    await user.clock.sleepers(1)
    latch.open()
    let failure = await #expect(throws: APIFailure.self) { try await only.value }
    #expect(failure?.kind == .cancelled)
    guard case .record(let record) = try file.read() else {
      Issue.record("nothing was saved")
      return
    }
    #expect(record.refreshToken == "refresh1")
    #expect(user.used == [])
  }

  @Test("after ten seconds it is cut off")
  func cutsOff() async throws {
    let (latch, cancelled) = (Latch(), Latch())
    let user = TokenUser(Self.platform(latch, cancelled), file: folder.file)
    let only = Task { try await user.read() }
    await latch.arrivals(1)
    only.cancel()
    await user.clock.sleepers(1)
    user.clock.advance(by: 10)
    _ = await cancelled.wait()
    latch.open()
    await #expect(throws: APIFailure.self) { try await only.value }
  }

  @Test("a wait for the lock ends at once")
  func leavesQueue() async throws {
    let lock = try await TokenLock.take(of: file, clock: VirtualClock())
    let platform = TokenPlatform()
    let user = TokenUser(platform, file: folder.file)
    let only = Task { try await user.read() }
    await user.clock.sleepers(1)
    only.cancel()
    let failure = await #expect(throws: APIFailure.self) { try await only.value }
    lock.release()
    #expect(failure?.kind == .cancelled)
    #expect(platform.sent == [])
  }

  @Test("the call that began a renewal may be cancelled; the others get the token")
  func survivesCancelledLeader() async throws {
    let (latch, cancelled) = (Latch(), Latch())
    let user = TokenUser(Self.platform(latch, cancelled), file: folder.file)
    let leader = Task { try await user.read() }
    await latch.arrivals(1)
    let follower = Task { try await user.read() }
    while user.authorization.waiterCount < 2 { await Task.yield() }
    leader.cancel()
    await #expect(throws: APIFailure.self) { try await leader.value }
    latch.open()
    #expect(try await follower.value == 200)
  }
}

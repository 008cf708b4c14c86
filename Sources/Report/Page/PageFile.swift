import Foundation
import Platform
import Sync

/// Writes a page piece by piece; it appears under its name, for this user's eyes alone, only when it is whole.
final class PageFile {
  private let path: String
  private let temporary: String
  private var file: UnsafeMutablePointer<FILE>?

  init(path: String) throws(PlanFileFailure) {
    self.path = path
    temporary = path + ".part"
    let descriptor = FreshFile.open(temporary)
    guard descriptor >= 0, let file = fdopen(descriptor, "w") else {
      throw PlanFileFailure(
        kind: .cannotCreate, what: "the page \(path) cannot be made (\(String(cString: strerror(errno))))",
        cure: "Name a file in a folder that this user may write to")
    }
    self.file = file
  }

  deinit {
    if let file {
      fclose(file)
      unlink(temporary)
    }
  }

  func put(_ text: String) throws(PlanFileFailure) {
    var text = text
    let count = text.withUTF8 { bytes in file.map { fwrite(bytes.baseAddress, 1, bytes.count, $0) } ?? 0 }
    guard count == text.utf8.count else { throw failed() }
  }

  /// Ends the page and gives it its name.
  func finish() throws(PlanFileFailure) {
    guard let file else { return }
    self.file = nil
    let isFlushed = fflush(file) == 0 && fsync(fileno(file)) == 0
    guard fclose(file) == 0, isFlushed, rename(temporary, path) == 0 else {
      let failure = failed()
      unlink(temporary)
      throw failure
    }
  }

  private func failed() -> PlanFileFailure {
    PlanFileFailure(
      kind: .inputOutput, what: "writing the page \(path) failed (\(String(cString: strerror(errno))))",
      cure: "Free some space, or name a file elsewhere")
  }
}

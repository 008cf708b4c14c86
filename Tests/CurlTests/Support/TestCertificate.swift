import Foundation

/// A certificate that is signed by itself, and its key, in a folder of their own.
final class TestCertificate {
  let certificate: String
  let key: String
  private let folder: URL

  /// Makes one. `name` is what it is for, in the notation of OpenSSL.
  init(name: String = "IP:127.0.0.1") throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("curl-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    certificate = folder.appendingPathComponent("certificate.pem").path
    key = folder.appendingPathComponent("key.pem").path
    let maker = try ChildProcess(
      ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        + ["-days", "2", "-subj", "/CN=test", "-addext", "subjectAltName=\(name)"]
        + ["-keyout", key, "-out", certificate])
    guard maker.wait() == 0 else { throw POSIXError(.ECHILD) }
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }
}

import Foundation

/// Speaks TLS in front of a `RawServer`: a child process that passes decrypted bytes on to it and back.
final class TLSFront {
  let port: Int
  /// The self-signed certificate, which also serves as the authority to trust.
  let certificate: String
  private let process: ChildProcess
  private let folder: URL

  /// Starts in front of a port. `name` is what the certificate is for, in the notation of OpenSSL.
  init(_ target: Int, protocols: [String] = ["http/1.1"], name: String = "IP:127.0.0.1") throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("curl-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    certificate = folder.appendingPathComponent("certificate.pem").path
    let key = folder.appendingPathComponent("key.pem").path
    let maker = try ChildProcess(
      ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        + ["-days", "2", "-subj", "/CN=test", "-addext", "subjectAltName=\(name)"]
        + ["-keyout", key, "-out", certificate])
    guard maker.wait() == 0 else { throw POSIXError(.ECHILD) }
    process = try ChildProcess(
      ["python3", "-c", Self.script, String(target), certificate, key, protocols.joined(separator: ",")])
    let line = process.read()
    guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw POSIXError(.ECHILD)
    }
    self.port = port
  }

  var url: String { "https://127.0.0.1:\(port)" }

  func stop() {
    process.kill()
    try? FileManager.default.removeItem(at: folder)
  }

  private static let script = """
    import os, select, socket, ssl, sys, threading
    target, certificate, key, protocols = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(protocols.split(","))
    def serve(plain):
        try:
            outer = context.wrap_socket(plain, server_side=True)
            inner = socket.create_connection(("127.0.0.1", int(target)))
            while True:
                ready = [outer] if outer.pending() else select.select([outer, inner], [], [])[0]
                for source in ready:
                    data = source.recv(65536)
                    if not data:
                        return
                    (inner if source is outer else outer).sendall(data)
        except OSError:
            pass
        finally:
            plain.close()
            if "outer" in locals(): outer.close()
            if "inner" in locals(): inner.close()
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    print(listener.getsockname()[1], flush=True)
    def end():
        sys.stdin.read()
        os._exit(0)
    threading.Thread(target=end, daemon=True).start()
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
    """
}

import Foundation

/// Speaks TLS in front of a `RawServer`: a child process that passes decrypted bytes on to it and back.
final class TLSFront {
  let port: Int
  private let own: TestCertificate
  private let process: ChildProcess

  /// The self-signed certificate, which also serves as the authority to trust.
  var certificate: String { own.certificate }

  /// Starts in front of a port. `name` is what the certificate is for, in the notation of OpenSSL; `newest` is
  /// the latest version of TLS that is spoken, such as `TLSv1_1`; `clients` is the one certificate by which
  /// clients may identify themselves, and then must.
  init(
    _ target: Int, protocols: [String] = ["http/1.1"], name: String = "IP:127.0.0.1",
    newest: String = "MAXIMUM_SUPPORTED", clients: TestCertificate? = nil
  ) throws {
    own = try TestCertificate(name: name)
    process = try ChildProcess(
      ["python3", "-W", "ignore", "-c", Self.script, String(target), own.certificate, own.key]
        + [protocols.joined(separator: ","), newest, clients?.certificate ?? ""])
    let line = process.read()
    guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw POSIXError(.ECHILD)
    }
    self.port = port
  }

  var url: String { "https://127.0.0.1:\(port)" }

  func stop() {
    process.kill()
  }

  private static let script = """
    import os, select, socket, ssl, sys, threading
    target, certificate, key, protocols, newest, clients = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(protocols.split(","))
    context.maximum_version = ssl.TLSVersion[newest]
    if newest == "TLSv1_1":
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("ALL:@SECLEVEL=0")
    if clients:
        context.load_verify_locations(clients)
        context.verify_mode = ssl.CERT_REQUIRED
    def serve(plain):
        try:
            outer = context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
            outer.do_handshake()
            inner = socket.create_connection(("127.0.0.1", int(target)))
            while True:
                ready = [outer] if outer.pending() else select.select([outer, inner], [], [])[0]
                for source in ready:
                    data = source.recv(65536)
                    if not data:
                        return
                    (inner if source is outer else outer).sendall(data)
        except ssl.SSLError:
            # A close with unread bytes would be a reset, which can overtake the alert.
            outer.shutdown(socket.SHUT_WR)
            while outer.recv(65536): pass
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

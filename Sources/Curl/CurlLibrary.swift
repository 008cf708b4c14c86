import CCurl

/// libcurl as a whole.
enum CurlLibrary {
  /// Whether libcurl is set up, which is done once for the process and never undone.
  static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// The encodings of bodies that this libcurl can undo, as the `Accept-Encoding` header says it.
  static let encodings: String = {
    let features = ccurl_features()
    let known = [
      ("deflate, gzip", CURL_VERSION_LIBZ), ("br", CURL_VERSION_BROTLI), ("zstd", CURL_VERSION_ZSTD),
    ]
    let names = known.filter { features & Int32($0.1) != 0 }.map(\.0)
    return names.isEmpty ? "identity" : names.joined(separator: ", ")
  }()

  /// libcurl's own words for an error number. They are fixed texts and hold nothing of the request.
  static func words(for code: CURLcode) -> String {
    curl_easy_strerror(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
  }
}

import CCurl

/// libcurl as a whole.
enum CurlLibrary {
  /// Whether libcurl is set up, which is done once for the process and never undone.
  static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// libcurl's own words for an error number. They are fixed texts and hold nothing of the request.
  static func words(for code: CURLcode) -> String {
    curl_easy_strerror(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
  }
}

import CCurl

/// Headers of a request in libcurl's notation, where `Name:` takes a header away and `Name;` sends an empty
/// one.
enum HeaderLines {
  /// The lines for a request.
  static func lines(of request: CheckedRequest, _ settings: HTTPSettings) -> [String] {
    var lines = request.headers.map { header in
      let isEmpty = header.value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
      return isEmpty ? "\(header.name);" : "\(header.name): \(header.value)"
    }
    if request.carriesBody {
      lines.append("Expect:")
      // libcurl would call every body a form.
      if !request.headers.contains(where: { $0.isNamed("Content-Type") }) { lines.append("Content-Type:") }
    }
    // libcurl would write these two twice over, byte by byte, which is a tenth of its work for a request.
    if !request.headers.contains(where: { $0.isNamed("User-Agent") }) {
      lines.append("User-Agent: \(settings.userAgent)")
    }
    if !request.headers.contains(where: { $0.isNamed("Accept-Encoding") }) {
      lines.append("Accept-Encoding: \(CurlLibrary.encodings)")
    }
    return lines
  }

  /// A list that the caller frees; nil when there are no lines, or no memory for them.
  static func list(_ lines: [String]) -> UnsafeMutablePointer<curl_slist>? {
    var list: UnsafeMutablePointer<curl_slist>?
    for line in lines {
      guard let longer = curl_slist_append(list, line) else {
        curl_slist_free_all(list)
        return nil
      }
      list = longer
    }
    return list
  }
}

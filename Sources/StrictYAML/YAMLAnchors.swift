import CYaml

/// Looks for anchors in a text before it is read.
enum YAMLAnchors {
  /// Where the first anchor stands; nil if there is none, or none before the text stops being YAML.
  static func first(in text: String) -> SourcePosition? {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return nil }
    // The parser keeps its own address, so that it must not be moved.
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    defer { parser.deallocate() }
    guard yaml_parser_initialize(parser) == 1 else { return nil }
    defer { yaml_parser_delete(parser) }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    var text = text
    return text.withUTF8 { bytes in
      yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
      return firstAnchor(of: parser)
    }
  }

  private static func firstAnchor(of parser: UnsafeMutablePointer<yaml_parser_t>) -> SourcePosition? {
    var token = yaml_token_t()
    while yaml_parser_scan(parser, &token) == 1 {
      defer { yaml_token_delete(&token) }
      switch token.type {
      case YAML_ANCHOR_TOKEN:
        return SourcePosition(line: Int(token.start_mark.line) + 1, column: Int(token.start_mark.column) + 1)
      case YAML_STREAM_END_TOKEN: return nil
      default: continue
      }
    }
    return nil
  }
}

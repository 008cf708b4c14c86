import Foundation

/// The house's `config` folder.
var configFolder: URL {
  URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../config").standardizedFileURL
}

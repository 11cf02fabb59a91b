internal import CAssets
internal import CExplorerAssets
internal import Foundation
internal import Latent
internal import Hummingbird

/// A file of the page, which is part of the program.
struct PublicFile: Sendable {
  let name: String
  let type: String
  let tag: String
  let content: ByteBuffer

  /// All of them by the path that they are asked for by.
  static let all: [String: PublicFile] = {
    var files: [String: PublicFile] = [:]
    var index = 0
    while let file = next(&index) { files[file.path] = file }
    if let page = files["/"] {
      files["/"] = page.askingFor(modules: files.keys.filter { $0.hasSuffix(".js") }.sorted())
    }
    let plotly = ct_asset_plotly()
    if plotly.count > 0 {
      let file = PublicFile("plotly.min.js", UnsafeRawBufferPointer(start: plotly.bytes, count: plotly.count))
      files[file.path] = file
    }
    return files
  }()

  private static func next(_ index: inout Int) -> PublicFile? {
    let file = ct_public_file_at(index)
    index += 1
    guard let name = file.name, let bytes = file.bytes else { return nil }
    return PublicFile(String(cString: name), UnsafeRawBufferPointer(start: bytes, count: file.count))
  }

  /// The page with a line in its head for each module, so that all come at once and not one after another's imports.
  private func askingFor(modules: [String]) -> PublicFile {
    let lines = modules.map { "  <link rel=\"modulepreload\" href=\"\($0)\">\n" }.joined()
    var text = String(buffer: content)
    text = text.replacingOccurrences(of: "</head>", with: lines + "</head>")
    return Array(text.utf8).withUnsafeBytes { PublicFile(name, $0) }
  }

  private init(_ name: String, _ bytes: UnsafeRawBufferPointer) {
    self.name = name
    type = Self.types[(name as NSString).pathExtension] ?? "application/octet-stream"
    var digest = Fingerprint()
    digest.mix(bytes)
    tag = "\"\(digest.text)\""
    content = ByteBuffer(bytes: bytes)
  }

  /// What it is asked for by.
  private var path: String {
    switch name {
    case "index.html": "/"
    case "openapi.json": "/openapi.json"
    default: "/assets/\(name)"
    }
  }

  private static let types = [
    "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
    "json": "application/json", "svg": "image/svg+xml", "png": "image/png", "txt": "text/plain; charset=utf-8",
  ]
}

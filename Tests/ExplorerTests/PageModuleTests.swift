import CExplorerAssets
import Foundation
import Testing

@Suite("The page's modules")
struct PageModuleTests {
  /// The folder that the page is written in.
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Sources/Explorer/Public").standardized

  /// The files of the folder by their paths in it.
  static let written: [String: Data] = {
    let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    let files = paths.filter { !($0 as NSString).pathExtension.isEmpty }
    return Dictionary(
      files.compactMap { path in
        (try? Data(contentsOf: folder.appendingPathComponent(path))).map { (path, $0) }
      }, uniquingKeysWith: { first, _ in first })
  }()

  /// The files that are part of the program.
  static let embedded: [String: Data] = {
    var files: [String: Data] = [:]
    var index = 0
    while true {
      let file = ct_public_file_at(index)
      guard let name = file.name, let bytes = file.bytes else { return files }
      files[String(cString: name)] = Data(bytes: bytes, count: file.count)
      index += 1
    }
  }()

  /// The text of the modules by their paths.
  static let modules = written.filter { $0.key.hasSuffix(".js") }.mapValues { String(decoding: $0, as: UTF8.self) }

  @Test("Every file of the page is embedded as it is written, and nothing else is")
  func whole() {
    #expect(Self.written.count > 20)
    #expect(Set(Self.embedded.keys) == Set(Self.written.keys))
    for (path, bytes) in Self.written where !path.hasSuffix("openapi.json") {
      #expect(Self.embedded[path] == bytes, "\(path) is embedded in another version")
    }
  }

  @Test("Every import leads to an embedded module that exports the name")
  func imports() throws {
    let statement = try Regex(#"(?:import|export)\s+(\{[^}]*\}|\* as \w+)\s+from\s+"([^"]+)""#)
    var count = 0
    for (path, text) in Self.modules {
      for match in text.matches(of: statement) {
        let place = URL(fileURLWithPath: "/" + path).deletingLastPathComponent()
          .appendingPathComponent(String(match[2].substring ?? "")).standardized.path.dropFirst()
        let target = try #require(Self.modules[String(place)], "\(path) imports \(place), which there is not")
        #expect(Self.embedded[String(place)] != nil, "\(path) imports \(place), which is not embedded")
        for name in Self.names(in: String(match[1].substring ?? "")) {
          #expect(Self.exports(target).contains(name), "\(path) imports \(name), which \(place) does not export")
          count += 1
        }
      }
    }
    #expect(count > 100)
  }

  @Test("No module needs what the page's policy forbids, and none writes markup")
  func policy() {
    for (path, text) in Self.modules {
      for forbidden in [
        "eval(", "new Function", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "http://",
        "https://",
      ] {
        #expect(!text.contains(forbidden), "\(path) has \(forbidden)")
      }
    }
    let page = Self.page
    #expect(page.contains("<script type=\"module\" src="))
    for forbidden in [" style=", "<style", " onclick=", "<script>", "http://", "https://"] {
      #expect(!page.contains(forbidden), "index.html has \(forbidden)")
    }
  }

  @Test("The page asks for files that are embedded, and for every module at once")
  func asked() async throws {
    let page = try await Shared.asker.get("/").text
    let asked = Set(page.matches(of: /(?:href|src)="\/assets\/([^"]+)"/).map { String($0.output.1) })
    #expect(asked.subtracting(Self.embedded.keys).isEmpty)
    #expect(Set(Self.modules.keys).subtracting(asked).isEmpty)
  }

  /// The page itself.
  private static let page = String(decoding: written["index.html"] ?? Data(), as: UTF8.self)

  /// The names in the braces of an import, before they are renamed.
  private static func names(in braces: String) -> [String] {
    guard braces.hasPrefix("{") else { return [] }
    return braces.dropFirst().dropLast().split(separator: ",").compactMap {
      $0.split(whereSeparator: \.isWhitespace).first.map(String.init)
    }
  }

  /// The names that a module exports.
  private static func exports(_ text: String) -> Set<String> {
    let declared = text.matches(of: /export (?:async )?(?:function\*?|const|let|class) (\w+)/).map {
      String($0.output.1)
    }
    let passed = text.matches(of: /export \{([^}]*)\}/).flatMap { names(in: "{\($0.output.1)}") }
    return Set(declared + passed)
  }
}

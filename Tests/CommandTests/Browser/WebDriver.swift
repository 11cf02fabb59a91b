import Foundation
import Testing

/// A session of headless Chromium, spoken to by the W3C's WebDriver protocol.
///
/// - SeeAlso: W3C, “WebDriver”, 2018; the commands under `goog` are Chromium's own.
actor WebDriver {
  private let process: RunningProcess
  private let port: UInt16
  private var session = ""

  /// Where Debian's chromium-driver is, if it is installed.
  static let path: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return (folders.map { "\($0)/chromedriver" } + ["/usr/bin/chromedriver"])
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// Starts the driver and a browser, which keeps its files in a folder.
  init(in folder: String) async throws {
    let path = try #require(Self.path, "chromedriver is installed.")
    let process = try RunningProcess(path, ["--port=0"], in: folder)
    var port: UInt16?
    _ = process.wait {
      port = (process.output.firstMatch(of: /successfully on port ([0-9]+)/)?.output.1).flatMap { UInt16($0) }
      return port != nil
    }
    self.process = process
    self.port = try #require(port, "chromedriver says its port: \(process.output)\(process.errors)")
    let arguments = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
      "--force-color-profile=srgb", "--no-first-run", "--disable-background-networking", "--lang=en",
      "--user-data-dir=\(folder)/profile",
    ]
    let options: [String: Any] = ["goog:chromeOptions": ["args": arguments], "goog:loggingPrefs": ["browser": "ALL"]]
    let body = try JSONSerialization.data(withJSONObject: ["capabilities": ["alwaysMatch": options]])
    struct Started: Decodable {
      struct Value: Decodable { var sessionId: String }
      var value: Value
    }
    let started = try JSONDecoder().decode(Started.self, from: try command("POST", "/session", body))
    session = "/session/\(started.value.sessionId)"
  }

  /// Ends the browser and the driver.
  func quit() {
    _ = try? command("DELETE", "", Data())
    process.send(SIGTERM)
    _ = try? process.outcome(within: 10)
  }

  /// Sends one command of the session.
  ///
  /// - Returns: The answer, a JSON object with a `value`.
  /// - Throws: ``Failure`` where the browser could not do it.
  func command(_ method: String, _ path: String, _ body: Data) throws -> Data {
    let answer = try HTTPExchange(
      method, session + path, port: port, headers: ["Content-Type": "application/json"], body: body)
    guard answer.status == 200 else {
      throw Failure(description: "\(method) \(path): \(String(decoding: answer.body.prefix(500), as: UTF8.self))")
    }
    return answer.body
  }

  /// What the browser could not do.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }
}

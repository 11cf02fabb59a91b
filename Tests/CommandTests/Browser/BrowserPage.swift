import Foundation
import Testing

/// A page in the browser: what a person would do on it and see.
struct BrowserPage: Sendable {
  private let driver: WebDriver

  /// An empty page of a browser that keeps its files in a folder.
  init(in folder: String) async throws { driver = try await WebDriver(in: folder) }

  /// Closes the browser.
  func close() async { await driver.quit() }

  /// Sends a command of the session.
  @discardableResult
  private func command(_ method: String, _ path: String, _ body: [String: Any] = [:]) async throws -> Any {
    let data = method == "GET" ? Data() : try JSONSerialization.data(withJSONObject: body)
    let answer = try JSONSerialization.jsonObject(with: try await driver.command(method, path, data))
    return (answer as? [String: Any])?["value"] ?? NSNull()
  }

  /// Sends one of Chromium's own commands.
  private func chromium(_ name: String, _ parameters: [String: Any]) async throws {
    try await command("POST", "/goog/cdp/execute", ["cmd": name, "params": parameters])
  }

  /// Goes to an address and waits until its documents are loaded.
  func open(_ address: String) async throws { try await command("POST", "/url", ["url": address]) }

  /// Gives the page so many pixels, and the colours that a system would ask for.
  func show(width: Int, height: Int, dark: Bool = false) async throws {
    try await chromium(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600])
    try await chromium(
      "Emulation.setEmulatedMedia",
      ["features": [["name": "prefers-color-scheme", "value": dark ? "dark" : "light"]]])
  }

  /// The value of a script's `return`; the script may wait for promises.
  @discardableResult
  func evaluate(_ script: String) async throws -> Any {
    try await command("POST", "/execute/sync", ["script": "return (async () => { \(script)\n})();", "args": []])
  }

  /// Waits until a script's value is true.
  func wait(
    _ claim: String, within seconds: Double = 20, at location: SourceLocation = #_sourceLocation,
    until script: String
  ) async throws {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while try await evaluate("return Boolean(\(script))") as? Bool != true {
      guard Date() < deadline else {
        let text = try await evaluate("return document.body.innerText.slice(0, 600)")
        Issue.record("\(claim): not within \(seconds) s. The page: \(text)", sourceLocation: location)
        return
      }
      try await Task.sleep(for: .milliseconds(30))
    }
  }

  /// The middle of an element, scrolled into view, and its extents.
  func frame(of selector: String, at location: SourceLocation = #_sourceLocation) async throws -> (
    left: Double, top: Double, width: Double, height: Double
  ) {
    let found = try await evaluate(
      """
      const element = document.querySelector(\(Self.quoted(selector)));
      if (!element) return null;
      element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
      const box = element.getBoundingClientRect();
      return [box.left, box.top, box.width, box.height];
      """)
    let numbers = try #require(found as? [Any], "\(selector) is on the page.", sourceLocation: location)
      .compactMap { ($0 as? NSNumber)?.doubleValue }
    try #require(numbers.count == 4)
    return (numbers[0], numbers[1], numbers[2], numbers[3])
  }

  /// Clicks the middle of an element.
  func click(_ selector: String, at location: SourceLocation = #_sourceLocation) async throws {
    let frame = try await frame(of: selector, at: location)
    try await drag([(frame.left + frame.width / 2, frame.top + frame.height / 2)])
  }

  /// Clicks the button, link or label in view that says something.
  func press(_ text: String, at location: SourceLocation = #_sourceLocation) async throws {
    let mark = "pressed-\(UUID().uuidString)"
    let isThere = try await evaluate(
      """
      const element = [...document.querySelectorAll("button, a, label, summary")]
        .find((element) => element.textContent.trim() === \(Self.quoted(text)) && element.getClientRects().length);
      element?.setAttribute("data-test", "\(mark)");
      return Boolean(element);
      """)
    try #require(isThere as? Bool == true, "“\(text)” is on the page.", sourceLocation: location)
    try await click("[data-test='\(mark)']", at: location)
  }

  /// What a canvas shows, as text that another picture's differs from.
  func picture(_ selector: String, at location: SourceLocation = #_sourceLocation) async throws -> String {
    let data = try await evaluate("return document.querySelector(\(Self.quoted(selector)))?.toDataURL() ?? null")
    return try #require(data as? String, "\(selector) is a canvas.", sourceLocation: location)
  }

  /// Presses at the first place, goes by the others and lets go at the last.
  func drag(_ places: [(x: Double, y: Double)], milliseconds: Int = 20) async throws {
    func move(_ place: (x: Double, y: Double), _ duration: Int) -> [String: Any] {
      ["type": "pointerMove", "duration": duration, "x": Int(place.x), "y": Int(place.y), "origin": "viewport"]
    }
    var actions = [move(places[0], 0), ["type": "pointerDown", "button": 0]]
    actions += places.dropFirst().map { move($0, milliseconds) }
    actions.append(["type": "pointerUp", "button": 0])
    try await command(
      "POST", "/actions",
      ["actions": [["type": "pointer", "id": "mouse", "parameters": ["pointerType": "mouse"], "actions": actions]]])
  }

  /// Drags across an element, by places in shares of its extents.
  func drag(on selector: String, _ shares: [(x: Double, y: Double)], at location: SourceLocation = #_sourceLocation)
    async throws
  {
    let frame = try await frame(of: selector, at: location)
    try await drag(shares.map { (frame.left + $0.x * frame.width, frame.top + $0.y * frame.height) })
  }

  /// Types on what has the focus; the special keys are the protocol's private characters.
  func type(_ keys: String) async throws {
    let actions = keys.flatMap { [["type": "keyDown", "value": "\($0)"], ["type": "keyUp", "value": "\($0)"]] }
    try await command(
      "POST", "/actions", ["actions": [["type": "key", "id": "keyboard", "actions": actions]]])
  }

  /// The private characters of the keys that have none.
  enum Key {
    static let tab = "\u{E004}"
    static let enter = "\u{E007}"
    static let left = "\u{E012}"
    static let up = "\u{E013}"
    static let right = "\u{E014}"
    static let down = "\u{E015}"
  }

  /// What is in view, as a PNG.
  func screenshot() async throws -> Data {
    let text = try #require(try await command("GET", "/screenshot") as? String)
    return try #require(Data(base64Encoded: text))
  }

  /// What the browser itself complained of since the last time: errors, violations of the content security policy.
  func complaints() async throws -> [String] {
    let entries = try await command("POST", "/se/log", ["type": "browser"]) as? [[String: Any]] ?? []
    return entries.filter { $0["level"] as? String == "SEVERE" }.map { "\($0["message"] ?? "")" }
  }

  /// A text as JavaScript writes it.
  static func quoted(_ text: String) -> String {
    String(decoding: (try? JSONSerialization.data(withJSONObject: [text])) ?? Data(), as: UTF8.self)
      .dropFirst().dropLast().description
  }
}

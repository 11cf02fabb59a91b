internal import Foundation
internal import Synchronization

/// What a person at a terminal sees: results on standard output, everything else on standard error.
///
/// Of several processes only the first shows how work goes on.
enum Terminal {
  /// Whether standard error is a terminal, where a line can be drawn over.
  static let isInteractive = isatty(STDERR_FILENO) == 1

  /// Prints one sentence and ends the process.
  static func fail(_ sentence: String, code: Int32) -> Never {
    clear()
    write("latent: \(Launch.speaker)\(sentence)\n")
    exit(code)
  }

  /// Prints a line on standard error.
  static func note(_ line: String) {
    guard Launch.isShown else { return }
    clear()
    write(line + "\n")
  }

  /// Draws a line that the next one replaces, of as many of the fields as there is room for; nothing where there is no terminal.
  static func draw(_ fields: String...) {
    guard isInteractive, Launch.isShown else { return }
    let room = width - 1
    var line = ""
    for field in fields where !field.isEmpty {
      let longer = line.isEmpty ? field : "\(line)  \(field)"
      if longer.count > room { break }
      line = longer
    }
    write("\r\u{1B}[2K" + line)
  }

  /// Takes away what was drawn.
  static func clear() {
    if isInteractive, Launch.isShown { write("\r\u{1B}[2K") }
  }

  /// A bar of a part done.
  static func bar(_ part: Double) -> String {
    let width = width < 80 ? 8 : 20
    let done = Int((min(max(part, 0), 1) * Double(width)).rounded(.down))
    return String(repeating: "█", count: done) + String(repeating: "░", count: width - done)
  }

  private static var width: Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 100
  }

  static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

/// Ctrl-C and a polite kill: the first asks for a clean end, the second ends at once.
enum Interrupt {
  private static let asked = Atomic<Bool>(false)

  /// Whether an end has been asked for.
  static var isAsked: Bool { asked.load(ordering: .relaxed) }

  /// Starts to listen.
  static func listen() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        if Interrupt.asked.exchange(true, ordering: .relaxed) { _exit(128 + number) }
      }
    }
  }
}

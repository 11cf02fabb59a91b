import Foundation
import Testing

/// A call that is refused, and what the sentence has to say.
struct Refusal: Sendable, CustomTestStringConvertible {
  let arguments: [String]
  let words: [String]
  /// The exit code; nil for 1 or 2.
  let code: Int32?

  init(_ arguments: String..., says words: [String], code: Int32? = nil) {
    self.init(call: arguments, says: words, code: code)
  }

  init(call arguments: [String], says words: [String], code: Int32? = nil) {
    self.arguments = arguments
    self.words = words
    self.code = code
  }

  var testDescription: String { "latent " + arguments.map { $0.isEmpty ? "''" : $0 }.joined(separator: " ") }

  /// Runs the call and expects a refusal that leaves the folder as it was.
  func expect(in scratch: Scratch, at location: SourceLocation = #_sourceLocation) throws {
    let before = scratch.names
    let outcome = try Command.run(arguments, in: scratch.path, at: location)
    if let code {
      #expect(outcome.code == code, "\(outcome.errors)", sourceLocation: location)
    } else {
      #expect(outcome.code == 1 || outcome.code == 2, "\(outcome.code): \(outcome.errors)", sourceLocation: location)
    }
    Command.expectOneSentence(outcome, at: location)
    for word in words {
      #expect(outcome.errors.contains(word), "\(outcome.errors) says \(word).", sourceLocation: location)
    }
    #expect(scratch.names == before, "Nothing is left behind.", sourceLocation: location)
  }
}

extension Refusal {
  /// The same call with one more setting.
  func with(_ setting: String, says words: [String]) -> Refusal {
    Refusal(call: arguments + ["--set", setting], says: words, code: code)
  }
}

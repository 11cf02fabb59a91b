internal import ArgumentParser
internal import Foundation
internal import Latent
internal import Torch

extension Dataset {
  /// Some rows by their numbers, counted from 0.
  ///
  /// - Throws: ``LatentError`` where there is no such row.
  func rows(numbered numbers: [Int], part: Part) throws(LatentError) -> Dataset {
    if let wrong = numbers.first(where: { !(0..<count).contains($0) }) {
      let which = part == .all ? "rows" : "\(part.rawValue) rows"
      throw LatentError("there is no row \(wrong); the \(count) \(which) of \(name) are numbered 0 to \(count - 1).")
    }
    return rows(numbers)
  }
}

/// Refuses a number of steps that no sheet can show.
func demandSteps(_ steps: Int, atLeast least: Int = 1, option: String = "--steps") throws {
  guard (least...1000).contains(steps) else {
    throw ValidationError("\(option) \(steps): expected \(least) to 1000.")
  }
}

/// Refuses what is no number above 0.
func demandPositive(_ value: Double, option: String) throws {
  guard value > 0, value <= 1e6 else {
    throw ValidationError("\(option) \(value): expected a number above 0, up to 1e6.")
  }
}

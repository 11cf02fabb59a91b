internal import ArgumentParser
internal import Foundation

/// Whole numbers with commas between them, such as `0,5,9`.
struct NumberList: ExpressibleByArgument {
  let numbers: [Int]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    numbers = parts.compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    guard numbers.count == parts.count, Set(numbers).count == numbers.count else { return nil }
  }
}

extension NumberList {
  /// As places counted from 0 where a person counts from 1.
  var fromZero: [Int] { numbers.map { $0 - 1 } }
}

internal import Foundation

/// Something that went wrong in one process or several of a group, and that all of them know of.
public struct SharedFailure: Error, CustomStringConvertible {
  /// What went wrong in this process; nil where it went wrong elsewhere.
  public let own: (any Error)?
  /// Whether it is this process that tells of it: the first in which something went wrong.
  public let isTeller: Bool
  /// What the teller says.
  public let description: String
}

// How processes come to the same decisions.
extension ProcessGroup {
  /// Does something in every process, each waiting asleep for the last of them.
  ///
  /// - Throws: What `body` throws, in a process alone; else ``SharedFailure``, in all processes if in one.
  public func together<Result>(_ body: () throws -> Result) throws -> Result {
    guard size > 1 else { return try body() }
    let outcome = Swift.Result(catching: body)
    wait()
    let own: (any Error)? = if case .failure(let error) = outcome { error } else { nil }
    if let (teller, words) = firstText(own.map { "\($0)" }) {
      throw SharedFailure(own: own, isTeller: teller == rank, description: words)
    }
    return try outcome.get()
  }

  /// Does something in the first process while the others wait asleep, and gives nil there.
  ///
  /// - Throws: As ``together(_:)``.
  public func first<Result>(_ body: () throws -> Result) throws -> Result? {
    try together { isFirst ? try body() : nil }
  }

  /// What the first process finds out; nil where that is nothing.
  ///
  /// - Throws: As ``together(_:)``.
  func fromFirst(_ body: () throws -> Data?) throws -> Data? { broadcast(try first(body) ?? nil) }

  /// Whether something holds in any process.
  public func any(_ holds: Bool) -> Bool { sum([holds ? 1 : 0])[0] > 0 }

  /// What the first process says.
  func decided(_ holds: Bool) -> Bool { any(isFirst && holds) }

  /// The text of the first process that has one, with its rank.
  func firstText(_ text: String?) -> (rank: Int, text: String)? {
    guard size > 1 else { return text.map { (0, $0) } }
    let holders = gather([text == nil ? 0 : 1] as [UInt8])
    guard let teller = holders.firstIndex(of: [1]) else { return nil }
    let words = broadcast(text.map { Data($0.utf8) }, from: teller)
    return (teller, String(decoding: words ?? Data(), as: UTF8.self))
  }
}

internal import Foundation

/// What a learning rate or a weight is multiplied by over time.
public protocol Schedule: Choice {
  /// The factor at a moment.
  ///
  /// - Parameter epoch: Epochs done, with the part of the current one; from 0 up to `epochs`.
  /// - Parameter epochs: The epochs that training may last.
  func factor(at epoch: Double, of epochs: Int) -> Double

  /// The epoch at which the factor has risen to where it is meant to be; 0 for schedules that do not rise.
  func warmUpEnd(epochs: Int) -> Double
}

extension Schedule {
  /// The factor does not rise.
  public func warmUpEnd(epochs: Int) -> Double { 0 }

  /// How long a rise lasts, in epochs.
  ///
  /// - Parameter length: In epochs; below 1 in parts of all epochs.
  func rise(_ length: Double, of epochs: Int) -> Double { length < 1 ? length * Double(epochs) : length }
}

/// The schedules of learning rates and of the divergence's weight.
public enum Schedules: Family {
  /// The choices as schedules.
  public typealias Member = any Schedule
  /// `schedules`.
  public static var name: String { "schedules" }
  /// The list; a new schedule adds a line here.
  public static var choices: [any Choice.Type] {
    [
      ConstantSchedule.self,
      WarmUpSchedule.self,
      CosineSchedule.self,
      StepSchedule.self,
      CyclicalSchedule.self,
      StagesSchedule.self,
    ]
  }
  /// Always 1.
  public static var standard: any Choice { ConstantSchedule() }
}

/// Always 1.
public struct ConstantSchedule: Schedule {
  /// `constant`.
  public static var kind: String { "constant" }
  /// One sentence.
  public static var summary: String { "always 1" }
  /// The only one.
  public init() {}
  /// 1.
  public func factor(at epoch: Double, of epochs: Int) -> Double { 1 }
}

/// A straight rise to 1.
public struct WarmUpSchedule: Schedule {
  /// How long it rises, in epochs; below 1 in parts of all epochs.
  public var epochs = 10.0
  /// Where it starts.
  public var start = 0.0

  /// `warm-up`.
  public static var kind: String { "warm-up" }
  /// One sentence.
  public static var summary: String {
    "a straight rise from start to 1 over so many epochs, or below 1 such a part of all"
  }
  /// The defaults.
  public init() {}

  /// A rise from 0 to 1 at the most.
  public func validate() throws(LatentError) {
    guard epochs > 0, epochs.isFinite else { throw LatentError("epochs: \(epochs) must be above 0.") }
    guard (0...1).contains(start) else { throw LatentError("start: \(start) must lie in 0 … 1.") }
  }

  /// start + (1 − start) · epoch / end, at most 1.
  public func factor(at epoch: Double, of total: Int) -> Double {
    min(1, start + (1 - start) * epoch / warmUpEnd(epochs: total))
  }

  /// When it reaches 1.
  public func warmUpEnd(epochs total: Int) -> Double { rise(epochs, of: total) }
}

/// A straight rise to 1, then half a cosine down.
public struct CosineSchedule: Schedule {
  /// How long it rises at first, in epochs; below 1 in parts of all epochs.
  public var warmUp = 0.0
  /// Where it ends.
  public var end = 0.0

  /// `cosine`.
  public static var kind: String { "cosine" }
  /// One sentence.
  public static var summary: String {
    "a straight rise over warmUp epochs, or below 1 such a part of all, then half a cosine from 1 down to end"
  }
  /// The defaults.
  public init() {}

  /// A rise of some length, an end in 0 … 1.
  public func validate() throws(LatentError) {
    guard warmUp >= 0, warmUp.isFinite else { throw LatentError("warmUp: \(warmUp) must be at least 0.") }
    guard (0...1).contains(end) else { throw LatentError("end: \(end) must lie in 0 … 1.") }
  }

  /// end + (1 − end) · (1 + cos πt) / 2, where t goes from 0 to 1 after the rise.
  public func factor(at epoch: Double, of epochs: Int) -> Double {
    let risen = warmUpEnd(epochs: epochs)
    if epoch < risen { return epoch / risen }
    let t = min(1, (epoch - risen) / (Double(epochs) - risen))
    return end + (1 - end) * (1 + cos(.pi * t)) / 2
  }

  /// When it starts to fall.
  public func warmUpEnd(epochs: Int) -> Double { rise(warmUp, of: epochs) }
}

/// A fall by the same factor every so many epochs.
public struct StepSchedule: Schedule {
  /// Epochs between falls.
  public var every = 10.0
  /// What each multiplies by.
  public var by = 0.5

  /// `step`.
  public static var kind: String { "step" }
  /// One sentence.
  public static var summary: String { "multiplied by the same factor every so many epochs" }
  /// The defaults.
  public init() {}

  /// Falls, some time apart.
  public func validate() throws(LatentError) {
    guard every > 0, every.isFinite else { throw LatentError("every: \(every) must be above 0.") }
    guard by > 0, by <= 1 else { throw LatentError("by: \(by) must be above 0 and at most 1.") }
  }

  /// by^⌊epoch / every⌋.
  public func factor(at epoch: Double, of epochs: Int) -> Double { pow(by, (epoch / every).rounded(.down)) }
}

/// Several rises from 0 to 1, each followed by a stay.
///
/// - SeeAlso: Fu et al., “Cyclical Annealing Schedule: A Simple Approach to Mitigating KL Vanishing”, 2019.
public struct CyclicalSchedule: Schedule {
  /// The number of rises.
  public var cycles = 4
  /// The part of a cycle that rises.
  public var rise = 0.5

  /// `cyclical`.
  public static var kind: String { "cyclical" }
  /// One sentence.
  public static var summary: String {
    "cycles that rise from 0 to 1 over a part of their length and stay there for the rest"
  }
  /// The defaults.
  public init() {}

  /// One cycle at the least, that rises and stays.
  public func validate() throws(LatentError) {
    guard (1...10_000).contains(cycles) else {
      throw LatentError("cycles: \(cycles) is no number of cycles; expected at least 1.")
    }
    guard rise > 0, rise < 1 else { throw LatentError("rise: \(rise) must lie between 0 and 1.") }
  }

  /// t / rise at most 1, where t goes from 0 to 1 within each cycle; 1 at the very end.
  public func factor(at epoch: Double, of epochs: Int) -> Double {
    let position = epoch / Double(epochs) * Double(cycles)
    return epoch >= Double(epochs) ? 1 : min(1, (position - position.rounded(.down)) / rise)
  }

  /// When the last cycle stays.
  public func warmUpEnd(epochs: Int) -> Double { (Double(cycles - 1) + rise) / Double(cycles) * Double(epochs) }
}

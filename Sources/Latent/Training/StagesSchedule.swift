internal import Foundation

/// Stages that grow longer while the factor falls.
///
///     stage i = 0 … n − 1 lasts gⁱ epochs at the factor endⁱᐟ⁽ⁿ⁻¹⁾
///
/// The last stage lasts until training is over. With n = 8, g = 3 and end = 0.1 the stages are over after
/// 1, 4, 13, 40, 121, 364, 1093 and 3280 epochs.
/// - SeeAlso: Burda, Grosse & Salakhutdinov, “Importance Weighted Autoencoders”, 2016, section 5.
public struct StagesSchedule: Schedule {
  /// n, the number of stages.
  public var stages = 8
  /// g, how many times longer each stage is than the one before; the first is one epoch.
  public var growth = 3.0
  /// The factor of the last stage.
  public var end = 0.1

  /// `stages`.
  public static var kind: String { "stages" }
  /// One sentence.
  public static var summary: String {
    "stages of growthⁱ epochs whose factor falls by the same ratio from 1 to end"
  }
  /// The defaults.
  public init() {}

  /// Two stages at the least, none shorter than the one before, a fall.
  public func validate() throws(LatentError) {
    guard (2...1000).contains(stages) else {
      throw LatentError("stages: \(stages) is no number of stages; expected 2 to 1000.")
    }
    guard growth >= 1, growth.isFinite else { throw LatentError("growth: \(growth) must be at least 1.") }
    guard end > 0, end <= 1 else { throw LatentError("end: \(end) must be above 0 and at most 1.") }
  }

  /// endⁱᐟ⁽ⁿ⁻¹⁾ in stage i.
  public func factor(at epoch: Double, of epochs: Int) -> Double {
    var (stage, length) = (0, 1.0)
    var over = length
    while epoch >= over, stage < stages - 1 {
      length *= growth
      over += length
      stage += 1
    }
    return pow(end, Double(stage) / Double(stages - 1))
  }
}

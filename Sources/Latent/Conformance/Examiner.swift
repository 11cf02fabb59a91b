public import Torch

/// Compares what is found with what it must be, and keeps the greatest deviation.
///
/// What is found can be spoilt on purpose, so that it is seen that each claim is able to fail.
public final class Examiner {
  private let fault: Double
  /// The greatest deviation so far.
  public private(set) var figure = 0.0
  /// What it is of.
  public private(set) var worst = ""
  /// The comparisons so far.
  public private(set) var comparisons = 0

  init(fault: Double) { self.fault = fault }

  /// A number that must be an exact one.
  public func compare(_ found: Double, with exact: Double, of subject: String) {
    note(abs(spoilt(found) - exact) / (1 + abs(exact)), subject)
  }

  /// Numbers that must be exact ones, judged by the greatest of them.
  public func compare(_ found: Tensor, with exact: Tensor, of subject: String) {
    guard found.shape == exact.shape else { return note(.infinity, "\(subject): shapes differ") }
    let (found, exact) = (found.detached().to(type: .float64), exact.detached().to(type: .float64))
    let spoilt = fault == 0 ? found : found + (found.absolute() + 1) * fault
    note((spoilt - exact).absolute().maximum().item / (1 + exact.absolute().maximum().item), subject)
  }

  /// An estimate with its standard error that must be an exact number.
  ///
  /// - Parameter resolution: The greatest error with which the comparison means something.
  /// - Parameter rounding: What single precision may add.
  public func compare(
    _ found: Double, error: Double, with exact: Double, resolving resolution: Double, rounding: Double = 1e-9,
    of subject: String
  ) {
    guard error <= resolution else { return note(.infinity, "\(subject): an error of \(error.brief) decides nothing") }
    let distance = abs(spoilt(found) - exact) - rounding * (1 + abs(exact))
    note(max(0, distance) / max(error, .leastNormalMagnitude), subject)
  }

  /// A mean of draws that must be an exact number.
  func compare(_ found: Estimate, with exact: Double, resolving resolution: Double, of subject: String) {
    compare(found.mean, error: found.error, with: exact, resolving: resolution, of: subject)
  }

  /// An estimate that must not be above a bound.
  public func compare(_ found: Double, error: Double, isAtMost bound: Double, of subject: String) {
    note(max(0, spoilt(found) - bound) / max(error, .leastNormalMagnitude), subject)
  }

  /// Bytes that must be the same.
  public func compare(_ found: [UInt8], with other: [UInt8], of subject: String) {
    var found = found
    if fault != 0, !found.isEmpty { found[found.count / 2] ^= 1 }
    guard found.count == other.count else {
      return note(Double(max(1, abs(found.count - other.count))), "\(subject): \(found.count) and \(other.count) bytes")
    }
    note(Double(zip(found, other).count { $0 != $1 }), subject)
  }

  /// Things that must be equal.
  public func compare<Value: Equatable>(_ found: Value, with other: Value, of subject: String) {
    note(found == other && fault == 0 ? 0 : 1, subject)
  }

  /// Derivatives that must be those of central differences, each parameter along two directions at random.
  ///
  ///     (f(θ + hv) − f(θ − hv)) / 2h,   h = 10⁻⁵
  ///
  /// In double precision rounding leaves 1e-11 of the value, and the third derivative 1e-10.
  /// - Parameter value: A scalar, the same for the same parameters.
  func compareGradients(
    of subject: String, in parameters: [(name: String, parameter: Parameter)], _ value: () -> Tensor
  ) {
    let step = 1e-5
    let gradients = value().gradients(in: parameters.map(\.parameter))
    for (index, (name, parameter)) in parameters.enumerated() {
      let noise = Noise(seed: UInt64(index), stream: "directions of derivatives")
      let start = parameter.value.detached().copied()
      for _ in 0..<2 {
        let direction = noise.normal(start.shape, type: .float64)
        func moved(_ by: Double) -> Double {
          withoutGradients {
            parameter.value.copy(from: start + direction * by)
            return value().item
          }
        }
        let slope = (moved(step) - moved(-step)) / (2 * step)
        compare((gradients[index] * direction).sum().item, with: slope, of: "\(subject), \(name)")
      }
      withoutGradients { parameter.value.copy(from: start) }
    }
  }

  private func spoilt(_ value: Double) -> Double { value + fault * (1 + abs(value)) }

  private func note(_ deviation: Double, _ subject: String) {
    comparisons += 1
    let deviation = deviation.isNaN ? .infinity : deviation
    if comparisons == 1 || deviation > figure { (figure, worst) = (deviation, subject) }
  }
}

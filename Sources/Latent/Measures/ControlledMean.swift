/// The mean of a quantity over draws, by the help of another one whose mean is known.
///
///     mean(y) − c (mean(r) − E[r]),   c = cov(y, r) / var(r)
///
/// Draws come in groups of the same size, all of one row each; where every row has its group, only what differs within them is chance.
/// - SeeAlso: Owen, “Monte Carlo theory, methods and examples”, 2013, section 8.9.
struct ControlledMean {
  /// The estimate.
  let value: Double
  /// c.
  let coefficient: Double
  /// What is left to chance of each draw.
  let residuals: [Double]

  /// - Parameter group: The neighbouring draws that are of one row; 1 where rows themselves were drawn.
  init(_ values: [Double], control: [Double], controlMean: Double, group: Int) {
    let (y, r) = (Self.deviations(values, group), Self.deviations(control, group))
    let spread = r.reduce(0) { $0 + $1 * $1 }
    let coefficient = spread > 0 ? zip(y, r).reduce(0) { $0 + $1.0 * $1.1 } / spread : 0
    value = values.mean - coefficient * (control.mean - controlMean)
    residuals = zip(y, r).map { $0 - coefficient * $1 }
    self.coefficient = coefficient
  }

  /// The standard error of a mean whose residuals these are.
  static func error(_ residuals: [Double], group: Int) -> Double {
    let count = residuals.count
    let freedom = count - (group > 1 ? count / group : 1)
    guard freedom > 0 else { return 0 }
    return (residuals.reduce(0) { $0 + $1 * $1 } / Double(freedom) / Double(count)).squareRoot()
  }

  /// From the mean of each group, or where groups have one member from the mean of all.
  private static func deviations(_ values: [Double], _ group: Int) -> [Double] {
    let size = group > 1 ? group : values.count
    return stride(from: 0, to: values.count, by: size).flatMap { start in
      let members = Array(values[start..<min(start + size, values.count)])
      let centre = members.mean
      return members.map { $0 - centre }
    }
  }
}

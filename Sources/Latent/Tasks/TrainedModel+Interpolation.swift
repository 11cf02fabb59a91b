internal import Foundation
public import Torch

/// The way between two codes.
public enum InterpolationPath: Sendable {
  /// z(t) = (1 − t) a + t b.
  case straight
  /// z(t) = (sin((1 − t) Ω) a + sin(t Ω) b) / sin Ω, Ω the angle between a and b; straight where they lie on one line with 0.
  ///
  /// Its length stays between those of a and b, where a straight line comes nearer to 0 than draws from N(0, I) do.
  /// - SeeAlso: White, “Sampling Generative Networks”, 2016, section 2.
  case spherical

  /// What a and b are multiplied by at t.
  package func weights(_ a: [Double], _ b: [Double], at t: Double) -> (Double, Double) {
    guard self == .spherical else { return (1 - t, t) }
    func product(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
    let lengths = (product(a, a) * product(b, b)).squareRoot()
    let angle = lengths > 0 ? acos(min(max(product(a, b) / lengths, -1), 1)) : 0
    guard sin(angle) > 1e-6 else { return (1 - t, t) }
    return (sin((1 - t) * angle) / sin(angle), sin(t * angle) / sin(angle))
  }
}

extension TrainedModel {
  /// What lies between two observations: between their posterior means, decoded, with both originals at the ends.
  ///
  /// - Parameters:
  ///   - dataset: Exactly two rows.
  ///   - steps: The decoded observations, the reconstructions of both among them; at least 2.
  /// - Returns: One line of `steps + 2` observations.
  /// - Throws: ``LatentError`` where the data is of another shape than the model's.
  public func interpolation(
    between dataset: Dataset, steps: Int = 9, along path: InterpolationPath = .straight, using noise: Noise
  ) throws(LatentError) -> Strips {
    precondition(dataset.count == 2 && steps >= 2, "an interpolation has two ends")
    let means = try codes(of: dataset, using: noise).means
    let (a, b) = (means[0].values(as: Double.self), means[1].values(as: Double.self))
    let times = Ramp.values(from: 0, to: 1, steps: steps)
    let z = LatentPlaces.way(from: a, to: b, steps: steps, along: path)
    let between = strips(decoding: z, steps: steps, headings: ["step"], places: times.map { [$0.plain] })
    let originals = dataset.values.to(type: .float32, device: .cpu)
    return Strips(
      values: .concatenate([originals[0..<1], between.values.to(type: .float32), originals[1..<2]]), steps: steps + 2,
      headings: between.headings, places: [["original"]] + between.places + [["original"]])
  }
}

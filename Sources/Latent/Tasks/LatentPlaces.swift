internal import Torch

/// Places among latents, one after another, that tasks decode.
package enum LatentPlaces {
  /// One latent alone goes from one value to another.
  ///
  ///     z(v) = centre with z_k = v
  package static func traversal(
    of latent: Int, around centre: [Float], low: Double, high: Double, steps: Int
  ) -> (z: [Float], positions: [Double]) {
    let positions = Ramp.values(from: low, to: high, steps: steps)
    let z = positions.flatMap { value in
      var place = centre
      place[latent] = Float(value)
      return place
    }
    return (z, positions)
  }

  /// From one code to another, both among them.
  package static func way(from a: [Double], to b: [Double], steps: Int, along path: InterpolationPath) -> [Float] {
    Ramp.values(from: 0, to: 1, steps: steps).flatMap { t in
      let (first, second) = path.weights(a, b, at: t)
      return zip(a, b).map { Float(first * $0 + second * $1) }
    }
  }

  /// A code moved along a direction.
  ///
  ///     z(λ) = z + λ e
  package static func shifted(_ z: [Double], along direction: [Double], by amounts: [Double]) -> [Float] {
    amounts.flatMap { amount in zip(z, direction).map { Float($0 + amount * $1) } }
  }

  /// A grid over the plane of two directions, the second growing from below upwards, line by line from above.
  ///
  ///     z(i, j) = centre + s_j d₁ + t_i d₂
  ///
  /// - Parameters:
  ///   - low: s and t at the lower left.
  ///   - high: s and t at the upper right.
  ///   - size: The places in a line, and the lines.
  package static func grid(
    around centre: [Double], _ first: [Double], _ second: [Double], low: (Double, Double), high: (Double, Double),
    size: Int
  ) -> [Float] {
    let columns = Ramp.values(from: low.0, to: high.0, steps: size)
    return Ramp.values(from: low.1, to: high.1, steps: size).reversed().flatMap { t in
      columns.flatMap { s in centre.indices.map { Float(centre[$0] + s * first[$0] + t * second[$0]) } }
    }
  }
}

/// The directions along which codes vary most.
package struct PrincipalAxes: Sendable {
  /// The mean of the codes.
  package let center: [Double]
  /// The part of all variance along each axis, in descending order; 0 where nothing varies.
  package let share: [Double]
  /// The axes, each of length 1.
  package let directions: [[Double]]

  /// The first axes of codes, `rows × latents`.
  ///
  /// - Parameter count: How many at the most; there are no more than latents.
  package init(of codes: [Double], latents: Int, count: Int) {
    let rows = codes.count / latents
    guard rows > 0 else {
      (center, share, directions) = (Array(repeating: 0, count: latents), [], [])
      return
    }
    let components = PrincipalComponents(of: Tensor(codes, shape: [rows, latents]))
    center = components.mean.values()
    let total = components.variances.sum().item
    let found = components.top(min(count, latents, rows))
    share = found.values.values(as: Double.self).map { total > 0 ? $0 / total : 0 }
    let vectors = found.vectors.transposed()
    directions = (0..<vectors.extent(0)).map { vectors[$0].values(as: Double.self) }
  }
}

public import Torch

/// k centres that rows lie near.
///
///     minimal Σ_n min_j ‖x_n − c_j‖²,  by Lloyd's steps from centres drawn by k-means++
///
/// - SeeAlso: Arthur & Vassilvitskii, “k-means++: The Advantages of Careful Seeding”, 2007.
public struct KMeans {
  /// Shape `[k, D]`.
  public let centres: Tensor
  /// The number of each row's centre.
  public let assignment: [Int]
  /// Σ_n min_j ‖x_n − c_j‖².
  public let inertia: Double

  /// Fits so many centres, several times, and keeps the best.
  ///
  /// - Parameter rows: Shape `[N, D]`.
  /// - Parameter count: k, from 1 to N.
  /// - Throws: ``LatentError`` where there are fewer rows than centres.
  public init(_ rows: Tensor, count: Int, starts: Int = 5, using noise: Noise) throws(LatentError) {
    guard (1...max(1, rows.extent(0))).contains(count), rows.extent(0) > 0 else {
      throw LatentError("\(rows.extent(0)) rows cannot be put into \(count) clusters; ask for fewer clusters.")
    }
    let x = rows.to(type: .float64, device: .cpu)
    let fits = withoutGradients { (0..<max(1, starts)).map { _ in Self.fit(x, count: count, using: noise) } }
    self = fits.dropFirst().reduce(fits[0]) { $1.inertia < $0.inertia ? $1 : $0 }
  }

  private init(centres: Tensor, assignment: [Int], inertia: Double) {
    (self.centres, self.assignment, self.inertia) = (centres, assignment, inertia)
  }

  /// ‖x_n − c_j‖², shape `[N, k]`.
  static func squaredDistances(_ x: Tensor, _ centres: Tensor) -> Tensor {
    let products = x.times(centres.transposed())
    let lengths = x.squared().sum(over: -1, keepingDimensions: true) + centres.squared().sum(over: -1)
    return (lengths - products * 2).rectified()
  }

  private static func fit(_ x: Tensor, count: Int, using noise: Noise) -> KMeans {
    var centres = seeds(x, count: count, using: noise)
    var distances = squaredDistances(x, centres)
    var inertia = distances.minimum(over: 1).sum().item
    for _ in 0..<300 {
      let members = (-distances).indexOfMaximum(along: 1).oneHot(classes: count).to(type: .float64)
      let counts = members.sum(over: 0).unsqueezed(at: 1)
      // A centre without rows stays where it is.
      centres = .choose(members.transposed().times(x) / counts.clamped(to: 1...1e18), where: counts .> 0, else: centres)
      distances = squaredDistances(x, centres)
      let next = distances.minimum(over: 1).sum().item
      let isDone = inertia - next <= 1e-10 * inertia
      inertia = next
      if isDone { break }
    }
    let assignment = (-distances).indexOfMaximum(along: 1).values(as: Int64.self).map(Int.init)
    return KMeans(centres: centres, assignment: assignment, inertia: inertia)
  }

  /// Each centre a row, drawn in proportion to the squared distance from the nearest centre so far.
  private static func seeds(_ x: Tensor, count: Int, using noise: Noise) -> Tensor {
    var nearest = Tensor.ones([x.extent(0)], type: .float64)
    var chosen: [Tensor] = []
    for index in 0..<count {
      // Where every row is a centre already, any row will do.
      let weights = nearest.sum().item > 0 ? nearest : .ones(nearest.shape, type: .float64)
      let row = x.rows(drawn(weights, using: noise))
      let distances = squaredDistances(x, row).squeezed(at: 1)
      nearest = index == 0 ? distances : .minimum(nearest, distances)
      chosen.append(row)
    }
    return .concatenate(chosen)
  }

  /// One index in proportion to the weights, by the running sum: any number of rows.
  private static func drawn(_ weights: Tensor, using noise: Noise) -> Tensor {
    let sums = weights.cumulativeSum(along: 0).values(as: Double.self)
    let point = noise.uniform([1], type: .float64).item * (sums.last ?? 0)
    let index = sums.firstIndex { $0 > point } ?? sums.count - 1
    return Tensor([Int64(index)])
  }

  /// How well rows lie within their clusters: the mean over rows of (b − a) / max(a, b), a the mean distance to the rows of the own
  /// cluster, b the least mean distance to those of another; 0 for a row alone in its cluster.
  ///
  /// - SeeAlso: Rousseeuw, “Silhouettes: a graphical aid”, 1987.
  public static func silhouette(_ rows: Tensor, _ assignment: [Int]) -> Double {
    let clusters = Set(assignment).sorted()
    guard clusters.count > 1 else { return 0 }
    return withoutGradients {
      let x = rows.to(type: .float64, device: .cpu)
      let codes = Tensor(assignment.map { Int64(clusters.firstIndex(of: $0) ?? 0) })
      let members = codes.oneHot(classes: clusters.count).to(type: .float64)
      let counts = members.sum(over: 0)
      let sums = squaredDistances(x, x).squareRoot().times(members)
      let own = (sums * members).sum(over: -1)
      let ownCount = (members * counts).sum(over: -1)
      let a = own / (ownCount - 1).clamped(to: 1...1e18)
      let b = Tensor.choose(.full([], .infinity, type: .float64), where: members .> 0, else: sums / counts).minimum(
        over: 1)
      let value = (b - a) / Tensor.maximum(a, b).clamped(to: 1e-300...1e300)
      return Tensor.choose(value, where: ownCount .> 1, else: .zeros([], type: .float64)).mean().item
    }
  }
}

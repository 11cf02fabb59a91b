internal import Foundation
package import Torch

/// Whether samples are nearer to the rows that a model was trained on than chance lets be.
///
/// A sample that owes nothing to single training rows has its nearest row among the T training rows or among the H held-out rows as chance
/// distributes them. It is no matter for that whether samples are blurred or noisy, as both kinds of rows are equally far from such. With n_T samples
/// nearest to a training row and n_H nearest to a held-out row, of n,
///
///     (n_T − n_H T / H) / n
///
/// is 0 on average, and its error is that where all rows are divided anew at random, these samples and rows given (w_i samples have row i as
/// their nearest):
///
///     Var n_T = T H / N · S²,   N = T + H,   S² = Σ_i (w_i − w̄)² / (N − 1)
///
/// Over all samples this is ``leaning``: it is above 0 for whatever is fitted to the training rows better than to others. Over the samples alone that are nearer to
/// a row than three quarters of the held-out rows are to the training rows it is ``copied``, and decides ``isCopying``.
///
/// Beside it stands the first of two data-copying tests by Meehan and others: the distance to the nearest training row, of samples and of held-out rows.
/// Samples that are nearer than held-out rows may be copies, or only smoother than rows are; samples that are farther are unlike all rows.
///
/// - SeeAlso: Schilling, “Multivariate two-sample tests based on nearest neighbors”, 1986; Platzer & Reutterer, “Holdout-based empirical assessment
///   of mixed-type synthetic data”, 2021; Meehan, Chaudhuri & Dasgupta, “A non-parametric test to detect data-copying in generative models”, 2020.
public struct Memorization: Codable, Sendable, Equatable {
  /// What some distances are like.
  public struct Distances: Codable, Sendable, Equatable {
    /// A quarter is below.
    public let lowerQuartile: Double
    /// Half is below; its error is that of the draws or rows.
    public let median: ValueWithError
    /// Three quarters are below.
    public let upperQuartile: Double
    /// How many are 0: rows that are there twice.
    public let copies: Int
    /// How many fall into each of the bins of ``binWidth`` from 0 on.
    public let histogram: [Int]
  }

  /// How many more samples are nearest to a training row than chance lets be.
  public struct Excess: Codable, Sendable, Equatable {
    /// Samples that are counted.
    public let samples: Int
    /// Those of them whose nearest row is a training row; a half for one that is as near to both.
    public let nearTraining: Double
    /// (n_T − n_H T / H) / n, n all samples, with its error where samples owe nothing to single training rows.
    public let part: ValueWithError
    /// The probability of such a part or a greater one where samples owe nothing to single training rows, by the normal approximation.
    public let pValue: Double
  }

  /// A sample and the rows that are nearest to it.
  public struct Pair: Codable, Sendable, Equatable {
    /// The sample's number, from 0.
    public let sample: Int
    /// The number of the nearest row within the training part, from 0.
    public let trainingRow: Int
    /// How far it is.
    public let distance: Double
    /// How far the nearest held-out row is.
    public let heldOutDistance: Double
  }

  /// n, the samples that were looked at.
  public let samples: Int
  /// T.
  public let trainingRows: Int
  /// H.
  public let heldOutRows: Int
  /// From samples to their nearest training rows.
  public let sampleDistances: Distances
  /// From held-out rows to their nearest training rows.
  public let heldOutDistances: Distances
  /// The width of a bin of the histograms.
  public let binWidth: Double
  /// The median of the samples' distances by that of the held-out rows'.
  public let medianRatio: ValueWithError
  /// How often a held-out row is farther from the training rows than a sample; −z is Z_U of Meehan and others.
  public let nearer: MannWhitney
  /// Of all samples.
  public let leaning: Excess
  /// Of the samples that are nearer to a row than ``nearness``.
  public let copied: Excess
  /// The distance that three quarters of the held-out rows have to the training rows at least.
  public let nearness: Double
  /// The samples that are nearest to a training row, compared with their distance to the nearest held-out row.
  public let closest: [Pair]

  /// Below this p value a model may count as copying.
  public static let level = 0.01
  /// The least part of copied samples that is worth a warning.
  public static let leastCopied = 0.1

  /// Whether the model copies training rows: the p value of ``copied`` is below ``level``, its part above ``leastCopied``.
  public var isCopying: Bool { copied.pValue < Self.level && copied.part.value > Self.leastCopied }

  /// Compares samples with rows, all in the model's space.
  ///
  /// - Parameters:
  ///   - samples: Shape `[n, D]`.
  ///   - heldOut: Rows like those trained on, drawn by the same chance, that training never saw.
  ///   - compared: How many of these, from the first, are looked up among the training rows.
  ///   - shown: The pairs that are kept.
  package init(
    of samples: Tensor, training: ReferenceRows, heldOut: ReferenceRows, compared: Int, shown: Int,
    progress: (Double) -> Void = { _ in }
  ) {
    let (n, t, h) = (samples.extent(0), training.count, heldOut.count)
    precondition(n > 0 && compared > 0 && h > 0, "there is nothing to compare")
    let looked = min(compared, h)
    let few = heldOut.rows(Tensor((0..<looked).map(Int64.init)).to(device: samples.device))
    // Both together, so that every block of training rows is prepared once.
    let near = NearestRows(of: .concatenate([samples, few]), among: training) { progress(0.9 * $0) }
    let other = NearestRows(of: samples, among: heldOut) { progress(0.9 + 0.1 * $0) }
    let (mine, theirs) = (Array(near.distances[..<n]), Array(near.distances[n...]))

    let width = (mine + theirs).max().map { $0 > 0 ? $0 / 40 : 1 } ?? 1
    (self.samples, trainingRows, heldOutRows, binWidth) = (n, t, h, width)
    sampleDistances = Distances(mine, width: width)
    heldOutDistances = Distances(theirs, width: width)
    medianRatio = sampleDistances.median / heldOutDistances.median
    nearer = MannWhitney(theirs, mine)

    nearness = theirs.quantile(0.25)
    let limit = nearness
    let toTraining = (near.indices, mine), toHeldOut = (other.indices, other.distances)
    func excess(_ chosen: [Int]) -> Excess {
      Excess(of: chosen, among: n, toTraining: toTraining, toHeldOut: toHeldOut, rows: (t, h))
    }
    leaning = excess(Array(0..<n))
    copied = excess((0..<n).filter { min(mine[$0], other.distances[$0]) < limit || mine[$0] == 0 })
    let relative = (0..<n).map { mine[$0] == other.distances[$0] ? 1 : mine[$0] / other.distances[$0] }
    let order = relative.indices.sorted { relative[$0] == relative[$1] ? $0 < $1 : relative[$0] < relative[$1] }
    closest = order.prefix(shown).map { sample in
      Pair(
        sample: sample, trainingRow: near.indices[sample], distance: mine[sample],
        heldOutDistance: other.distances[sample])
    }
  }
}

extension Memorization.Excess {
  /// Counts.
  ///
  /// - Parameters:
  ///   - chosen: The samples that are counted, of so many.
  ///   - toTraining: For each sample the nearest training row and its distance.
  ///   - rows: T and H.
  fileprivate init(
    of chosen: [Int], among count: Int, toTraining: (rows: [Int], distances: [Double]),
    toHeldOut: (rows: [Int], distances: [Double]), rows: (training: Int, heldOut: Int)
  ) {
    var (weights, near) = ([Int: Double](), 0.0)
    for sample in chosen {
      let (mine, other) = (toTraining.distances[sample], toHeldOut.distances[sample])
      let share = mine < other ? 1 : mine > other ? 0 : 0.5
      near += share
      if share > 0 { weights[toTraining.rows[sample], default: 0] += share }
      if share < 1 { weights[rows.training + toHeldOut.rows[sample], default: 0] += 1 - share }
    }
    let (t, h, n) = (Double(rows.training), Double(rows.heldOut), Double(count))
    let (all, chosenCount) = (t + h, Double(chosen.count))
    // In the order of the rows: sums in a dictionary's order would differ from run to run.
    let squares = weights.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value * $1.value }
    let variance = t * h / all * max(0, squares - chosenCount * chosenCount / all) / (all - 1)
    samples = chosen.count
    nearTraining = near
    part = ValueWithError((near - (chosenCount - near) * t / h) / n, error: variance.squareRoot() * all / h / n)
    pValue = part.error > 0 ? erfc(part.value / part.error / 2.0.squareRoot()) / 2 : part.value > 0 ? 0 : 1
  }
}

extension Memorization.Distances {
  fileprivate init(_ values: [Double], width: Double) {
    (lowerQuartile, upperQuartile) = (values.quantile(0.25), values.quantile(0.75))
    median = values.quantileWithError(0.5)
    copies = values.count { $0 == 0 }
    var bins = [Int](repeating: 0, count: 40)
    for value in values { bins[min(39, Int(value / width))] += 1 }
    histogram = bins
  }
}

public import Torch

/// What a model's samples are like beside rows that it never saw: whether they are copies of training rows, whether a classifier tells them from rows, and
/// how each column or pixel is distributed.
///
/// - SeeAlso: Box, “Sampling and Bayes’ inference in scientific modelling and robustness”, 1980; Gelman and others, “Bayesian Data Analysis”, chapter
///   “Model checking”.
public struct ModelCheck: Codable, Sendable, Equatable {
  /// What the rows are called that the model is checked with.
  public let data: String
  /// Which of its rows.
  public let part: String
  /// The prior that samples are drawn from.
  public let prior: String
  /// What stands for a sample where it is compared with training rows: `mean` or `draw` of p(x|z).
  public let decoding: String
  /// Whether rows are pictures, so that columns are pixels.
  public let isPicture: Bool
  /// Copies of training rows.
  public let memorization: Memorization
  /// A classifier on samples and rows.
  public let twoSampleTest: TwoSampleTest
  /// Each column, with draws that know nothing of the row.
  public let calibration: Calibration
  /// Each column, with draws that know the row: optimistic, as the row is among what they are made from.
  public let reconstruction: Calibration
  /// Means, deviations, quantiles and correlations.
  public let statistics: MarginalStatistics
  /// What a reader should know, each a sentence.
  public let notes: [String]

  /// What is checked, how much of it.
  public struct Settings: Sendable {
    /// Samples, and held-out rows at the most that are looked up among training rows or looked at column by column.
    public var samples = 2000
    /// Classifiers of the two-sample test.
    public var classifiers = 3
    /// What stands for a sample where it is compared with training rows; nil takes means of pictures and draws of tables, as `latent sample`.
    public var decoding: Decoding?
    /// The seed of all draws.
    public var seed: UInt64 = 0

    /// The defaults.
    public init() {}
  }

  /// Samples beside the training rows that are nearest to them, in the data's units, both `[pairs, D]`.
  public struct Closest {
    /// Samples.
    public let samples: Tensor
    /// For each the nearest training row.
    public let rows: Tensor
  }
}

public import Torch

/// The form of p(x|z): it turns a decoder's outputs into a distribution of observations.
///
/// Observations have shape `[batch, D]`. Features have shape `[…, batch, D · featuresPerElement]`, the features of one element side
/// by side.
public protocol Likelihood: Module {
  /// The number of outputs that it asks of the decoder for each of the D elements.
  var featuresPerElement: Int { get }

  /// Whether it describes whole numbers, so that a reconstruction is right or wrong about an element.
  var isDiscrete: Bool { get }

  /// What the encoder is shown of an observation.
  func encoderInput(_ x: Tensor) -> Tensor

  /// What the encoder might be shown, made from numbers that may be anything, so that it can be learned.
  func encoderInput(free: Tensor) -> Tensor

  /// log p(x|z), summed over the D elements, in nats.
  ///
  /// - Returns: Shape `[…, batch]`.
  func logDensity(of x: Tensor, features: Tensor) -> Tensor

  /// log p(x_d|z) of each element, whose sum over d is ``logDensity(of:features:)``, in nats.
  ///
  /// - Returns: Shape `[…, batch, D]`.
  func logDensities(of x: Tensor, features: Tensor) -> Tensor

  /// E[x|z], shape `[…, batch, D]`.
  func mean(_ features: Tensor) -> Tensor

  /// Features whose mean is the given one, shape `[D · featuresPerElement]` from `[D]`; nil where a mean does not decide them.
  func features(withMean mean: Tensor) -> Tensor?

  /// A draw of x, shape `[…, batch, D]`.
  func sample(_ features: Tensor, using noise: Noise) -> Tensor

  /// What a reader of numbers on such observations should know, in one sentence; nil where there is nothing to say.
  func remark(on x: Tensor) -> String?

  /// What its numbers on such observations are.
  func measure(of x: Tensor) -> LikelihoodMeasure

  /// σ² of every element and the least that it can become, where it is learned; nil where there is no such thing.
  func boundedVariance(_ features: Tensor) -> (values: Tensor, floor: Double)?
}

extension Likelihood {
  /// Each element as an observation of its own; right where the likelihood has no parameter of one element alone.
  public func logDensities(of x: Tensor, features: Tensor) -> Tensor {
    let perElement = features.reshaped(features.shape.dropLast() + [x.extent(-1), featuresPerElement])
    return logDensity(of: x.unsqueezed(at: -1), features: perElement)
  }

  /// It describes a continuum.
  public var isDiscrete: Bool { false }

  /// The observation itself.
  public func encoderInput(_ x: Tensor) -> Tensor { x }

  /// The numbers themselves: observations may be anything.
  public func encoderInput(free: Tensor) -> Tensor { free }

  /// A mean does not decide them.
  public func features(withMean mean: Tensor) -> Tensor? { nil }

  /// Nothing.
  public func remark(on x: Tensor) -> String? { nil }

  /// Densities.
  public func measure(of x: Tensor) -> LikelihoodMeasure { .density }

  /// It learns no variance.
  public func boundedVariance(_ features: Tensor) -> (values: Tensor, floor: Double)? { nil }
}

extension Tensor {
  /// Into (0, 1) so that numbers of size 1 come near both ends, where most elements of pictures are.
  ///
  ///     1 / (1 + e^(−4 a))
  func squashed() -> Tensor { (self * 4).sigmoid() }
}

/// What the values that a likelihood is to describe look like, after scaling.
public struct ValueRange: Sendable, Equatable {
  /// The smallest value.
  public var minimum: Double
  /// The greatest value.
  public var maximum: Double
  /// Whether all values are whole numbers.
  public var isWhole: Bool
  /// Whether the rows to train on were scaled to [0, 1], so that only other rows can lie outside.
  public var isUnitScaled: Bool

  /// A range.
  public init(minimum: Double, maximum: Double, isWhole: Bool, isUnitScaled: Bool = false) {
    self.minimum = minimum
    self.maximum = maximum
    self.isWhole = isWhole
    self.isUnitScaled = isUnitScaled
  }
}

/// A likelihood to be chosen by name.
public protocol LikelihoodChoice: Choice {
  /// This choice with everything that it leaves to the data filled in.
  func resolved(for data: DataSummary) throws(LatentError) -> any LikelihoodChoice

  /// The scaling that suits it where the user names none.
  func scaling(for data: DataSummary) -> ScalingKind

  /// Refuses values that it gives no density to, with the remedy.
  func check(_ range: ValueRange) throws(LatentError)

  /// The likelihood for observations of D elements.
  ///
  /// - Throws: ``LatentError`` where something is still left to the data.
  func make(dimensions: Int, with initializer: Initializer) throws(LatentError) -> any Likelihood
}

extension LikelihoodChoice {
  /// Nothing is left to the data.
  public func resolved(for data: DataSummary) throws(LatentError) -> any LikelihoodChoice { self }

  /// Every finite value has a density.
  public func check(_ range: ValueRange) throws(LatentError) {}
}

/// The forms of p(x|z).
public enum Likelihoods: Family {
  /// The choices as likelihoods.
  public typealias Member = any LikelihoodChoice
  /// `likelihoods`.
  public static var name: String { "likelihoods" }
  /// The list; a new likelihood adds a line here.
  public static var choices: [any Choice.Type] {
    [
      AutomaticLikelihood.self,
      BernoulliLikelihood.Settings.self,
      ContinuousBernoulliLikelihood.Settings.self,
      CategoricalLikelihood.Settings.self,
      GaussianLikelihood.Settings.self,
      DecodedGaussianLikelihood.Settings.self,
      UnitGaussianLikelihood.Settings.self,
    ]
  }
  /// The one that the data suggests.
  public static var standard: any Choice { AutomaticLikelihood() }
}

extension DataDescription {
  /// The values of some data once scaled and made black and white as described.
  func valueRange(of dataset: Dataset) -> ValueRange {
    if binarization != .none { return ValueRange(minimum: 0, maximum: 1, isWhole: true) }
    let (minimum, maximum) = scaling.range(of: dataset)
    return ValueRange(
      minimum: minimum, maximum: maximum, isWhole: scaling == .identity && dataset.isWhole,
      isUnitScaled: scaling.kind == .unit)
  }
}

extension Dataset {
  /// Whether all values are whole numbers.
  fileprivate var isWhole: Bool {
    values.type == .uint8 || (values - values.rounded()).absolute().maximum().item == 0
  }
}

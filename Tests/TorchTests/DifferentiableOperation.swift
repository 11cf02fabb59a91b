import Testing
import Torch

/// An operation with a derivative, and where to try it: away from kinks and poles.
struct DifferentiableOperation: Sendable, CustomTestStringConvertible {
  /// The name that the engine's wrapper gives it, which a list is checked by.
  let name: String
  let shapes: [[Int]]
  let range: ClosedRange<Double>
  let body: @Sendable ([Tensor]) -> Tensor

  var testDescription: String { name }

  /// An operation on one tensor.
  init(
    _ name: String, _ shape: [Int] = [2, 3], in range: ClosedRange<Double> = -2...2,
    _ body: @escaping @Sendable (Tensor) -> Tensor
  ) {
    self.init(name, [shape], in: range) { body($0[0]) }
  }

  /// An operation on two tensors.
  init(
    _ name: String, _ first: [Int], _ second: [Int], in range: ClosedRange<Double> = -2...2,
    _ body: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) {
    self.init(name, [first, second], in: range) { body($0[0], $0[1]) }
  }

  init(
    _ name: String, _ shapes: [[Int]], in range: ClosedRange<Double> = -2...2,
    _ body: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    (self.name, self.shapes, self.range, self.body) = (name, shapes, range, body)
  }

  /// The greatest difference between derivatives and central differences, relative to 1 + |derivative|.
  ///
  /// The outputs are summed with irregular weights, so that no two errors can cancel.
  func error() -> Double {
    let inputs = shapes.enumerated().map { Tensor.irregular($1, in: range, salt: $0) }
    func scalar(_ inputs: [Tensor]) -> Tensor {
      let output = body(inputs)
      return (output * Tensor.irregular(output.shape, in: 0.5...1.5, salt: 11)).sum()
    }
    let parameters = inputs.map { Parameter($0.copied()) }
    let gradients = scalar(parameters.map(\.value)).gradients(in: parameters).map(\.doubles)
    var worst = 0.0
    let step = 1e-5
    for (index, input) in inputs.enumerated() {
      for position in 0..<input.count {
        func moved(_ by: Double) -> Double {
          var values = input.doubles
          values[position] += by
          var all = inputs
          all[index] = Tensor(values, shape: input.shape)
          return scalar(all).item
        }
        let numeric = (moved(step) - moved(-step)) / (2 * step)
        let difference = abs(numeric - gradients[index][position]) / (1 + abs(numeric))
        worst = difference.isNaN ? .infinity : max(worst, difference)
      }
    }
    return worst
  }
}

extension DifferentiableOperation {
  private static func positiveDefinite(_ x: Tensor) -> Tensor {
    x.times(x.transposed()) + Tensor.identity(x.extent(-1), type: .float64)
  }

  /// A linear layer; in double precision, so by libtorch's own products.
  private static func linear(_ activation: Tensor.FusedActivation) -> DifferentiableOperation {
    .init("linear", [[2, 3], [4, 3], [4]]) { $0[0].linear(weight: $0[1], bias: $0[2], activation: activation) }
  }

  static let elementwise: [DifferentiableOperation] = [
    .init("exponential") { $0.exponential() },
    .init("logarithm", in: 0.3...3) { $0.logarithm() },
    .init("logarithmOfOnePlus", in: -0.5...2) { $0.logarithmOfOnePlus() },
    .init("exponentialMinusOne") { $0.exponentialMinusOne() },
    .init("squareRoot", in: 0.3...3) { $0.squareRoot() },
    .init("squared") { $0.squared() },
    .init("absolute") { $0.absolute() },
    .init("sign") { $0.sign() },
    .init("hyperbolicTangent") { $0.hyperbolicTangent() },
    .init("sigmoid") { $0.sigmoid() },
    .init("rectified") { $0.rectified() },
    .init("swish") { $0.swish() },
    .init("gaussianErrorLinear") { $0.gaussianErrorLinear() },
    .init("exponentialLinear") { $0.exponentialLinear() },
    .init("softplus") { $0.softplus() },
    .init("logSigmoid") { $0.logSigmoid() },
    .init("floor") { $0.floor() },
    .init("rounded") { $0.rounded() },
    .init("logGamma", in: 0.5...4) { $0.logGamma() },
    .init("digamma", in: 0.5...4) { $0.digamma() },
    .init("errorFunction") { $0.errorFunction() },
    .init("reciprocal", in: 0.5...3) { $0.reciprocal() },
    .init("leakyRectified") { $0.leakyRectified(slope: 0.2) },
    .init("power", in: 0.3...3) { $0.power(2.5) },
    .init("clamped") { $0.clamped(to: -1...1) },
    .init("choose", [2, 3], [3]) { .choose($0, where: $0 .> 0.1, else: $1) },
    .init("-") { -$0 },
    .init("+", [2, 3], [3]) { 2 + ($0 + $1 + 1) },
    .init("-", [2, 3], [2, 1]) { 2 - ($0 - $1 - 1) },
    .init("*", [2, 1], [3]) { 2 * ($0 * $1 * 3) },
    .init("/", [2, 3], [3], in: 0.5...2) { 2 / ($0 / $1 / 3) },
    .init("maximum", [2, 3], [3]) { .maximum($0, $1) },
    .init("minimum", [2, 3], [3]) { .minimum($0, $1) },
  ]

  static let reductions: [DifferentiableOperation] = [
    .init("sum") { $0.sum(over: 0) * $0.sum(over: -1).sum() },
    .init("mean") { $0.mean(over: -1, keepingDimensions: true) },
    .init("scaledMean") { $0.squared().scaledMean(by: -3) },
    .init("maximum") { $0.maximum(over: 1) },
    .init("minimum") { $0.minimum() },
    .init("logSumExp") { $0.logSumExp(over: 0) },
    .init("variance") { $0.variance(over: 0) },
    .init("softmax") { $0.softmax() },
    .init("logSoftmax") { $0.logSoftmax(along: 0) },
    .init("cumulativeSum") { $0.cumulativeSum(along: 1) },
    .init("bernoulliLogDensity", [2, 3], [4, 2, 3], in: 0.1...0.9) { $0.bernoulliLogDensity(logits: $1) },
    .init("gaussianLogDensity", [[2, 3], [4, 2, 3], [3]]) { $0[0].gaussianLogDensity(mean: $0[1], logVariance: $0[2]) },
    .init("gaussianParts", [2, 6]) {
      let (mean, logVariance) = $0.gaussianParts(logVarianceIn: -1.3...0.8)
      return mean * logVariance.squared()
    },
    .init("reparametrized", [[4, 2, 3], [2, 3], [2, 3]]) { $0[0].reparametrized(mean: $0[1], logVariance: $0[2]) },
    // By a factor of 1 the gradient is the numbers' own; by others it is tried in FusedStepTests.
    .init("scalingGradient", [[2, 3]]) { $0[0].scalingGradient(by: .ones([1], type: .float64)).squared() },
    .init("standardNormalDivergence", [[2, 3], [2, 3]]) { $0[0].standardNormalDivergence(logVariance: $0[1]) },
  ]

  static let shaping: [DifferentiableOperation] = [
    .init("reshaped") { $0.reshaped([3, 2]) },
    .init("expanded", [1, 3]) { $0.expanded([4, 3]) },
    .init("permuted", [2, 3, 2]) { $0.permuted([2, 0, 1]).squared() },
    .init("narrowed") { $0.narrowed(along: 1, from: 1, count: 2) },
    .init("selected") { $0.selected(along: 1, 2) },
    .init("unsqueezed") { $0.unsqueezed(at: 1) },
    .init("squeezed", [2, 1, 3]) { $0.squeezed(at: 1) },
    .init("concatenate", [2, 3], [2, 2]) { .concatenate([$0, $1, $0], along: 1) },
    .init("stack", [2, 3], [2, 3]) { .stack([$0, $1], along: 1) },
    .init("rows", [3, 2]) { $0.rows(Tensor([2, 0, 2] as [Int64])) },
    .init("columns", [2, 3]) { $0.columns(Tensor([2, 0, 2] as [Int64])) },
    .init("gathered", [2, 3]) { $0.gathered(along: 1, at: Tensor([2, 0, 1, 1] as [Int64], shape: [2, 2])) },
    .init("resized", [1, 2, 4, 5]) { $0.resized(height: 3, width: 7) },
    .init("copied") { $0.copied() },
    .init("contiguous", [2, 3]) { $0.transposed().contiguous() },
  ]

  static let algebra: [DifferentiableOperation] = [
    .init("times", [2, 3], [3, 4]) { $0.times($1) },
    .init("times", [2, 2, 3], [3, 2]) { $0.times($1) },
    .init("cholesky", [3, 3]) { (try? positiveDefinite($0).cholesky()) ?? $0 * .nan },
    .init("symmetricEigen", [3, 3]) { positiveDefinite($0).symmetricEigen().values },
    .init("solvingTriangular", [3, 3], [3, 2]) { a, b in
      (a.lowerTriangle() + Tensor.identity(3, type: .float64) * 5).solvingTriangular(b)
    },
    .init("lowerTriangle", [3, 3]) { $0.lowerTriangle() },
    .init("diagonal", [2, 3, 3]) { $0.diagonal() },
    .init("logDeterminant", [3, 3]) { positiveDefinite($0).logDeterminant() },
    .init("inverse", [3, 3]) { positiveDefinite($0).inverse() },
    linear(.none), linear(.rectified), linear(.leakyRectified), linear(.hyperbolicTangent), linear(.sigmoid),
  ]

  /// Pictures `[2, 3, 5, 4]` and kernels `[2, 3, 3, 3]`.
  static let pictures: [DifferentiableOperation] = [
    .init("convolved", [[2, 3, 5, 4], [2, 3, 3, 3], [2]]) {
      $0[0].convolved(weight: $0[1], bias: $0[2], stride: 2, padding: 1)
    },
    .init("transposeConvolved", [[2, 3, 3, 2], [3, 2, 3, 3], [2]]) {
      $0[0].transposeConvolved(weight: $0[1], bias: $0[2], stride: 2, padding: 1, extra: (0, 1))
    },
    .init("batchNormalized", [[2, 3, 5, 4], [3], [3]]) {
      let moments = (Tensor.zeros([3], type: .float64), Tensor.ones([3], type: .float64))
      return $0[0].batchNormalized(
        scale: $0[1], shift: $0[2], updating: moments.0, moments.1, momentum: 0.1, epsilon: 1e-5)
    },
    .init("batchNormalized", [[2, 3, 5, 4], [3], [3]]) {
      let moments = (Tensor.full([3], 0.5, type: .float64), Tensor.full([3], 2, type: .float64))
      return $0[0].batchNormalized(scale: $0[1], shift: $0[2], by: moments.0, moments.1, epsilon: 1e-5)
    },
    .init("enlargedAndConvolved", [[1, 2, 3, 2], [3, 2, 3, 3], [3]]) {
      $0[0].enlargedAndConvolved(height: 6, width: 5, weight: $0[1], bias: $0[2], padding: 1)
    },
  ]

  static let all = elementwise + reductions + shaping + algebra + pictures

  /// Operations without a derivative: of whole numbers, of truth values, to another type, or out of the graph.
  static let without: Set<String> = [
    "isNaN", "isFinite", "logicalNot", ".==", ".<", ".<=", ".>", ".>=", "indexOfMaximum", "oneHot", "detached", "to",
    "scaledRows",
    "full",
    "identity", "range",
  ]
}

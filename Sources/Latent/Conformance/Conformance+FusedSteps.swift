internal import Foundation
internal import Torch

// What is computed in one pass over memory.
extension Conformance {
  /// An operation in one pass, and the same by plain ones.
  private struct FusedStep {
    let name: String
    /// Of the inputs.
    let shapes: [[Int]]
    let fused: ([Tensor]) -> Tensor
    /// Itself in double precision, where there is no shorter one.
    var plain: (([Tensor]) -> Tensor)?

    init(
      _ name: String, _ shapes: [[Int]], _ fused: @escaping ([Tensor]) -> Tensor, plain: (([Tensor]) -> Tensor)? = nil
    ) {
      (self.name, self.shapes, self.fused, self.plain) = (name, shapes, fused, plain)
    }

    func inputs(_ type: ElementKind) -> [Parameter] {
      let noise = Noise(seed: 1)
      return shapes.map { Parameter(noise.normal($0).to(type: type)) }
    }

    /// The output, weighed by fixed numbers so that no derivative is a plain sum.
    func weighed(_ operation: ([Tensor]) -> Tensor, _ inputs: [Parameter]) -> (output: Tensor, sum: Tensor) {
      let output = operation(inputs.map(\.value))
      return (output, (output * Noise(seed: 2).normal(output.shape).to(type: output.type)).sum())
    }
  }

  private static var activations: [(name: String, fused: Tensor.FusedActivation, plain: (Tensor) -> Tensor)] {
    [
      ("none", .none, { $0 }), ("relu", .rectified, { $0.rectified() }),
      ("leaky-relu", .leakyRectified, { $0.leakyRectified() }),
      ("tanh", .hyperbolicTangent, { $0.hyperbolicTangent() }),
      ("sigmoid", .sigmoid, { $0.sigmoid() }),
    ]
  }

  private static var fused: [FusedStep] {
    let linear = activations.map { name, activation, plain in
      FusedStep("linear \(name)", [[6, 40], [30, 40], [30]]) {
        $0[0].linear(weight: $0[1], bias: $0[2], activation: activation)
      } plain: {
        plain($0[0].times($0[1].transposed()) + $0[2])
      }
    }
    let pictures = activations.flatMap { name, activation, plain -> [FusedStep] in
      [
        FusedStep("convolution \(name)", [[2, 3, 6, 5], [4, 3, 3, 3], [4]]) {
          $0[0].convolved(weight: $0[1], bias: $0[2], stride: 1, padding: 1, activation: activation)
        } plain: {
          plain(convolved($0[0], by: $0[1]) + $0[2].reshaped([1, -1, 1, 1]))
        },
        FusedStep("convolution with stride \(name)", [[2, 3, 6, 5], [4, 3, 3, 3], [4]]) {
          $0[0].convolved(weight: $0[1], bias: $0[2], stride: 2, padding: 1, activation: activation)
        },
        FusedStep("transposed convolution \(name)", [[2, 3, 4, 3], [3, 4, 3, 3], [4]]) {
          $0[0].transposeConvolved(
            weight: $0[1], bias: $0[2], stride: 2, padding: 1, extra: (1, 0), activation: activation)
        },
        FusedStep("enlarged convolution \(name)", [[2, 3, 4, 3], [4, 3, 3, 3], [4]]) {
          $0[0].enlargedAndConvolved(
            height: 8, width: 6, weight: $0[1], bias: $0[2], padding: 1, activation: activation)
        },
        FusedStep("batch normalization \(name)", [[5, 3, 4, 4], [3], [3]]) {
          let type = $0[0].type
          return $0[0].batchNormalized(
            scale: $0[1], shift: $0[2], updating: .zeros([3], type: type), .ones([3], type: type), momentum: 0.1,
            epsilon: 1e-5, activation: activation)
        } plain: {
          plain(normalized($0[0]) * $0[1].reshaped([1, -1, 1, 1]) + $0[2].reshaped([1, -1, 1, 1]))
        },
      ]
    }
    return linear + pictures + [
      FusedStep("bernoulli density", [[4, 50], [3, 4, 50]]) {
        $0[0].sigmoid().bernoulliLogDensity(logits: $0[1] * 3)
      } plain: {
        ($0[0].sigmoid() * $0[1] * 3 - ($0[1] * 3).softplus()).sum(over: -1)
      },
      FusedStep("reparametrized draws", [[4, 5], [4, 5]]) {
        epsilon($0[0].type).reparametrized(mean: $0[0], logVariance: $0[1])
      } plain: {
        $0[0] + ($0[1] * 0.5).exponential() * epsilon($0[0].type)
      },
      FusedStep("divergence from N(0, I)", [[4, 5], [4, 5]]) {
        $0[0].standardNormalDivergence(logVariance: $0[1])
      } plain: {
        ($0[0].squared() + $0[1].exponential() - $0[1] - 1) * 0.5
      },
    ]
  }

  /// Three draws, through which no derivative is asked for.
  private static func epsilon(_ type: ElementKind) -> Tensor { Noise(seed: 3).normal([3, 4, 5]).to(type: type) }

  /// A convolution of 3 × 3 as nine products of matrices, with one pixel of nothing around.
  private static func convolved(_ x: Tensor, by weight: Tensor) -> Tensor {
    let (height, width) = (x.extent(2), x.extent(3))
    func padded(_ x: Tensor, along dimension: Int) -> Tensor {
      let edge = x.narrowed(along: dimension, from: 0, count: 1) * 0
      return .concatenate([edge, x, edge], along: dimension)
    }
    let wide = padded(padded(x, along: 2), along: 3)
    let parts = (0..<9).map { place -> Tensor in
      let (row, column) = (place / 3, place % 3)
      let pixels = wide.narrowed(along: 2, from: row, count: height).narrowed(along: 3, from: column, count: width)
      let kernel = weight.selected(along: 3, column).selected(along: 2, row)
      return pixels.permuted([0, 2, 3, 1]).times(kernel.transposed())
    }
    return parts.dropFirst().reduce(parts[0]) { $0 + $1 }.permuted([0, 3, 1, 2])
  }

  /// Each channel with mean 0 and variance 1 over the batch.
  private static func normalized(_ x: Tensor) -> Tensor {
    let centred = x - x.mean(over: 0, 2, 3, keepingDimensions: true)
    return centred / (centred.squared().mean(over: 0, 2, 3, keepingDimensions: true) + 1e-5).squareRoot()
  }

  @Sendable static func fusedSteps(_ examiner: Examiner) {
    for step in fused {
      let (single, double) = (step.inputs(.float32), step.inputs(.float64))
      let (found, exact) = (step.weighed(step.fused, single), step.weighed(step.plain ?? step.fused, double))
      examiner.compare(found.output, with: exact.output, of: step.name)
      for (a, b) in zip(found.sum.gradients(in: single), exact.sum.gradients(in: double)) {
        examiner.compare(a, with: b, of: "\(step.name), derivatives")
      }
    }
  }

  @Sendable static func fusedGradients(_ examiner: Examiner) {
    for step in fused {
      let inputs = step.inputs(.float64)
      examiner.compareGradients(of: step.name, in: inputs.enumerated().map { ("input \($0 + 1)", $1) }) {
        step.weighed(step.fused, inputs).sum
      }
    }
  }

  @Sendable static func adam(_ examiner: Examiner) {
    let (rate, beta1, beta2, epsilon) = (0.1, 0.8, 0.95, 1e-3)
    var (x, m, v) = ([1.5, -2, 0.25], [0.0, 0, 0], [0.0, 0, 0])
    let parameter = Parameter(Tensor(x))
    let (mean, square) = (Tensor.zeros([3], type: .float64), Tensor.zeros([3], type: .float64))
    let count = Tensor.zeros([])
    let step = AdamStep(
      learningRate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: 0, isDecoupled: false)
    for t in 1...5 {
      // The gradient of Σ x⁴/4 + x.
      let gradient = x.map { $0 * $0 * $0 + 1 }
      let current = parameter.value.detached()
      step.apply(
        to: [parameter], gradients: [current.power(3) + 1], means: [mean], squares: [square], steps: [count])
      for i in x.indices {
        m[i] = beta1 * m[i] + (1 - beta1) * gradient[i]
        v[i] = beta2 * v[i] + (1 - beta2) * gradient[i] * gradient[i]
        let (first, second) = (m[i] / (1 - pow(beta1, Double(t))), v[i] / (1 - pow(beta2, Double(t))))
        x[i] -= rate * first / (second.squareRoot() + epsilon)
      }
      examiner.compare(parameter.value, with: Tensor(x), of: "step \(t)")
    }
  }
}

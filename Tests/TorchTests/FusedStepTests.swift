import Foundation
import Testing
import Torch

/// Steps of optimizers against their formulas, written out here.
@Suite struct FusedStepTests {
  private static let start = [1.5, -2, 0.25, 3]

  /// The gradient of Σ x⁴/4 + x, different at every step.
  private static func gradient(_ x: [Double]) -> [Double] { x.map { $0 * $0 * $0 + 1 } }

  private static func differ(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
  }

  @Test func `a scaled gradient is multiplied by what its factor holds when it passes, and the numbers stay`() {
    let parameter = Parameter(Tensor(Self.start, shape: [2, 2]))
    let factor = Tensor.ones([2, 1], type: .float64)
    let scaled = parameter.value.scalingGradient(by: factor)
    #expect(scaled.doubles == Self.start)
    let total = (scaled * scaled).sum() + parameter.value.sum()
    factor.copy(from: Tensor([3, 0.5] as [Double], shape: [2, 1]))
    let found = total.gradients(in: [parameter])[0].doubles
    #expect(found == zip(Self.start, [3, 3, 0.5, 0.5]).map { 2 * $0 * $1 + 1 })
  }

  @Test(arguments: [(0.0, false), (0.1, false), (0.1, true), (0, true)])
  func `five steps of Adam and AdamW follow the formula`(weightDecay: Double, isDecoupled: Bool) {
    let (rate, beta1, beta2, epsilon) = (0.1, 0.8, 0.95, 1e-3)
    var (x, m, v) = (Self.start, [0.0, 0, 0, 0], [0.0, 0, 0, 0])
    let parameter = Parameter(Tensor(Self.start))
    let (mean, square, count) = (Tensor.zeros([4], type: .float64), Tensor.zeros([4], type: .float64), Tensor.zeros([]))
    let step = AdamStep(
      learningRate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
      isDecoupled: isDecoupled)
    for t in 1...5 {
      step.apply(
        to: [parameter], gradients: [Tensor(Self.gradient(parameter.value.doubles))], means: [mean], squares: [square],
        steps: [count])
      let plain = Self.gradient(x)
      for i in x.indices {
        let g = isDecoupled ? plain[i] : plain[i] + weightDecay * x[i]
        if isDecoupled { x[i] -= rate * weightDecay * x[i] }
        m[i] = beta1 * m[i] + (1 - beta1) * g
        v[i] = beta2 * v[i] + (1 - beta2) * g * g
        let corrected = (m[i] / (1 - pow(beta1, Double(t))), v[i] / (1 - pow(beta2, Double(t))))
        x[i] -= rate * corrected.0 / (corrected.1.squareRoot() + epsilon)
      }
      // The same operations in double precision in another order.
      #expect(Self.differ(parameter.value.doubles, x) < 1e-12)
      #expect(Self.differ(mean.doubles, m) < 1e-12 && Self.differ(square.doubles, v) < 1e-11)
      #expect(count.item == Double(t))
    }
  }

  // Around the sizes of vectors, and so many that threads share them.
  @Test(arguments: [1, 63, 64, 65, 321, 100_003])
  func `Adam in single precision is that of double precision`(count: Int) {
    let start = Noise(seed: 5).normal([count])
    func pass(_ type: ElementKind) -> [Tensor] {
      let parameter = Parameter(start.copied().to(type: type))
      let (mean, square, steps) = (
        Tensor.zeros([count], type: type), Tensor.zeros([count], type: type), Tensor.zeros([])
      )
      let step = AdamStep(
        learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, isDecoupled: true)
      for t in 0..<3 {
        let gradient = Noise(seed: UInt64(6 + t)).normal([count]).to(type: type)
        step.apply(to: [parameter], gradients: [gradient], means: [mean], squares: [square], steps: [steps])
      }
      return [parameter.value.detached(), mean, square].map { $0.to(type: .float64) }
    }
    // Numbers of about 1, changed by at most 0.01 a step.
    for (a, b) in zip(pass(.float32), pass(.float64)) { #expect((a - b).absolute().maximum().item < 2e-6) }
  }

  @Test(arguments: [(0.0, false, 0.0), (0.9, false, 0), (0.9, true, 0), (0.9, true, 0.2), (0, false, 0.2)])
  func `five steps of gradient descent follow the formula`(momentum: Double, isNesterov: Bool, weightDecay: Double) {
    let rate = 0.02
    var (x, m) = (Self.start, [0.0, 0, 0, 0])
    let parameter = Parameter(Tensor(Self.start))
    let momenta = Tensor.zeros([4], type: .float64)
    let step = DescentStep(learningRate: rate, momentum: momentum, weightDecay: weightDecay, isNesterov: isNesterov)
    for _ in 1...5 {
      step.apply(to: [parameter], gradients: [Tensor(Self.gradient(parameter.value.doubles))], momenta: [momenta])
      let plain = Self.gradient(x)
      for i in x.indices {
        let g = plain[i] + weightDecay * x[i]
        m[i] = momentum * m[i] + g
        x[i] -= rate * (isNesterov ? g + momentum * m[i] : m[i])
      }
      // The same operations in double precision in another order.
      #expect(Self.differ(parameter.value.doubles, x) < 1e-12)
      #expect(momentum == 0 || Self.differ(momenta.doubles, m) < 1e-12)
    }
  }

  @Test func `a step changes every parameter by its own gradient`() {
    let parameters = [
      Parameter(Tensor([1, 2] as [Float])), Parameter(Tensor([[3]].flatMap { $0 } as [Float], shape: [1, 1])),
    ]
    DescentStep(learningRate: 1, momentum: 0, weightDecay: 0, isNesterov: false)
      .apply(
        to: parameters, gradients: [Tensor([1, 0] as [Float]), Tensor([2] as [Float], shape: [1, 1])], momenta: [])
    #expect(parameters.map(\.value.doubles) == [[0, 2], [1]])
  }

  @Test func `clipping scales all gradients together to the greatest norm, and leaves smaller ones alone`() {
    let gradients = [Tensor([3, 0] as [Float]), Tensor([4] as [Float], shape: [1, 1])]
    #expect(clip(gradients, toNorm: 10) == 5)
    #expect(gradients.map(\.doubles) == [[3, 0], [4]])
    #expect(clip(gradients, toNorm: 5) == 5)
    #expect(gradients.map(\.doubles) == [[3, 0], [4]])
    #expect(clip(gradients, toNorm: 1) == 5)
    // 3/5 and 4/5 in single precision.
    #expect(abs(gradients[0].doubles[0] - 0.6) < 1e-7 && abs(gradients[1].doubles[0] - 0.8) < 1e-7)
    #expect(!clip([Tensor([.nan] as [Float])], toNorm: 1).isFinite)
    #expect(!clip([Tensor([.infinity] as [Float])], toNorm: 1).isFinite)
  }
}

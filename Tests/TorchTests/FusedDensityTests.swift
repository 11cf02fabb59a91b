import Testing
import Torch

/// Densities and draws that are computed in single precision by loops of their own, against libtorch's operations in double precision.
@Suite struct FusedDensityTests {
  @Test(arguments: [[4, 7], [3, 4, 65], [1, 1], [2, 300, 784]])
  func `binary log-densities and their derivatives are those of double precision for logits of all sizes`(shape: [Int])
  {
    let noise = Noise(seed: 3)
    let x = noise.uniform(Array(shape.suffix(2)))
    // Logits from about 10⁻³ to 10².
    let logits = noise.normal(shape) * (noise.uniform(shape) * 11 - 7).exponential()
    func pass(_ type: ElementKind) -> (value: Tensor, gradient: Tensor) {
      let parameter = Parameter(logits.to(type: type))
      let value = x.to(type: type).bernoulliLogDensity(logits: parameter.value)
      let slopes = Noise(seed: 4).normal(value.shape).to(type: type)
      return (value, (value * slopes).sum().gradients(in: [parameter])[0])
    }
    let (found, exact) = (pass(.float32), pass(.float64))
    let size = exact.value.absolute().maximum().item
    #expect((found.value.to(type: .float64) - exact.value).absolute().maximum().item < 1e-6 * Swift.max(1, size))
    #expect((found.gradient.to(type: .float64) - exact.gradient).absolute().maximum().item < 2e-6)
    let evaluated = withoutGradients { x.bernoulliLogDensity(logits: logits) }
    #expect((evaluated - found.value).absolute().maximum().item <= 1e-6 * Swift.max(1, size))
  }

  @Test(arguments: [[4, 7], [3, 4, 65], [1, 1], [1, 64], [2, 300, 784], [3, 5000]], ["all", "column", "number"])
  func `Gaussian log-densities and their derivatives are those of double precision`(shape: [Int], variances: String) {
    let noise = Noise(seed: 3)
    let x = noise.normal(Array(shape.suffix(2)))
    let mean = noise.normal(shape)
    let logVariance = noise.normal(variances == "all" ? [1] : variances == "column" ? [shape.last!] : shape) * 2
    func pass(_ type: ElementKind) -> [Tensor] {
      let parameters = [Parameter(mean.to(type: type)), Parameter(logVariance.to(type: type))]
      let value = x.to(type: type).gaussianLogDensity(mean: parameters[0].value, logVariance: parameters[1].value)
      let slopes = Noise(seed: 4).normal(value.shape).to(type: type)
      return [value] + (value * slopes).sum().gradients(in: parameters)
    }
    for (part, (a, b)) in zip(pass(.float32), pass(.float64)).enumerated() {
      #expect(a.shape == b.shape)
      let size = Swift.max(1, b.absolute().maximum().item)
      #expect((a.to(type: .float64) - b).absolute().maximum().item < 2e-6 * size, "part \(part)")
    }
    let evaluated = withoutGradients { x.gaussianLogDensity(mean: mean, logVariance: logVariance) }
    #expect(
      (evaluated - pass(.float32)[0]).absolute().maximum().item < 1e-6
        * Swift.max(1, evaluated.absolute().maximum().item))
  }

  @Test(arguments: [1, 5])
  func `draws and divergences of Gaussians are those of double precision, with their gradients`(
    draws: Int
  ) {
    let noise = Noise(seed: 7)
    // Log-variances over the range that posteriors may give, in the layout of features cut in two.
    let features = noise.normal([6, 34]) * 8
    let epsilon = noise.normal([draws, 6, 17])
    func pass(_ type: ElementKind) -> [Tensor] {
      let parameter = Parameter(features.to(type: type))
      let (mean, logVariance) = parameter.value.gaussianParts(logVarianceIn: -20...10)
      let z = epsilon.to(type: type).reparametrized(mean: mean, logVariance: logVariance)
      let divergence = mean.standardNormalDivergence(logVariance: logVariance)
      // Gradients that are the same along rows, and others.
      let slopes = Noise(seed: 8).normal([6]).to(type: type)
      let byRow = (divergence.sum(over: -1) * slopes).sum() + divergence.sum() * 0.1
      let loss = (z * 0.3).hyperbolicTangent().sum() + byRow + (divergence * 0.2).hyperbolicTangent().sum()
      return [z, divergence] + loss.gradients(in: [parameter])
    }
    for (part, (a, b)) in zip(["z", "divergence", "gradient"], zip(pass(.float32), pass(.float64))) {
      let scale = Swift.max(1, b.absolute().maximum().item)
      #expect((a.to(type: .float64) - b).absolute().maximum().item < 1e-6 * scale, "\(part)")
    }
  }

  @Test(arguments: [[34], [6, 34], [2, 3, 2]])
  func `features of Gaussians are cut and clamped as by single operations, with their gradient`(shape: [Int]) {
    let noise = Noise(seed: 12)
    var values = (noise.normal(shape) * 15).values(as: Float.self)
    // Log-variances on the edges of the range, beyond them, and no numbers.
    values.replaceSubrange(
      shape[shape.count - 1] / 2..<shape[shape.count - 1], with: repeatElement(.nan, count: shape[shape.count - 1] / 2))
    values.replaceSubrange((values.count - 1)..., with: [10])
    let features = Tensor(values, shape: shape)
    func pass(_ cut: (Tensor) -> (mean: Tensor, logVariance: Tensor)) -> [Tensor] {
      let parameter = Parameter(features.copied())
      let (mean, logVariance) = cut(parameter.value)
      let slopes = Noise(seed: 13).normal(mean.shape)
      let loss = (mean * slopes).sum() + (logVariance * slopes.squared()).sum()
      return [mean, logVariance] + loss.gradients(in: [parameter])
    }
    let found = pass { $0.gaussianParts(logVarianceIn: -20...10) }
    let plain = pass {
      let parts = $0.split(into: 2)
      return (parts[0], parts[1].clamped(to: -20...10))
    }
    for (a, b) in zip(found, plain) { #expect(a.shape == b.shape && a.contiguous().bytes == b.contiguous().bytes) }
  }

  @Test func `a logit that is not a number makes its row's log-density not a number`() {
    var values = [Float](repeating: 0.5, count: 20)
    values[13] = .nan
    let found = Tensor([Float](repeating: 1, count: 20), shape: [2, 10])
      .bernoulliLogDensity(logits: Tensor(values, shape: [2, 10])).values(as: Float.self)
    #expect(found[0].isFinite && found[1].isNaN)
  }
}

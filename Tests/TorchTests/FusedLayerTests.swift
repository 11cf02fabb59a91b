import Foundation
import Testing
import Torch

/// What is computed in single precision by loops of its own, against libtorch's operations in double precision.
@Suite struct FusedLayerTests {
  /// A layer of pictures with its parameters' shapes.
  struct PictureLayer: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let shapes: [[Int]]
    let apply: @Sendable ([Tensor], Tensor.FusedActivation) -> Tensor
  }

  static let layers: [PictureLayer] = [
    .init(testDescription: "stride 2", shapes: [[3, 5, 9, 8], [7, 5, 3, 3], [7]]) {
      $0[0].convolved(weight: $0[1], bias: $0[2], stride: 2, padding: 1, activation: $1)
    },
    .init(testDescription: "one channel", shapes: [[3, 1, 9, 8], [4, 1, 5, 5], [4]]) {
      $0[0].convolved(weight: $0[1], bias: $0[2], stride: 1, padding: 2, activation: $1)
    },
    .init(testDescription: "one pixel", shapes: [[3, 2, 1, 1], [4, 2, 3, 3], [4]]) {
      $0[0].convolved(weight: $0[1], bias: $0[2], stride: 2, padding: 1, activation: $1)
    },
    .init(testDescription: "transposed to an even size", shapes: [[3, 5, 4, 3], [5, 7, 3, 3], [7]]) {
      $0[0].transposeConvolved(weight: $0[1], bias: $0[2], stride: 2, padding: 1, extra: (1, 1), activation: $1)
    },
    .init(testDescription: "transposed to an odd size", shapes: [[3, 5, 4, 3], [5, 1, 3, 3], [1]]) {
      $0[0].transposeConvolved(weight: $0[1], bias: $0[2], stride: 2, padding: 1, extra: (0, 1), activation: $1)
    },
    .init(testDescription: "transposed with a greater kernel", shapes: [[3, 5, 4, 3], [5, 2, 5, 5], [2]]) {
      $0[0].transposeConvolved(weight: $0[1], bias: $0[2], stride: 2, padding: 2, extra: (1, 0), activation: $1)
    },
    .init(testDescription: "enlarged to twice the size", shapes: [[3, 5, 4, 3], [7, 5, 3, 3], [7]]) {
      $0[0].enlargedAndConvolved(height: 8, width: 6, weight: $0[1], bias: $0[2], padding: 1, activation: $1)
    },
    .init(testDescription: "enlarged from one pixel", shapes: [[3, 5, 1, 1], [1, 5, 3, 3], [1]]) {
      $0[0].enlargedAndConvolved(height: 2, width: 2, weight: $0[1], bias: $0[2], padding: 1, activation: $1)
    },
    .init(testDescription: "enlarged to an odd size", shapes: [[3, 5, 4, 3], [7, 5, 3, 3], [7]]) {
      $0[0].enlargedAndConvolved(height: 7, width: 5, weight: $0[1], bias: $0[2], padding: 1, activation: $1)
    },
  ]

  /// Output and gradients, the inputs with their pixels side by side or their channels.
  private static func pass(
    _ layer: PictureLayer, _ activation: Tensor.FusedActivation, pixelwise: Bool, type: ElementKind
  ) -> [Tensor] {
    let noise = Noise(seed: 1)
    let parameters = layer.shapes.map { shape -> Parameter in
      guard pixelwise, shape.count == 4 else { return Parameter(noise.normal(shape).to(type: type)) }
      let plain = noise.normal(shape).permuted([0, 2, 3, 1]).contiguous().permuted([0, 3, 1, 2])
      return Parameter(plain.to(type: type))
    }
    let y = layer.apply(parameters.map(\.value), activation)
    let slopes = Noise(seed: 2).normal(y.shape).to(type: type)
    return [y] + (y * slopes).sum().gradients(in: parameters)
  }

  @Test(arguments: layers, LinearProductTests.activations)
  func `convolutions with their activation are those of double precision, with their gradients`(
    layer: PictureLayer, activation: Tensor.FusedActivation
  ) {
    let exact = Self.pass(layer, activation, pixelwise: false, type: .float64)
    for pixelwise in [false, true] {
      let found = Self.pass(layer, activation, pixelwise: pixelwise, type: .float32)
      for (part, (a, b)) in zip(["output", "input", "weight", "bias"], zip(found, exact)) {
        #expect(a.shape == b.shape, "\(part)")
        // Sums of some hundred products of size 1, each rounded to 6e-8.
        let scale = Swift.max(1, b.absolute().maximum().item)
        #expect((a.to(type: .float64) - b).absolute().maximum().item < 2e-5 * scale, "\(part)")
      }
    }
  }

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

  @Test(arguments: [[5], [6, 17], [3, 40, 70], [2, 1500]])
  func `sums of rows are those of double precision, with their gradient`(shape: [Int]) {
    let values = Noise(seed: 15).normal(shape)
    func pass(_ type: ElementKind) -> [Tensor] {
      let parameter = Parameter(values.copied().to(type: type))
      let sums = parameter.value.sum(over: -1)
      return [sums] + sums.hyperbolicTangent().sum().gradients(in: [parameter])
    }
    for (a, b) in zip(pass(.float32), pass(.float64)) {
      #expect(a.shape == b.shape && (a.to(type: .float64) - b).absolute().maximum().item < 2e-5)
    }
  }

  @Test func `a mean times a factor is that of double precision, with its gradient`() {
    let values = Noise(seed: 14).normal([7, 30])
    for (type, tolerance) in [(ElementKind.float32, 1e-7), (.float64, 1e-15)] {
      let parameter = Parameter(values.to(type: type))
      let mean = parameter.value.scaledMean(by: -2.5)
      #expect(abs(mean.item - -2.5 * values.to(type: .float64).mean().item) < tolerance)
      let gradient = (mean * 3).gradients(in: [parameter])[0].doubles
      #expect(gradient.allSatisfy { abs($0 - -7.5 / 210) < tolerance })
    }
  }

  @Test(arguments: [0.1, 0.5, 0.9])
  func `dropout keeps the mean, draws each number by itself and the same for its gradient`(
    probability: Double
  ) async {
    await #expect(processExitsWith: .success) { [probability] in
      let shape = [20, 8, 30, 50]
      let values = Noise(seed: 8).uniform(shape) + 1
      func pass(threads: Int, seed: UInt64) -> (output: Tensor, gradient: Tensor) {
        Engine.threads = threads
        // Pixels side by side, as convolutions hand them on.
        let parameter = Parameter(values.permuted([0, 2, 3, 1]).contiguous().permuted([0, 3, 1, 2]))
        let output = Noise(seed: seed).dropout(parameter.value, probability: probability)
        return (output, output.sum().gradients(in: [parameter])[0])
      }
      let (output, gradient) = pass(threads: 1, seed: 9)
      let kept = (output .> 0).to(type: .float64)
      let (count, part) = (Double(values.count), kept.mean().item)
      // Five standard deviations of a mean of independent draws.
      let error = 5 * (probability * (1 - probability) / count).squareRoot()
      #expect(abs(part - (1 - probability)) < error + 1e-5)
      #expect((output - values * gradient).absolute().maximum().item < 1e-5 * (1 / (1 - probability)))
      let scale = gradient.maximum().item
      #expect(abs(scale * (1 - probability) - 1) < 1e-4)
      // Neighbours, and numbers a row, a channel and a group of draws apart, have nothing to do with each other.
      let flat = kept.reshaped([-1]) - part
      for distance in [1, 2, 8, 50, 128, 1500] {
        let together = (flat[0..<flat.count - distance] * flat[distance..<flat.count]).mean().item
        #expect(abs(together) < 5 * probability * (1 - probability) / count.squareRoot(), "\(distance)")
      }
      let again = pass(threads: 4, seed: 9)
      #expect((again.output - output).absolute().maximum().item == 0)
      #expect((again.gradient - gradient).absolute().maximum().item == 0)
      #expect((pass(threads: 1, seed: 10).output - output).absolute().maximum().item > 0)
    }
  }

  @Test(arguments: [1, 3, 15, 16]) func `pictures of few channels have the gradients that double precision gives`(
    channels: Int
  ) {
    let noise = Noise(seed: 10)
    let tensors = [noise.normal([7, 4, 13, 11]), noise.normal([channels, 4, 3, 3]), noise.normal([channels])]
    func pass(_ type: ElementKind) -> [Tensor] {
      let parameters = tensors.map { Parameter($0.to(type: type)) }
      let y = parameters[0].value.convolved(
        weight: parameters[1].value, bias: parameters[2].value, stride: 1, padding: 1, activation: .leakyRectified)
      return (y * Noise(seed: 11).normal(y.shape).to(type: type)).sum().gradients(in: parameters)
    }
    for (a, b) in zip(pass(.float32), pass(.float64)) {
      let scale = Swift.max(1, b.absolute().maximum().item)
      #expect((a.to(type: .float64) - b).absolute().maximum().item < 2e-5 * scale)
    }
  }

  @Test(arguments: [[6, 5, 7, 9], [70, 32, 16, 16], [3, 1, 2, 2], [2, 4, 1, 1]])
  func `batches are normalized as in double precision, with their gradients and running moments`(shape: [Int]) {
    let noise = Noise(seed: 12)
    let channels = shape[1]
    // Channels far from 0, whose squares alone would leave few digits of the variance.
    let offsets = noise.normal([channels, 1, 1]) * 30
    let tensors = [noise.normal(shape) + offsets, noise.normal([channels]), noise.normal([channels])]
    for activation in LinearProductTests.activations {
      func pass(_ type: ElementKind) -> [Tensor] {
        let parameters = tensors.map { Parameter($0.to(type: type)) }
        let (mean, variance) = (Tensor.zeros([channels], type: type), Tensor.ones([channels], type: type))
        let y = parameters[0].value.batchNormalized(
          scale: parameters[1].value, shift: parameters[2].value, updating: mean, variance, momentum: 0.1,
          epsilon: 1e-5,
          activation: activation)
        let gradients = (y * Noise(seed: 13).normal(y.shape).to(type: type)).sum().gradients(in: parameters)
        return [y, mean, variance] + gradients
      }
      let names = ["output", "running mean", "running variance", "input", "scale", "shift"]
      for (part, (a, b)) in zip(names, zip(pass(.float32), pass(.float64))) {
        let scale = Swift.max(1, b.absolute().maximum().item)
        // Inputs near 30 are themselves rounded to 2e-6, of which a deviation of 1 keeps all.
        #expect((a.to(type: .float64) - b).absolute().maximum().item < 2e-4 * scale, "\(part) with \(activation)")
      }
    }
  }

  @Test func `a logit that is not a number makes its row's log-density not a number`() {
    var values = [Float](repeating: 0.5, count: 20)
    values[13] = .nan
    let found = Tensor([Float](repeating: 1, count: 20), shape: [2, 10])
      .bernoulliLogDensity(logits: Tensor(values, shape: [2, 10])).values(as: Float.self)
    #expect(found[0].isFinite && found[1].isNaN)
  }

  @Test func `rows of bytes are gathered and scaled as by single operations`() {
    let bytes = (Noise(seed: 5).uniform([20, 33]) * 256).to(type: .uint8)
    let rows = Tensor([Int64](arrayLiteral: 19, 0, 7, 7))
    let found = bytes.scaledRows(rows, offset: 3, scale: 7)
    #expect((found - (bytes.rows(rows).to(type: .float32) - 3) / 7).absolute().maximum().item == 0)
    #expect(bytes.scaledRows(rows[0..<0], offset: 0, scale: 1).shape == [0, 33])
  }

  @Test
  func `a gradient and its sums do not depend on the number of threads, where weights are more than the rows' numbers`()
    async
  {
    await #expect(processExitsWith: .success) {
      func pass() -> [Tensor] {
        let noise = Noise(seed: 6)
        let parameters = [[256, 600], [500, 600], [500]].map { Parameter(noise.normal($0)) }
        let y = parameters[0].value.linear(
          weight: parameters[1].value, bias: parameters[2].value, activation: .hyperbolicTangent)
        return [(y * y).sum().gradients(in: parameters)[2]]
      }
      Engine.threads = 1
      let alone = pass()
      Engine.threads = 4
      for (a, b) in zip(pass(), alone) { #expect((a - b).absolute().maximum().item == 0) }
    }
  }
}

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
    .init(testDescription: "transposed, of many channels", shapes: [[2, 70, 4, 3], [70, 9, 3, 3], [9]]) {
      $0[0].transposeConvolved(weight: $0[1], bias: $0[2], stride: 2, padding: 1, extra: (1, 1), activation: $1)
    },
    .init(testDescription: "enlarged, of many channels", shapes: [[2, 150, 4, 3], [9, 150, 3, 3], [9]]) {
      $0[0].enlargedAndConvolved(height: 8, width: 6, weight: $0[1], bias: $0[2], padding: 1, activation: $1)
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

  @Test func `rows of bytes are gathered and scaled as by single operations`() {
    let bytes = (Noise(seed: 5).uniform([20, 33]) * 256).to(type: .uint8)
    let rows = Tensor([Int64](arrayLiteral: 19, 0, 7, 7))
    let found = bytes.scaledRows(rows, offset: 3, scale: 7)
    #expect((found - (bytes.rows(rows).to(type: .float32) - 3) / 7).absolute().maximum().item == 0)
    #expect(bytes.scaledRows(rows[0..<0], offset: 0, scale: 1).shape == [0, 33])
  }
}

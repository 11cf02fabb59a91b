import Testing
import Torch

/// Linear layers one after another, whose products are computed in tiles.
@Suite struct PerceptronTests {
  /// Widths of the layers and rows, about the sizes at which tiles and panels begin and end.
  struct Shape: Sendable, Codable {
    let widths: [Int]
    let rows: Int
  }

  static let shapes: [Shape] = [
    .init(widths: [5, 3], rows: 1), .init(widths: [1, 1, 1], rows: 16), .init(widths: [48, 33, 7, 50], rows: 63),
    .init(widths: [20, 129, 257], rows: 64), .init(widths: [17, 31, 130, 2], rows: 65),
    .init(widths: [784, 40, 784], rows: 129), .init(widths: [300, 512, 16], rows: 300),
    .init(widths: [6, 40, 300, 129], rows: 1001),
  ]

  static let activations: [Tensor.FusedActivation] = [.none, .rectified, .leakyRectified, .hyperbolicTangent, .sigmoid]

  /// Output, and gradients in the input and all weights and biases, of layers that begin as fan-in would have them.
  private static func pass(_ shape: Shape, _ activation: Tensor.FusedActivation, type: ElementKind = .float32)
    -> [Tensor]
  {
    let noise = Noise(seed: 3)
    let input = Parameter(noise.normal([shape.rows, shape.widths[0]]).to(type: type))
    let layers = zip(shape.widths, shape.widths.dropFirst()).map { inputs, outputs in
      (
        weight: Parameter((noise.normal([outputs, inputs]) / Double(inputs).squareRoot()).to(type: type)),
        bias: Parameter(noise.normal([outputs]).to(type: type))
      )
    }
    let y = input.value.linear(
      layers.map { Tensor.LinearLayer(weight: $0.weight.value, bias: $0.bias.value, activation: activation) })
    let slopes = Noise(seed: 4).normal(y.shape).to(type: type)
    return [y] + (y * slopes).sum().gradients(in: [input] + layers.flatMap { [$0.weight, $0.bias] })
  }

  @Test func `rows in several dimensions go through layers as they do in one`() {
    func pass(_ shape: [Int]) -> [[UInt8]] {
      let noise = Noise(seed: 21)
      let input = Parameter(noise.normal([60, 20]).reshaped(shape).copied())
      let weights = [Parameter(noise.normal([30, 20])), Parameter(noise.normal([10, 30]))]
      let biases = [Parameter(noise.normal([30])), Parameter(noise.normal([10]))]
      let y = input.value.linear(
        zip(weights, biases).map {
          Tensor.LinearLayer(weight: $0.value, bias: $1.value, activation: .hyperbolicTangent)
        })
      #expect(y.shape == shape.dropLast() + [10])
      let gradients = y.squared().sum().gradients(in: [input] + weights + biases)
      #expect(gradients[0].shape == shape)
      return ([y] + gradients).map(\.bytes)
    }
    #expect(pass([60, 20]) == pass([3, 20, 20]) && pass([60, 20]) == pass([2, 5, 6, 20]))
  }

  // The number of threads belongs to the process, so it is set in one of its own.
  @Test(arguments: [1, 3, 4])
  func `layers in a row are those of double precision, with their gradients`(threads: Int) async {
    await #expect(processExitsWith: .success) { [threads] in
      for shape in PerceptronTests.shapes {
        for activation in PerceptronTests.activations {
          // Double precision goes another way, layer by layer.
          Engine.threads = 1
          let exact = PerceptronTests.pass(shape, activation, type: .float64)
          Engine.threads = threads
          let found = PerceptronTests.pass(shape, activation)
          for (part, (a, b)) in zip(found, exact).enumerated() {
            #expect(a.shape == b.shape)
            let scale = max(b.absolute().maximum().item, 1)
            // Sums of up to some hundred products of size 1, rounded to 6e-8 each; a rectifier's number near 0 may be on either side.
            #expect(
              (a.to(type: .float64) - b).absolute().mean().item < 1e-5 * scale,
              "part \(part) of \(shape.widths), \(shape.rows) rows, \(activation)")
            #expect(
              (a.to(type: .float64) - b).absolute().maximum().item < 1e-4 * scale,
              "part \(part) of \(shape.widths), \(shape.rows) rows, \(activation)")
          }
        }
      }
    }
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

  @Test(arguments: [Shape(widths: [6, 40, 300, 129], rows: 1001), Shape(widths: [300, 512, 16], rows: 300)])
  func `the same number of threads gives the same bytes, whether or not they sum over their own rows`(shape: Shape)
    async
  {
    await #expect(processExitsWith: .success) { [shape] in
      Engine.threads = 4
      let first = PerceptronTests.pass(shape, .hyperbolicTangent).map(\.bytes)
      for _ in 0..<5 { #expect(PerceptronTests.pass(shape, .hyperbolicTangent).map(\.bytes) == first) }
    }
  }

  // Pairs of numbers are multiplied at once: shapes with only even numbers go in tiles, the others layer by layer.
  @Test(arguments: [
    Shape(widths: [20, 130, 258], rows: 64), Shape(widths: [784, 40, 18, 784], rows: 130),
    Shape(widths: [300, 512, 16], rows: 1100),
    Shape(widths: [6, 4], rows: 2), Shape(widths: [17, 31, 130, 2], rows: 65),
  ])
  func `layers in bfloat16 are those of double precision to its 8 bits, with their gradients`(shape: Shape) {
    guard Engine.hasBFloat16(.cpu) else { return }
    for activation in Self.activations {
      let exact = Self.pass(shape, activation, type: .float64)
      let found = Engine.multiplying(in: .bfloat16) { Self.pass(shape, activation) }
      for (part, (a, b)) in zip(found, exact).enumerated() {
        // Each factor is rounded to 2⁻⁹ of itself, twice in each of up to three layers; a sum of them errs by its root mean square.
        // A rectifier's number near 0 falls on either side, and with it all that its slope lets through.
        let isSmooth = activation != .rectified && activation != .leakyRectified
        let (error, size) = (
          (a.to(type: .float64) - b).squared().mean().item.squareRoot(), b.squared().mean().item.squareRoot()
        )
        #expect(
          error < (isSmooth ? 0.03 : 0.7) * size,
          "part \(part) of \(shape.widths), \(shape.rows) rows, \(activation): \(error) of \(size)")
        #expect(error > 0)
      }
    }
  }

  @Test func `what is not a number stays so behind every activation`() {
    for activation in Self.activations {
      for bad in [Float.nan, .infinity, -.infinity] {
        let x = Tensor([1, bad, 2] as [Float], shape: [3, 1])
        let y = x.linear(weight: .full([1, 1], 1), bias: .zeros([1]), activation: activation).doubles
        #expect(y[1].isNaN == bad.isNaN, "\(activation) of \(bad)")
        #expect(y[0].isFinite && y[2].isFinite)
      }
    }
  }
}

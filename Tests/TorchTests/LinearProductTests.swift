import Testing
import Torch

/// Linear layers by oneDNN's products and by libtorch's own.
@Suite struct LinearProductTests {
  /// An input in one of the layouts that models hand to a linear layer.
  struct Layout: Sendable {
    let name: String
    let inputs: Int
    let make: @Sendable (Noise) -> Tensor
  }

  static let layouts: [Layout] = [
    .init(name: "rows", inputs: 48) { $0.normal([5, 48]) },
    .init(name: "one row without its dimension", inputs: 48) { $0.normal([48]) },
    .init(name: "draws of rows", inputs: 48) { $0.normal([3, 5, 48]) },
    .init(name: "rank 4", inputs: 7) { $0.normal([2, 3, 4, 7]) },
    .init(name: "transposed", inputs: 48) { $0.normal([48, 6]).transposed() },
    .init(name: "draws in another order", inputs: 9) { $0.normal([9, 4, 3]).permuted([2, 1, 0]) },
    .init(name: "some columns", inputs: 9) { $0.normal([5, 20]).narrowed(along: 1, from: 3, count: 9) },
    .init(name: "every draw the same", inputs: 9) { $0.normal([1, 1, 9]).expanded([4, 5, 9]) },
    .init(name: "one row of a longer tensor", inputs: 9) { $0.normal([6, 9])[2..<3] },
    .init(name: "one input", inputs: 1) { $0.normal([5, 1]) },
    .init(name: "no rows", inputs: 48) { $0.normal([0, 48]) },
    .init(name: "no draws", inputs: 48) { $0.normal([0, 5, 48]) },
  ]

  static let activations: [Tensor.FusedActivation] = [.none, .rectified, .leakyRectified, .hyperbolicTangent, .sigmoid]

  /// Output and gradients in input, weight and bias.
  private static func pass(
    _ layout: Layout, _ activation: Tensor.FusedActivation, transposedWeight: Bool, type: ElementKind = .float32
  ) -> [Tensor] {
    let noise = Noise(seed: 1)
    let outputs = 33
    let shape = transposedWeight ? [layout.inputs, outputs] : [outputs, layout.inputs]
    let weight = Parameter(noise.normal(shape).to(type: type))
    let bias = Parameter(noise.normal([outputs]).to(type: type))
    let input = Parameter(layout.make(noise).to(type: type))
    let y = input.value.linear(
      weight: transposedWeight ? weight.value.transposed() : weight.value, bias: bias.value, activation: activation)
    // A loss whose gradient is another number at every output and, being a transposed product, not contiguous.
    let slopes = Noise(seed: 2).normal(y.shape.reversed()).permuted(Array((0..<y.rank).reversed())).to(type: type)
    return [y] + (y * slopes).sum().gradients(in: [input, weight, bias])
  }

  // The choice of products belongs to the process, so it is made in one of its own.
  @Test func `both products give the same outputs and gradients in every layout, with every activation`() async {
    await #expect(processExitsWith: .success) {
      Engine.threads = 1
      for layout in LinearProductTests.layouts {
        for activation in LinearProductTests.activations {
          for transposedWeight in [false, true] {
            let exact = LinearProductTests.pass(layout, activation, transposedWeight: transposedWeight, type: .float64)
            for products in [Engine.Products.oneDNN, .blas, .best] {
              Engine.use(products)
              let found = LinearProductTests.pass(layout, activation, transposedWeight: transposedWeight)
              for (part, (a, b)) in zip(["output", "input", "weight", "bias"], zip(found, exact)) {
                #expect(a.shape == b.shape, "\(layout.name): \(part) with \(activation) by \(products)")
                guard a.count > 0 else { continue }
                let scale = max(b.absolute().maximum().item, 1)
                // At most 48 products of numbers near 1 are summed in single precision: 48 · 2⁻²⁴ = 3e-6 of the greatest.
                // Values and gradients without an error of their own would pass with 1e-30.
                #expect(
                  (a.to(type: .float64) - b).absolute().maximum().item < 1e-5 * scale,
                  "\(layout.name): \(part) with \(activation) by \(products), weight transposed: \(transposedWeight)")
              }
            }
          }
        }
      }
    }
  }

  @Test(arguments: [Engine.Precision.float32, .bfloat16])
  func `a recorded product says what it was computed in`(precision: Engine.Precision) {
    guard precision == .float32 || Engine.hasBFloat16(.cpu) else { return }
    let x = Tensor.full([4, 6], 1)
    let (products, _) = Product.recorded {
      Engine.multiplying(in: precision) {
        _ = x.linear(weight: .full([2, 6], 1), bias: .zeros([2]))
        _ = x.reshaped([1, 1, 4, 6])
          .convolved(weight: .full([2, 1, 3, 3], 1), bias: .zeros([2]), stride: 1, padding: 1)
      }
    }
    #expect(products.map(\.precision) == [precision, precision])
  }

  @Test func `a layer of another width stops the program in words`() async {
    await #expect(processExitsWith: .failure) {
      Engine.use(.oneDNN)
      _ = Tensor.zeros([2, 3]).linear(weight: .zeros([4, 5]), bias: .zeros([4]))
    }
  }

  @Test func `a linear layer gives hand values`() {
    let x = Tensor([1, 2] as [Float], shape: [1, 2])
    let weight = Tensor([1, 0, -1, 1, 2, 2] as [Float], shape: [3, 2])
    let bias = Tensor([0.5, -1, -7] as [Float])
    #expect(x.linear(weight: weight, bias: bias).doubles == [1.5, 0, -1])
    #expect(x.linear(weight: weight, bias: bias, activation: .rectified).doubles == [1.5, 0, 0])
  }

  /// Two losses of the same weights, and a step by one of them after a step by the other or not.
  private static func steps(isNarrow: Bool, isChanged: Bool) {
    let noise = Noise(seed: 3)
    let (weight, bias) = (Parameter(noise.normal([32, 16])), Parameter(noise.normal([32])))
    let parameters = [weight, bias]
    Engine.multiplying(in: isNarrow ? .bfloat16 : .float32) {
      func zeros() -> [Tensor] { parameters.map { .zeros($0.value.shape) } }
      func step(_ loss: Tensor) {
        AdamStep(learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, isDecoupled: false).apply(
          to: parameters, descending: loss, means: zeros(), squares: zeros(), steps: parameters.map { _ in .zeros([]) })
      }
      func loss() -> Tensor { noise.normal([8, 16]).linear(weight: weight.value, bias: bias.value).squared().sum() }
      // The first step leaves rounded weights, which the next one changes.
      step(loss())
      let (first, second) = (loss(), loss())
      if isChanged { step(second) }
      step(first)
    }
  }

  @Test(arguments: [false, true], [false, true])
  func `gradients by weights that have changed since stop the program in words`(
    isNarrow: Bool, isChanged: Bool
  ) async {
    guard !isNarrow || Engine.hasBFloat16(.cpu) else { return }
    await #expect(processExitsWith: isChanged ? .failure : .success) { [isNarrow, isChanged] in
      LinearProductTests.steps(isNarrow: isNarrow, isChanged: isChanged)
    }
  }
}

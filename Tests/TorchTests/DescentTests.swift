import Testing
import Torch

/// Steps that are taken while gradients are found.
@Suite struct DescentTests {
  /// Layers, and Adam's means of their parameters.
  private struct Subject {
    let layers: [(weight: Parameter, bias: Parameter)]
    let unused = Parameter(Noise(seed: 9).normal([3]))
    let means: [Tensor]
    let squares: [Tensor]
    let steps: [Tensor]

    var parameters: [Parameter] { layers.flatMap { [$0.weight, $0.bias] } + [unused] }
    var bytes: [[UInt8]] { (parameters.map(\.value) + means + squares + steps).map(\.bytes) }

    init(widths: [Int]) {
      let noise = Noise(seed: 8)
      layers = zip(widths, widths.dropFirst()).map { inputs, outputs in
        (Parameter(noise.normal([outputs, inputs]) / Double(inputs).squareRoot()), Parameter(noise.normal([outputs])))
      }
      let shapes = layers.flatMap { [$0.weight.value.shape, $0.bias.value.shape] } + [[3]]
      means = shapes.map { .zeros($0) }
      squares = shapes.map { .zeros($0) }
      steps = shapes.map { _ in .zeros([]) }
    }

    func output(_ x: Tensor) -> Tensor {
      x.linear(
        layers.map { Tensor.LinearLayer(weight: $0.weight.value, bias: $0.bias.value, activation: .hyperbolicTangent) })
    }
  }

  private static let step = AdamStep(
    learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, isDecoupled: true)

  /// What some steps leave, taken by gradients found before or while they are found.
  private static func steps(
    _ widths: [Int], rows: Int, descending: Bool, loss: (Subject, Tensor) -> Tensor
  ) -> [[UInt8]] {
    let subject = Subject(widths: widths)
    for index in 0..<3 {
      let loss = loss(subject, Noise(seed: 10, stream: "rows", index: index).normal([rows, widths[0]]))
      if descending {
        step.apply(
          to: subject.parameters, descending: loss, means: subject.means, squares: subject.squares, steps: subject.steps
        )
      } else {
        step.apply(
          to: subject.parameters, gradients: loss.gradients(in: subject.parameters), means: subject.means,
          squares: subject.squares, steps: subject.steps)
      }
    }
    return subject.bytes
  }

  private static let losses: [@Sendable (Subject, Tensor) -> Tensor] = [
    { subject, x in subject.output(x).squared().sum() },
    // The same weights twice, and once where no gradient reaches them but where they are needed for others'.
    { subject, x in (subject.output(x) * subject.output(x * 0.5)).sum() },
    { subject, x in
      let first = subject.layers[0]
      let fixed = subject.output(x) - x.linear(weight: first.weight.value.detached(), bias: first.bias.value).sum()
      return fixed.squared().sum()
    },
    { subject, x in
      let scale = subject.layers[0].bias.value.squared().sum()
      return (subject.output(x) * scale).squared().sum()
    },
  ]

  // The number of threads belongs to the process, so it is set in one of its own.
  @Test(arguments: [1, 3, 4], [false, true])
  func `steps on the way and those by gradients found before leave the same bytes, however written`(
    threads: Int, isNarrow: Bool
  )
    async
  {
    guard !isNarrow || Engine.hasBFloat16(.cpu) else { return }
    await #expect(processExitsWith: .success) { [threads, isNarrow] in
      Engine.threads = threads
      // Few rows and many, more rows' numbers than weights and fewer, widths that no tile divides.
      for (widths, rows) in [
        ([784, 300, 20], 16), ([300, 512, 16], 300), ([6, 40, 300, 130], 1000), ([17, 1, 3], 5),
      ] {
        for loss in DescentTests.losses {
          func steps(descending: Bool, writing: Engine.Writing) -> [[UInt8]] {
            Engine.use(writing)
            return Engine.multiplying(in: isNarrow ? .bfloat16 : .float32) {
              DescentTests.steps(widths, rows: rows, descending: descending, loss: loss)
            }
          }
          let expected = steps(descending: true, writing: .withinCaches)
          for writing in [Engine.Writing.withinCaches, .pastCaches] {
            for descending in [false, true] {
              let areSame = steps(descending: descending, writing: writing) == expected
              #expect(areSame, "\(widths), \(rows) rows, on the way: \(descending), written \(writing)")
            }
          }
        }
      }
    }
  }

  @Test func `rounded weights are kept apart where several lie in one block of memory`() {
    guard Engine.hasBFloat16(.cpu) else { return }
    let block = Noise(seed: 12).normal([2, 32, 32])
    let weights = [0, 1].map { Parameter(block[$0]) }
    let biases = weights.map { _ in Parameter(.zeros([32])) }
    let x = Noise(seed: 13).normal([16, 32])
    func output(_ weights: [Tensor]) -> Tensor {
      x.linear(
        zip(weights, biases).map {
          Tensor.LinearLayer(weight: $0, bias: $1.value, activation: .hyperbolicTangent)
        })
    }
    let parameters = weights + biases
    func zeros() -> [Tensor] { parameters.map { .zeros($0.value.shape) } }
    Engine.multiplying(in: .bfloat16) {
      Self.step.apply(
        to: parameters, descending: output(weights.map(\.value)).squared().sum(), means: zeros(), squares: zeros(),
        steps: parameters.map { _ in .zeros([]) })
      let difference = output(weights.map(\.value)) - output(weights.map { $0.value.detached().copied() })
      #expect(difference.absolute().maximum().item == 0)
    }
  }

  @Test func `rounded weights are those of the parameters, whoever changed these`() {
    guard Engine.hasBFloat16(.cpu) else { return }
    let subject = Subject(widths: [64, 128, 32])
    let x = Noise(seed: 11).normal([48, 64])
    func expectFresh(_ when: String) {
      Engine.multiplying(in: .bfloat16) {
        let copies = subject.layers.map {
          Tensor.LinearLayer(
            weight: $0.weight.value.detached().copied(), bias: $0.bias.value.detached(), activation: .hyperbolicTangent)
        }
        #expect((subject.output(x) - x.linear(copies)).absolute().maximum().item == 0, "\(when)")
      }
    }
    func descend() {
      Engine.multiplying(in: .bfloat16) {
        Self.step.apply(
          to: subject.parameters, descending: subject.output(x).squared().sum(), means: subject.means,
          squares: subject.squares, steps: subject.steps)
      }
    }
    descend()
    expectFresh("after a step")
    let weights = subject.layers.map(\.weight)
    DescentStep(learningRate: 0.1, momentum: 0, weightDecay: 0, isNesterov: false).apply(
      to: weights, gradients: weights.map { $0.value.detached().copied() }, momenta: [])
    expectFresh("after a step of another optimizer")
    descend()
    let libraryStep = Self.step
    libraryStep.apply(
      Tensor(0.1), to: subject.parameters, gradients: subject.parameters.map { $0.value.detached().copied() },
      means: subject.means, squares: subject.squares, steps: subject.steps)
    expectFresh("after a step by libtorch")
    descend()
    let weight = weights[0].value
    withoutGradients { weight.copy(from: weight * 2) }
    expectFresh("after another tensor was copied to one")
    descend()
    weight.withUnsafeMutableBytes { bytes in
      bytes.withMemoryRebound(to: Float.self) { numbers in for index in numbers.indices { numbers[index] *= 2 } }
    }
    expectFresh("after its memory was written to")
  }
}

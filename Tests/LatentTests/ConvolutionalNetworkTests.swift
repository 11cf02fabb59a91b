import Latent
import Testing
import Torch

/// Pictures of any size pass through convolutions, whose random and running parts keep to their modes.
@Suite struct ConvolutionalNetworkTests {
  private static let shapes = [[28, 20], [13, 7, 3], [1, 1], [1, 1, 3], [1, 9], [5], [64, 64, 3]]

  private static func network(_ change: (inout ConvolutionalNetwork) -> Void = { _ in }) -> ConvolutionalNetwork {
    var network = ConvolutionalNetwork()
    (network.channels, network.hidden) = ([4, 5, 6], [7])
    change(&network)
    return network
  }

  @Test(arguments: shapes, [1, 3, 5])
  func `pictures of any size and kernels of any side give features, and latents give pictures back`(
    shape: [Int], kernel: Int
  ) {
    for enlargement in ConvolutionalNetwork.Enlarging.allCases {
      let network = Self.network {
        ($0.kernel, $0.enlargement, $0.batchNormalization, $0.dropout) = (kernel, enlargement, true, 0.25)
      }
      let initializer = Initializer(noise: Noise(seed: 1))
      let encoder = network.encoder(shape: shape, features: 3, with: initializer)
      let decoder = network.decoder(latents: 2, shape: shape, featuresPerElement: 2, with: initializer)
      let dimensions = shape.reduce(1, *)
      for mode in [Mode.evaluation, .training(Noise(seed: 2))] {
        // One row, several, and several draws of several rows.
        for front in [[1], [4], [2, 3]] {
          let features = encoder(Noise(seed: 3).normal(front + [dimensions]), mode: mode)
          let picture = decoder(Noise(seed: 4).normal(front + [2]), mode: mode)
          #expect(features.shape == front + [3] && features.isAllFinite)
          #expect(picture.shape == front + [dimensions * 2] && picture.isAllFinite)
        }
      }
      #expect(encoder.state.allSatisfy { $0.tensor.isAllFinite } && decoder.state.allSatisfy { $0.tensor.isAllFinite })
    }
  }

  @Test func `draws in front are decoded as they are alone`() {
    let decoder = Self.network().decoder(
      latents: 2, shape: [13, 7, 3], featuresPerElement: 1,
      with: Initializer(noise: Noise(seed: 1), type: .float64))
    let z = Noise(seed: 2).normal([3, 4, 2], type: .float64)
    let together = decoder(z)
    for draw in 0..<3 {
      // The same sums, perhaps in another order.
      #expect((together[draw] - decoder(z[draw])).absolute().maximum().item < 1e-12)
    }
  }

  @Test func `training is random and moves running moments, evaluation is neither`() {
    let network = Self.network { ($0.batchNormalization, $0.dropout) = (true, 0.5) }
    let encoder = network.encoder(shape: [13, 7, 3], features: 3, with: Initializer(noise: Noise(seed: 1)))
    let x = Noise(seed: 2).normal([16, 13 * 7 * 3])
    let before = snapshot(encoder.state)
    let quiet = encoder(x).bytes
    #expect(encoder(x).bytes == quiet && snapshot(encoder.state) == before)
    let noise = Noise(seed: 3)
    #expect(encoder(x, mode: .training(noise)).bytes != encoder(x, mode: .training(noise)).bytes)
    let changed = encoder.state.filter { $0.tensor.bytes != before[$0.name] }.map(\.name)
    #expect(changed.count == 6 && changed.allSatisfy { $0.contains("running") })
    #expect(encoder(x).bytes != quiet, "evaluation goes by the moments that training left")
  }

  @Test func `evaluation of a row does not depend on the rows beside it`() {
    let network = Self.network { ($0.batchNormalization, $0.dropout) = (true, 0.5) }
    let encoder = network.encoder(
      shape: [13, 7, 3], features: 3, with: Initializer(noise: Noise(seed: 1), type: .float64))
    let x = Noise(seed: 2).normal([16, 13 * 7 * 3], type: .float64)
    for step in 0..<5 { _ = encoder(x * 2 + 1, mode: .training(Noise(seed: UInt64(step)))) }
    let (all, alone) = (encoder(x), encoder(x[3..<4]))
    #expect((all[3..<4] - alone).absolute().maximum().item < 1e-12, "the same sums")
  }

  @Test func `running moments come near the data's own, and normalize by them`() {
    let layer = BatchNormalization(channels: 2, with: Initializer(noise: Noise(seed: 1), type: .float64))
    let x = Noise(seed: 2).normal([50, 2, 3, 4], type: .float64) * 3 + 5
    for _ in 0..<300 { _ = layer(x, mode: .training(Noise(seed: 3))) }
    // The distance from the batch's own shrinks by 0.9 each time, to 1e-13 of it.
    let byBatch = layer(x, mode: .training(Noise(seed: 3)))
    let n = 600.0
    let difference = (layer(x) - byBatch).absolute().maximum().item
    // Running variances are those of a sample, n / (n − 1) times the batch's; outputs are below 5.
    #expect(difference > 0 && difference < 5 / (n - 1))
  }

  @Test func `one number a channel leaves the running moments as they are`() {
    let layer = BatchNormalization(channels: 2, with: Initializer(noise: Noise(seed: 1)))
    let x = Tensor([3, -4] as [Float], shape: [1, 2, 1, 1])
    let before = snapshot(layer.state)
    #expect(layer(x, mode: .training(Noise(seed: 1))).bytes == layer(x).bytes)
    #expect(snapshot(layer.state) == before)
  }

  @Test func `dropout keeps the mean and drops as often as it is told`() {
    let x = Tensor.full([200, 500], 2)
    let y = Dropout(probability: 0.3)(x, mode: .training(Noise(seed: 1)))
    #expect(Dropout(probability: 0.3)(x).bytes == x.bytes)
    let dropped = (y .== 0).to(type: .float64).mean().item
    // 100,000 draws: four errors of their share, √(0.3 · 0.7 / 100,000) each.
    #expect(abs(dropped - 0.3) < 4 * 0.00145 && abs(y.mean().item - 2) < 4 * 0.00145 * 2 / 0.7)
  }

  @Test(arguments: Subjects.defaults(Optimizers.self, as: (any OptimizerChoice).self))
  func `a first step moves each weight against its own derivative, whatever order a picture's colours are kept in`(
    optimizer: any OptimizerChoice
  ) {
    let encoder = Self.network().encoder(shape: [13, 7, 3], features: 3, with: Initializer(noise: Noise(seed: 1)))
    let parameters = encoder.parameters
    let before = parameters.map { $0.parameter.value.doubles }
    let x = Noise(seed: 2).normal([16, 13 * 7 * 3])
    let gradients = encoder(x, mode: .training(Noise(seed: 3))).squared().sum().gradients(
      in: parameters.map(\.parameter))
    let slopes = gradients.map(\.doubles)
    optimizer.make(for: parameters).step(gradients, learningRate: 1e-3)
    for (index, (name, parameter)) in parameters.enumerated() {
      let moved = zip(parameter.value.doubles, before[index]).map { $0 - $1 }
      #expect(zip(moved, slopes[index]).allSatisfy { abs($1) < 1e-2 || $0 * $1 < 0 }, "\(name)")
    }
  }

  @Test func `a stopped and resumed run with batch normalization and dropout gives the bytes of one that was not`()
    throws
  {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let network =
      "{kind: convolutional, channels: [4, 6, 6, 6], hidden: [8], batchNormalization: true, dropout: 0.3}"
    // 200 rows in steps of 67 leave one of 66; in steps of 199 a row alone, whose smallest picture is one pixel.
    for batch in [67, 199] {
      let configuration = try TrainingRuns.configuration(
        "model.encoder=\(network)", "model.decoder=\(network)", "objective.samples=2", "training.batch=\(batch)")
      let whole = try TrainingRuns.uninterrupted(configuration, in: RunFolder("\(scratch.path)/whole-\(batch)"))
      let folder = RunFolder("\(scratch.path)/stopped-\(batch)")
      var run = try Run.create(configuration, in: folder)
      var rounds = 0
      while try run.train({ report in if case .epoch = report { .stop } else { .proceed } }) == nil {
        rounds += 1
        run = try Run.resume(folder)
      }
      #expect(rounds == 4)
      #expect(try TrainingRuns.Result(folder) == whole)
    }
  }
}

internal import Foundation
internal import Torch

/// How fast the training steps of a configuration are on this machine, beside the least time that their products need.
///
///     limit = Σ products and convolutions of the step, each by itself by the fastest library + one step of the optimizer
public struct StepBenchmark: Codable, Sendable, Equatable {
  /// The experiment's name; empty for none.
  public let preset: String
  /// Rows of a step.
  public let batch: Int
  /// Draws of z a row.
  public let samples: Int
  /// The threads that one operation was spread over.
  public let threads: Int
  /// Where it was computed.
  public let device: String
  /// The precision of the products.
  public let precision: String
  /// Trained numbers.
  public let parameters: Int
  /// The median step, in microseconds.
  public let stepMicroseconds: Double
  /// The quartiles of the steps.
  public let stepQuartiles: [Double]
  /// Rows a second at the median step.
  public let rowsPerSecond: Double
  /// The least time, in microseconds.
  public let limitMicroseconds: Double
  /// The part of the limit that is products and convolutions.
  public let productMicroseconds: Double
  /// The products' multiplications and additions a second, in 10⁹.
  public let productGigaoperations: Double
  /// The median of gathering and scaling rows.
  public let batchMicroseconds: Double
  /// The median of the objective's terms.
  public let forwardMicroseconds: Double
  /// The median of their gradients, and of changing the parameters.
  public let backwardMicroseconds: Double
  /// The median of changing the parameters by gradients that were found before, in steps that do so.
  public let optimizerMicroseconds: Double
  /// Steps that were taken in all.
  public let steps: Int
  /// The mean of −ELBO over the last tenth of the timed steps, in nats per row.
  public let loss: Double
  /// Page faults a step while steps were timed.
  public let pageFaults: Double
  /// The most memory that the process had, in megabytes of 10⁶ bytes.
  public let peakMegabytes: Double
  /// From the start of the process to the end of the first step.
  public let startupSeconds: Double

  /// The median step over the limit.
  public var ratio: Double { stepMicroseconds / limitMicroseconds }

  /// How much is measured.
  public struct Settings: Sendable {
    /// Steps before the first that counts.
    public var warmUp = 50
    /// Steps that are timed; as many as there is time for at the least 20.
    public var steps = 1000
    /// Seconds after which no further step is timed, once there are 20.
    public var seconds = 10.0
    /// Rounds of each product.
    public var rounds = 30

    /// The defaults.
    public init() {}
  }

  /// Times training steps, then the products of a step.
  ///
  /// - Parameter data: The rows; nil reads them where the configuration says.
  /// - Throws: ``LatentError`` where configuration and data do not fit, where the fit has no steps, or where a term is not finite.
  public static func measure(
    _ configuration: Configuration, preset: String = "", on data: Dataset? = nil, settings: Settings = Settings()
  ) throws -> StepBenchmark {
    let setup = try TrainingSetup(configuration) {
      try data.map { ($0, nil) } ?? DataSource.load(configuration.data)
    }
    guard try setup.configuration.training.fit.member() is GradientFit else {
      throw LatentError(
        "fit '\(configuration.training.fit.kind)' has no training steps to time; choose a preset of gradients.")
    }
    let training = setup.training
    var clock: StepClock?
    func step() throws(LatentError) {
      if let trouble = training.stepAlone(clock: &clock) { throw LatentError(trouble) }
    }
    let products = try Product.recorded { try step() }.products
    let startup = ProcessUse.secondsSinceStart
    for _ in 1..<max(2, settings.warmUp) { try step() }
    clock = StepClock()
    var durations: [Double] = []
    var losses: [Double] = []
    let (begun, faults) = (ContinuousClock.now, ProcessUse.pageFaults)
    while durations.count < 20
      || durations.count < settings.steps && begun.duration(to: .now).seconds < settings.seconds
    {
      let started = ContinuousClock.now
      clock?.start()
      try step()
      durations.append(started.duration(to: .now).seconds)
      losses.append(training.latest.reduce(0) { $0 + $1.value })
    }
    let pageFaults = Double(ProcessUse.pageFaults - faults) / Double(durations.count)
    let (parts, steps) = (clock?.parts ?? StepClock.Parts(), training.state.steps)
    clock = StepClock(isApart: true)
    for _ in 0..<settings.rounds {
      clock?.start()
      try step()
    }
    let optimizer = clock?.parts.optimizer.median ?? 0
    let device = setup.trained.device
    let seconds = withoutGradients {
      products.reduce(0) { $0 + $1.seconds(on: device, rounds: settings.rounds) }
    }
    let median = durations.median
    let last = losses.suffix(max(1, losses.count / 10))
    return StepBenchmark(
      preset: preset, batch: setup.configuration.training.batch,
      samples: try setup.configuration.objective.member().samples, threads: Engine.threads, device: device.description,
      precision: setup.configuration.training.precision.rawValue, parameters: setup.trained.model.parameterCount,
      stepMicroseconds: median * 1e6,
      stepQuartiles: [0.25, 0.75].map { durations.quantile($0) * 1e6 },
      rowsPerSecond: Double(setup.configuration.training.batch) / median,
      limitMicroseconds: (seconds + optimizer) * 1e6,
      productMicroseconds: seconds * 1e6,
      productGigaoperations: products.reduce(0) { $0 + $1.operations } / max(seconds, 1e-12) / 1e9,
      batchMicroseconds: parts.batch.median * 1e6, forwardMicroseconds: parts.forward.median * 1e6,
      backwardMicroseconds: parts.backward.median * 1e6, optimizerMicroseconds: optimizer * 1e6,
      steps: steps, loss: last.reduce(0, +) / Double(last.count), pageFaults: pageFaults,
      peakMegabytes: ProcessUse.peakMegabytes, startupSeconds: startup)
  }
}

extension Dataset {
  /// Uniformly random bytes, to time a model where there are no data.
  public static func randomBytes(rows: Int, shape: [Int], seed: UInt64 = 0) -> Dataset {
    let noise = Noise(seed: seed, stream: "random bytes")
    let values = Tensor.zeros([rows, shape.reduce(1, *)], type: .uint8)
    let chunk = 10_000
    for start in stride(from: 0, to: rows, by: chunk) {
      let part = start..<Swift.min(start + chunk, rows)
      values[part].copy(from: noise.uniform([part.count, shape.reduce(1, *)]) * 256)
    }
    return Dataset(values: values, shape: shape, format: "random bytes", name: "\(rows) rows of random bytes")
  }
}

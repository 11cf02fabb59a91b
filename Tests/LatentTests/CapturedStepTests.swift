import Latent
import Testing
import Torch

/// What a captured step is made of, as far as a processor can show it.
@Suite struct CapturedStepTests {
  @Test(arguments: Subjects.optimizers)
  func `a learning rate in memory gives the steps of one by number`(subject: Subject<any OptimizerChoice>) {
    func parameters() -> [(name: String, parameter: Parameter)] {
      [
        ("a", Parameter(Tensor([1, -2, 3] as [Float]))), ("b", Parameter(Tensor([0.5, 4] as [Float], shape: [2, 1]))),
      ]
    }
    let (here, there) = (parameters(), parameters())
    let plain = subject.member.make(for: here)
    guard let captured = subject.member.make(for: there) as? any CapturableOptimizer else {
      #expect(type(of: subject.member).kind == StochasticGradientDescent.kind)
      return
    }
    let learningRate = Tensor.zeros([])
    for rate in [0.1, 0.02, 0.05, 0] {
      func gradients(_ all: [(name: String, parameter: Parameter)]) -> [Tensor] {
        all.reduce(Tensor(0)) { $0 + ($1.parameter.value - 1).squared().sum() }.gradients(in: all.map(\.parameter))
      }
      plain.step(gradients(here), learningRate: rate)
      learningRate.copy(from: Tensor.full([], rate))
      captured.step(gradients(there), learningRate: learningRate)
      for (a, b) in zip(here, there) {
        // Numbers up to 4, and a few roundings of single precision in another order.
        let difference = withoutGradients { (a.parameter.value - b.parameter.value).absolute().maximum().item }
        #expect(difference < 1e-5)
      }
    }
  }

  @Test func `steps that cannot be captured are refused in one sentence, whatever the device`() throws {
    func check(_ settings: [String], processes: Int = 1) throws {
      try Configuration(preset: nil, file: nil, settings: ["training.capture=true"] + settings)
        .checkCapturable(processes: processes)
    }
    for settings in [
      [], ["training.optimizer=adamw"], ["training.precision=bf16"], ["objective=iwae"], ["objective=info-vae"],
      ["training.divergenceSchedule=warm-up"],
    ] { try check(settings) }
    for (settings, word) in [
      (["training.optimizer=sgd"], "sgd"), (["training.gradientClipping=1"], "gradientClipping"),
      (["objective.estimator=score-function"], "score-function"), (["training.fit=ppca"], "ppca"),
      (["objective=info-vae", "model.prior=mixture"], "mixture"),
    ] {
      let error = try #require(throws: LatentError.self) { try check(settings) }
      #expect(error.description.hasPrefix("training.capture: ") && error.description.contains(word))
    }
    #expect(throws: LatentError.self) { try check([], processes: 2) }
  }
}

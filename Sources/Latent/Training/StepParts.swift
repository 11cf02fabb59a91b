internal import Torch

/// What a step is made of, between gathering its rows and looking at its terms, and after that.
protocol StepParts {
  /// The terms of a batch.
  func terms(on x: Tensor, divergenceFactor: Double) -> StepTerms
  /// Changes the parameters.
  func change(by gradients: [Tensor], learningRate: Double)
  /// Runs a whole step.
  func run<Result>(_ step: () -> Result) -> Result
}

/// The terms of a batch, read, and what follows from them.
struct StepTerms {
  /// The terms in order.
  let values: [NamedNumber]
  /// The gradients of their sum, multiplied by a weight where there is one, one for each parameter.
  let gradients: (_ weight: Double?) -> [Tensor]
  /// Changes the parameters by those gradients while they are found; nil where the gradients themselves are there already, or the optimizer
  /// needs them all first.
  var descend: ((_ learningRate: Double) -> Void)?
}

/// A step whose operations are asked for one by one.
struct PlainStep: StepParts {
  let model: VAE
  let criterion: any Criterion
  let estimator: any Estimator
  let noise: Noise
  let precision: Precision
  let parameters: [Parameter]
  let optimizer: any Optimizer

  /// The terms, not read yet.
  func unread(on x: Tensor, divergenceFactor: Double) -> Terms {
    Engine.multiplying(in: precision.engine) {
      criterion.terms(
        of: model, on: x, divergenceFactor: divergenceFactor, mode: .training(noise), using: noise,
        estimator: estimator)
    }
  }

  func terms(on x: Tensor, divergenceFactor: Double) -> StepTerms {
    let terms = unread(on: x, divergenceFactor: divergenceFactor)
    return StepTerms(
      values: terms.terms.map { NamedNumber($0.name, $0.value.item) },
      gradients: { weight in (weight.map { terms.total * $0 } ?? terms.total).gradients(in: parameters) },
      descend: (optimizer as? any DescendingOptimizer).map { optimizer in
        { optimizer.descend(terms.total, learningRate: $0) }
      })
  }

  func change(by gradients: [Tensor], learningRate: Double) { optimizer.step(gradients, learningRate: learningRate) }

  func run<Result>(_ step: () -> Result) -> Result { step() }
}

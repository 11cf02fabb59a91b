internal import Torch

/// Finds where a number stopped being finite, and says why that happens.
enum Diagnosis {
  /// One sentence: the place, what was found there, and the likely cause with its remedy.
  static func text(for number: NamedNumber, model: VAE, x: Tensor, epoch: Int, step: Int) -> String {
    let (place, cause) = withoutGradients { firstPlace(in: model, on: x) } ?? ("the objective itself", Cause.overflow)
    // The sign of what is not a number says nothing.
    let value = number.value.isNaN ? Double.nan : number.value
    return sentence("the \(number.name) is \(value), first seen in \(place)", cause, epoch: epoch, step: step)
  }

  /// The same, of a parameter that a step has spoilt.
  static func text(forParameter name: String, epoch: Int, step: Int) -> String {
    sentence("the parameter '\(name)' is no longer finite", .step, epoch: epoch, step: step)
  }

  /// The same, of a measure of the best weights, which are those of an epoch whose own terms were finite.
  static func text(forMeasure name: String, _ value: Double, of part: String, epoch: Int) -> String {
    "the \(name) of the \(part) rows is \(value.isNaN ? .nan : value) with the best weights, of epoch \(epoch); "
      + "\(Cause.overflow.rawValue)."
  }

  private static func sentence(_ finding: String, _ cause: Cause, epoch: Int, step: Int) -> String {
    "training stopped at epoch \(epoch), step \(step): \(finding); "
      + "\(cause.rawValue)\(epoch > 1 ? "; the best weights so far are kept." : ".")"
  }

  private enum Cause: String {
    case data = "the data itself holds what is not a finite number: clean it, or use --set data.missing=drop"
    case step = """
      the last step was too large: lower training.optimizer.learningRate, or set training.gradientClipping=1
      """
    case overflow = """
      the numbers grew beyond what single precision holds: check data.scaling, lower training.optimizer.learningRate, \
      or set training.gradientClipping=1
      """
  }

  private static func firstPlace(in model: VAE, on x: Tensor) -> (String, Cause)? {
    if !x.isAllFinite { return ("the batch of observations", .data) }
    for (name, parameter) in model.parameters where !parameter.value.isAllFinite {
      return ("the parameter '\(name)'", .step)
    }
    let posterior = model.encode(x)
    if !posterior.mean.isAllFinite { return ("the posterior's mean", .overflow) }
    if !posterior.variance.isAllFinite { return ("the posterior's variance", .overflow) }
    if !model.decoder(posterior.mean).isAllFinite { return ("the decoder's output", .overflow) }
    return nil
  }
}

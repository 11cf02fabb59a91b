internal import Torch

extension Configuration {
  /// Refuses steps that cannot be captured, where they are asked for.
  ///
  /// - Parameter processes: How many take the steps together.
  func checkCapture(on device: Device, processes: Int) throws(LatentError) {
    guard training.capture else { return }
    func refuse(_ reason: String) throws(LatentError) { throw LatentError("training.capture: \(reason)") }
    if device == .cpu {
      try refuse("graphs are captured on a GPU only; use --device cuda, or --set training.capture=false.")
    }
    if !Graph.isAvailable(on: device) {
      try refuse(
        "this build has no graphs of \(device); build it where CUDA's headers are, or use --set training.capture=false."
      )
    }
    try checkCapturable(processes: processes)
  }

  /// The same, apart from the device.
  package func checkCapturable(processes: Int) throws(LatentError) {
    func refuse(_ reason: String) throws(LatentError) { throw LatentError("training.capture: \(reason)") }
    if !(try training.fit.member() is GradientFit) {
      try refuse("fit '\(training.fit.kind)' has no steps to capture; use --set training.capture=false.")
    }
    if !(try training.optimizer.member().make(for: []) is any CapturableOptimizer) {
      try refuse(
        "optimizer '\(training.optimizer.kind)' takes its learning rate as a number, which a graph would keep; use adam or adamw."
      )
    }
    if training.gradientClipping > 0 {
      try refuse("clipping reads the gradients' norm within a step; use --set training.gradientClipping=0.")
    }
    if processes > 1 {
      try refuse("\(processes) processes exchange gradients within a step; start one, without mpirun.")
    }
    let estimator = try objective.member().estimator
    if estimator.kind == ScoreFunctionEstimator.Settings.kind {
      try refuse("estimator '\(estimator.kind)' reads its baseline within a step; use reparametrized.")
    }
    if objective.kind == InfoVAE.kind, model.prior.kind != StandardNormalPrior.Settings.kind {
      try refuse(
        "objective '\(objective.kind)' draws from the prior, and '\(model.prior.kind)' draws by values of the step; use model.prior=standard-normal."
      )
    }
  }
}

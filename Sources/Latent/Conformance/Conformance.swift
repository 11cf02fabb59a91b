internal import Foundation
internal import Torch

/// Claims about this library, examined where it runs: closed forms, derivatives, exact answers, round trips and determinism.
public enum Conformance {
  /// The list; a new claim adds a line here.
  public static let claims: [Claim] = [
    Claim(
      "gaussian-divergence", "the divergence between two Gaussians is the integral of q ln (q / p), and 0 of equals",
      within: .relative(1e-8), gaussianDivergence),
    Claim(
      "divergence-by-draws",
      "the divergence of every posterior from every prior with a closed form is the mean of ln q − ln p over draws",
      within: .standardErrors(5), divergenceByDraws),
    Claim(
      "likelihood-normalization", "the density of every likelihood adds up to 1 over the values that it describes",
      within: .relative(1e-8), likelihoodNormalization),
    Claim(
      "likelihood-means", "the mean of every likelihood is the mean of its draws", within: .standardErrors(5),
      likelihoodMeans),
    Claim(
      "posterior-normalization",
      "the density of every posterior integrates to 1 and has the posterior's mean and variance",
      within: .relative(1e-8),
      posteriorNormalization),
    Claim(
      "posterior-draws", "draws of every posterior have its mean and variance", within: .standardErrors(5),
      posteriorDraws),
    Claim(
      "prior-normalization", "the density of every prior integrates to 1", within: .relative(1e-8), priorNormalization),
    Claim(
      "prior-draws", "draws of every prior have the mean and the square that its density has",
      within: .standardErrors(5),
      priorDraws),
    Claim(
      "likelihood-gradients", "derivatives of every likelihood are those of central differences",
      within: .relative(1e-6), likelihoodGradients),
    Claim(
      "posterior-gradients",
      "derivatives of every posterior's density, draws and divergence are those of central differences",
      within: .relative(1e-6), posteriorGradients),
    Claim(
      "prior-gradients", "derivatives of every prior's density are those of central differences",
      within: .relative(1e-6),
      priorGradients),
    Claim(
      "network-gradients", "derivatives of every network, as it is trained, are those of central differences",
      within: .relative(1e-6), networkGradients),
    Claim(
      "objective-gradients", "derivatives of every objective, its draws held fixed, are those of central differences",
      within: .relative(1e-6), objectiveGradients),
    Claim(
      "fused-steps",
      "what is computed in one pass in single precision is what plain operations give in double precision",
      within: .relative(2e-5), fusedSteps),
    Claim(
      "fused-gradients", "derivatives of what is computed in one pass are those of central differences",
      within: .relative(1e-6), fusedGradients),
    Claim(
      "adam", "five steps of Adam are its formula written out", within: .relative(1e-12), adam),
    Claim(
      "ppca-likelihood",
      "principal components of the embedded digits have the likelihood that eigenvalues give, and that is published",
      within: .relative(1e-6), principalComponentsLikelihood),
    Claim(
      "linear-vae", "a linear VAE trained by gradients reaches the likelihood of principal components",
      within: .relative(2e-4), linearVAE),
    Claim(
      "linear-likelihood", "−log p(x) of a linear-Gaussian model, by draws of a wrong encoder, is the exact one",
      within: .standardErrors(4), linearLikelihood),
    Claim(
      "importance-bound", "the estimate of log p(x) rises with the draws and never exceeds the exact value",
      within: .standardErrors(4), importanceBound),
    Claim(
      "gap", "the gap between −ELBO and −log p(x) is the divergence of the encoder from the exact posterior",
      within: .standardErrors(4), gap),
    Claim(
      "objective-terms",
      "reconstruction and divergence of every objective add up to the exact −ELBO of a linear-Gaussian model",
      within: .standardErrors(5), objectiveTerms),
    Claim(
      "divergence-split",
      "mutual information, aggregate, total correlation and each latent's own part of the divergence are their integrals",
      within: .standardErrors(4), divergenceSplit),
    Claim(
      "estimator-means", "unbiased estimators of the gradient have the same mean", within: .standardErrors(5),
      estimatorMeans),
    Claim(
      "model-files", "a model that is saved, loaded and saved is the same file, with every choice of every part",
      within: .same, modelFiles),
    Claim(
      "configurations", "every preset and every choice is read from YAML as it was written", within: .same,
      configurations),
    Claim(
      "code-files", "codes that are written to files and read decode to what they would have without", within: .same,
      codeFiles),
    Claim(
      "resumption", "training that is stopped after every epoch and resumed gives the bytes of training that was not",
      within: .same, resumption),
    Claim("same-seed", "the same seed gives the same bytes", within: .same, sameSeed),
    Claim("same-seed-threads", "the same seed gives the same bytes on two threads", within: .same, sameSeedOnThreads),
    Claim("same-seed-bf16", "the same seed gives the same bytes in bfloat16", within: .same, sameSeedInBFloat16),
  ]

  /// Examines a claim on one thread, unless it says otherwise.
  ///
  /// - Parameter fault: This part of everything that is found is added to it, and of bytes one is changed; 0 in earnest.
  public static func examine(_ claim: Claim, fault: Double = 0) -> ClaimResult {
    let examiner = Examiner(fault: fault)
    let start = ContinuousClock.now
    let threads = Engine.threads
    Engine.threads = 1
    defer { Engine.threads = threads }
    var (status, remark) = (ClaimResult.Status.ok, "")
    do {
      try claim.examine(examiner)
      remark = examiner.worst
      if examiner.comparisons == 0 { (status, remark) = (.failed, "nothing was compared") }
      if !(examiner.figure <= claim.tolerance.limit) { status = .failed }
    } catch let reason as Claim.NotHere {
      (status, remark) = (.skipped, reason.description)
    } catch { (status, remark) = (.failed, "\(error)") }
    return ClaimResult(
      name: claim.name, claim: claim.words, status: status, figure: examiner.figure, tolerance: claim.tolerance.limit,
      unit: claim.tolerance.unit, comparisons: examiner.comparisons, remark: remark,
      seconds: start.duration(to: .now).seconds)
  }

  /// Calls a closure with a folder that is gone afterwards.
  static func withFolder(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("latent-selftest-\(UUID().uuidString)")
      .path
    try RunFolder.make(path)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }
}

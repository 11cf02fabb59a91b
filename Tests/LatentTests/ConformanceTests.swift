import Foundation
import Latent
import Testing
import Torch

/// The claims that users can examine hold here, and every one of them is able to fail.
@Suite struct ConformanceTests {
  static let names = Conformance.claims.map(\.name)

  private func claim(_ name: String) throws -> Claim {
    try #require(Conformance.claims.first { $0.name == name })
  }

  @Test func `claims have names of their own in kebab case, and one line of words without a full stop`() {
    #expect(Set(Self.names).count == Self.names.count)
    for claim in Conformance.claims {
      #expect(claim.name.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z0-9]+)*/) != nil)
      #expect(claim.words.count > 20 && claim.words.last != "." && !claim.words.contains("\n"))
    }
  }

  @Test(arguments: names)
  func `every claim holds here, and fails where what it finds is spoilt`(name: String) async throws {
    // Claims set the threads of the process.
    await #expect(processExitsWith: .success) { [name] in
      let claim = try #require(Conformance.claims.first { $0.name == name })
      let found = Conformance.examine(claim)
      if found.status == .skipped { return }
      #expect(found.status == .ok && found.comparisons > 0, "\(found)")
      #expect(found.figure <= claim.tolerance.limit)
      let spoilt = Conformance.examine(claim, fault: 1)
      #expect(spoilt.status == .failed, "\(spoilt)")
    }
  }

  @Test(
    arguments: [
      "gaussian-divergence", "likelihood-normalization", "likelihood-gradients", "objective-gradients", "fused-steps",
      "ppca-likelihood", "linear-vae",
    ])
  func `a thousandth is seen where a claim is exact`(name: String) throws {
    #expect(Conformance.examine(try claim(name), fault: 1e-3).status == .failed)
  }

  /// A density that lacks half of its constant.
  private struct Unnormalized: LikelihoodChoice, Likelihood {
    static var kind: String { "unnormalized" }
    static var summary: String { "half a constant" }
    var featuresPerElement: Int { 1 }
    func scaling(for data: DataSummary) -> ScalingKind { .standard }
    func make(dimensions: Int, with initializer: Initializer) throws(LatentError) -> any Likelihood { self }
    func logDensity(of x: Tensor, features: Tensor) -> Tensor { (x - features).squared().sum(over: -1) * -0.5 - 0.459 }
    func mean(_ features: Tensor) -> Tensor { features }
    func sample(_ features: Tensor, using noise: Noise) -> Tensor {
      features + noise.normal(features.shape, type: features.type)
    }
  }

  @Test func `a likelihood that is no density is found out, and so are other false statements`() {
    let choices: [any LikelihoodChoice] = Conformance.likelihoods + [Unnormalized()]
    let density = Conformance.examine(
      Claim("density", "every likelihood is a density", within: .relative(1e-8)) {
        try Conformance.likelihoodNormalization(of: choices, $0)
      })
    #expect(density.status == .failed && density.remark == "unnormalized" && abs(density.figure - 0.29) < 0.01)

    let symmetric = Conformance.examine(
      Claim("symmetry", "divergences are symmetric", within: .relative(1e-8)) {
        let narrow = FullGaussian(mean: .zeros([1, 1], type: .float64), factor: .ones([1, 1, 1], type: .float64))
        let wide = FullGaussian(mean: narrow.mean + 1, factor: narrow.factor * 2)
        $0.compare(narrow.divergence(from: wide).item, with: wide.divergence(from: narrow).item, of: "p and q")
      })
    #expect(symmetric.status == .failed && symmetric.remark == "p and q" && symmetric.comparisons == 1)
  }

  @Test func `nothing compared, nothing finite, too wide an error and a mishap are failures, a missing part is none`() {
    func status(_ body: @escaping @Sendable (Examiner) throws -> Void) -> ClaimResult {
      Conformance.examine(Claim("claim", "some claim", within: .standardErrors(4), body))
    }
    let nothing = status { _ in }
    #expect(nothing.status == .failed && nothing.remark == "nothing was compared")
    #expect(status { $0.compare(Double.nan, with: 1, of: "x") }.status == .failed)
    let wide = status { $0.compare(1, error: 5, with: 1, resolving: 1, of: "x") }
    #expect(wide.status == .failed && wide.remark.contains("decides nothing"))
    let mishap = status { _ in throw LatentError("no room.") }
    #expect(mishap.status == .failed && mishap.remark == "no room.")
    let missing = status { _ in throw Claim.NotHere("no such device.") }
    #expect(missing.status == .skipped && missing.remark == "no such device.")
    #expect(status { $0.compare(1.1, error: 0.1, with: 1, resolving: 1, of: "x") }.status == .ok)
    #expect(status { $0.compare(1.6, error: 0.1, with: 1, resolving: 1, of: "x") }.status == .failed)
    #expect(status { $0.compare([1, 2], with: [1], of: "x") }.figure == 1)
  }
}

import Foundation
import Latent
import Testing
import Torch

/// The experiment with faces, which takes minutes: it runs where LATENT_LONG_TESTS is set and the data is there.
@Suite struct FacesTests {
  private static let isAsked = ProcessInfo.processInfo.environment["LATENT_LONG_TESTS"] != nil

  @Test(
    .enabled(if: isAsked, "LATENT_LONG_TESTS is not set."),
    .enabled(if: DataOnDisk.has("lfwcrop-smile"), "\(DataOnDisk.reason)"), arguments: [0, 1, 2])
  func `with every step towards a smile the classifier of raw faces sees more of one`(seed: Int) throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let folder = "\(DataOnDisk.folder)/lfwcrop-smile"
    let configuration = try Configuration(
      preset: "faces-smile", file: nil,
      settings: ["data.source='\(folder)/lfwcrop_color_smile.tar.gz'", "seed=\(seed)", "evaluation.samples=2"])
    let run = try Run.create(configuration, in: RunFolder("\(scratch.path)/run"))
    _ = try run.train { _ in .proceed }
    _ = try run.finish()
    let findings = try run.trained.attributeVectors(
      ["smiling"], labels: "\(folder)/smile.csv", using: Noise(seed: 0, stream: "edit"))
    #expect(
      try #require(findings.separations[0]) > 0.88, "Measured: 0.935 for each seed, with an error of about 0.013.")
    let judgement = try run.trained.judgement(of: findings, 0, amount: 2, steps: 7, seed: UInt64(seed))
    #expect(judgement.score.accuracy > 0.85, "The judge knows a smile.")
    #expect(judgement.isMonotone, "\(judgement.points)")
    #expect(judgement.points[0].probability.value < 0.1 && judgement.points[6].probability.value > 0.8)
  }
}

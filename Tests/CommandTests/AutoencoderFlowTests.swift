import Foundation
import Testing

@Suite("The command with an autoencoder")
struct AutoencoderFlowTests {
  private static let settings = [
    "--set", "model.posterior=point", "--set", "objective=reconstruction", "--set", "model.prior=fitted-gaussian",
  ]

  @Test("What a point has none of is null for machines, absent for people, and said once in words")
  func undefined() throws {
    try Scratch.with { scratch in
      let text = try Command.succeed(["train", "--out", "run"] + Command.tiny + Self.settings, in: scratch.path)
      #expect(!text.output.contains("−ELBO") && !text.errors.contains("ELBO") && !text.output.contains("nan"))
      #expect(text.output.components(separatedBy: "no ELBO").count == 2 && text.output.contains("reconstruction"))
      #expect(try !scratch.text("run/metrics.csv").contains("ELBO"))
      #expect(try scratch.text("run/report/index.html").contains("An autoencoder with 3 latents"))
      let object = try Command.succeed(["evaluate", "run", "--json"], in: scratch.path).object()
      for key in FlowTests.measures { #expect(object[key] != nil, "\(key) is there.") }
      for key in ["negativeELBO", "divergence", "negativeLogLikelihood", "standardError", "gap", "bitsPerDimension"] {
        #expect(object[key] is NSNull, "\(key) is null.")
      }
      #expect(object["reconstruction"] is Double)
    }
  }

  @Test("Filling in by it says what its chains mean")
  func filling() throws {
    try Scratch.with { scratch in
      let fill = ["impute", "run", "digits", "--lower-half", "--count", "2", "--steps", "4", "--out", "f.npy"]
      try Command.succeed(["train", "--out", "run"] + Command.tiny + Self.settings, in: scratch.path)
      let text = try Command.succeed(fill, in: scratch.path).output
      #expect(text.contains("note: The posterior is a point") && text.contains("fitted to the codes after training"))
    }
    try Scratch.withRun { scratch in
      let fill = ["impute", "run", "digits", "--lower-half", "--count", "2", "--steps", "4", "--out", "f.npy"]
      let text = try Command.succeed(fill, in: scratch.path).output
      #expect(!text.contains("note:"))
    }
  }

  @Test("It is sampled from the Gaussian of its codes, and from N(0, I) where that is asked for")
  func samples() throws {
    try Scratch.with { scratch in
      try Command.succeed(["train", "--out", "run"] + Command.tiny + Self.settings, in: scratch.path)
      for prior in ["own", "standard-normal"] {
        try Command.succeed(["sample", "run", "--prior", prior, "--out", "\(prior).npy"], in: scratch.path)
      }
      try Command.succeed(["sample", "run", "--out", "default.npy"], in: scratch.path)
      #expect(try scratch.bytes("default.npy") == scratch.bytes("own.npy"))
      #expect(try scratch.bytes("default.npy") != scratch.bytes("standard-normal.npy"))
    }
  }
}

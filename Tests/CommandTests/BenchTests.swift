import Foundation
import Testing

@Suite("Timing steps")
struct BenchTests {
  @Test("The limit, the step and its parts are there and belong together", arguments: ["fp32", "bf16"])
  func bench(precision: String) throws {
    try Scratch.with { scratch in
      let found = try Command.run(
        [
          "bench", "--preset", "mnist-small", "--rows", "2000", "--steps", "20", "--warm-up", "2", "--seconds", "0.1",
          "--threads", "1", "--precision", precision, "--json",
        ], in: scratch.path)
      // A processor without instructions for it refuses, in one sentence.
      if precision == "bf16", found.code != 0 {
        #expect(found.code == 1 && found.errors.contains("bf16"))
        return
      }
      #expect(found.code == 0, "\(found.errors)")
      let values = try found.object()
      #expect(values["preset"] as? String == "mnist-small" && values["precision"] as? String == precision)
      #expect(values["batch"] as? Int == 128 && values["threads"] as? Int == 1 && values["steps"] as? Int == 22)
      func number(_ key: String) throws -> Double { try #require(values[key] as? Double, "\(key)") }
      let step = try number("stepMicroseconds")
      let parts = try ["batch", "forward", "backward", "optimizer"].map { try number("\($0)Microseconds") }
      #expect(parts.allSatisfy { $0 > 0 } && parts.reduce(0, +) < 2 * step)
      #expect(abs(try number("rowsPerSecond") * step / 1e6 - 128) < 1e-6)
      #expect(try number("limitMicroseconds") > number("productMicroseconds"))
      // Uniform greys cost a Bernoulli at least their entropy, about half of ln 2 a pixel more than nothing.
      #expect(try number("loss") > 300 && number("loss") < 700)
      #expect(try number("peakMegabytes") > 50 && number("startupSeconds") > 0)
    }
  }
}

import Latent
import Testing

/// Numbers as people read them.
@Suite struct NumberTextTests {
  @Test func `numbers below 0 have a minus sign, and what is rounded to 0 has none`() {
    #expect((-1.25).fixed(1) == "−1.2" && (-0.0004).fixed(3) == "0.000" && (2.0 / 3).fixed(2) == "0.67")
    #expect((-12345.678).significant == "−1.235e+04" && (-0.5).significant == "−0.5" && 3.0.significant == "3")
    #expect((-1234.5678).brief == "−1234.57" && 1e-5.brief == "1e-05")
    #expect(0.5.signed(1) == "+0.5" && (-0.5).signed(1) == "−0.5" && 0.0.signed(1) == "0.0")
  }
}

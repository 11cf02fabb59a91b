import Explorer
import Testing

@Suite("Limits of the explorer")
struct LimitTests {
  @Test("A grid of the greatest edge has no more cells than rows times four")
  func grid() { #expect(Limits.standard.edgeOfGrid * Limits.standard.edgeOfGrid <= 4 * Limits.standard.rows) }
}

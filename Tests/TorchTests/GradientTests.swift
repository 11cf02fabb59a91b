import Foundation
import Testing
import Torch

@Suite struct GradientTests {
  @Test(arguments: DifferentiableOperation.all)
  func `derivatives equal central differences`(operation: DifferentiableOperation) {
    // In double precision, with steps of 1e-5, rounding leaves 1e-11 of the outputs and the third derivative 1e-10.
    #expect(operation.error() < 1e-8)
  }

  @Test func `every operation that the engine wraps is tried, or is named as one without a derivative`() throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/Torch").standardized
    var wrapped: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(atPath: sources.path) where file.hasPrefix("Tensor+") {
      let text = try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
      for match in text.matches(of: /\.make\("([^"]+)"\)/) { wrapped.insert(String(match.1)) }
    }
    let tried = Set(DifferentiableOperation.all.map(\.name))
    #expect(wrapped.count > 50, "the search for wrapped operations found only \(wrapped)")
    #expect(wrapped.subtracting(tried).subtracting(DifferentiableOperation.without) == [])
  }

  @Test func `a parameter that is not used has a gradient of zeros`() {
    let used = Parameter(Tensor([1, 2] as [Float]))
    let unused = Parameter(Tensor([1, 2, 3] as [Float], shape: [3, 1]))
    let gradients = used.value.squared().sum().gradients(in: [unused, used])
    #expect(gradients[0].shape == [3, 1] && gradients[0].doubles == [0, 0, 0])
    #expect(gradients[1].doubles == [2, 4])
  }

  @Test func `a parameter that is used twice has the sum of both gradients`() {
    let x = Parameter(Tensor([3] as [Double]))
    #expect((x.value * x.value * 2 + x.value).sum().gradients(in: [x])[0].doubles == [13])
  }

  @Test
  func
    `gradients meet where paths of the graph do, pass by what is not asked for, and go back to shapes before they were spread`()
  {
    let a = Parameter(Tensor([2, 3] as [Double], shape: [1, 2]))
    let b = Parameter(Tensor([5, 7, 11] as [Double], shape: [3, 1]))
    let c = Parameter(Tensor([4] as [Double]))
    // Σ_ij (a_j b_i)² + c Σ a + Σ a, through one product that two paths share.
    let product = a.value * b.value
    let total = (product * product).sum() + (a.value.sum() * c.value).sum() + a.value.sum()
    let squares = (2.0 * 2 + 3 * 3, 5.0 * 5 + 7 * 7 + 11 * 11)
    let found = total.gradients(in: [b, a, b])
    let byB = [5.0, 7, 11].map { 2 * $0 * squares.0 }
    #expect(found.map(\.shape) == [[3, 1], [1, 2], [3, 1]])
    #expect(found.map(\.doubles) == [byB, [2.0, 3].map { 2 * $0 * squares.1 + 4 + 1 }, byB])
  }

  @Test func `a graph of ten thousand operations has its gradient`() {
    let x = Parameter(Tensor([1] as [Double]))
    var y: Tensor = x.value
    for _ in 0..<10_000 { y = y + x.value }
    #expect(y.sum().gradients(in: [x])[0].doubles == [10_001])
  }

  @Test func `no graph is built without gradients, also where the body throws`() throws {
    let x = Parameter(Tensor([1] as [Float]))
    #expect((x.value * 2).requiresGradient)
    #expect(!withoutGradients { (x.value * 2).requiresGradient })
    #expect(!withoutGradients { withoutGradients { x.value * 1 }.requiresGradient || (x.value * 2).requiresGradient })
    struct Mishap: Error {}
    #expect(throws: Mishap.self) { try withoutGradients { throw Mishap() } }
    #expect((x.value * 2).requiresGradient)
    #expect(!x.value.detached().requiresGradient)
  }

  @Test func `a parameter takes over memory and is changed in place`() {
    let start = Tensor([1, 2] as [Float])
    let parameter = Parameter(start)
    withoutGradients { parameter.value.copy(from: Tensor([5, 6] as [Float])) }
    #expect(start.doubles == [5, 6])
    #expect(parameter.value.requiresGradient && !Buffer(start).value.requiresGradient)
  }
}

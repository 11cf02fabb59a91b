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

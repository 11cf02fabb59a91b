import Foundation
import Latent
import Testing
import Torch

/// What holds for every optimizer.
@Suite struct OptimizerLaws {
  private func parameters() -> [(name: String, parameter: Parameter)] {
    [
      ("a", Parameter(Tensor([1, -2, 3] as [Float]))), ("b.c", Parameter(Tensor([0.5, 4] as [Float], shape: [2, 1]))),
    ]
  }

  /// Σ (x − 1)², with the same minimum for every parameter.
  private func loss(_ parameters: [(name: String, parameter: Parameter)]) -> Tensor {
    parameters.reduce(Tensor(0)) { $0 + ($1.parameter.value - 1).squared().sum() }
  }

  private func step(_ optimizer: any Optimizer, _ parameters: [(name: String, parameter: Parameter)], rate: Double) {
    optimizer.step(loss(parameters).gradients(in: parameters.map(\.parameter)), learningRate: rate)
  }

  @Test(arguments: Subjects.optimizers)
  func `one step lowers a quadratic, and many reach its minimum`(subject: Subject<any OptimizerChoice>) {
    let parameters = parameters()
    let optimizer = subject.member.make(for: parameters)
    let before = loss(parameters).item
    step(optimizer, parameters, rate: 0.01)
    #expect(loss(parameters).item < before)
    for _ in 0..<2000 { step(optimizer, parameters, rate: 0.01) }
    // A weight decay of up to 1 pulls the minimum from 1 towards 0 by a third at the most; all else converges.
    #expect(loss(parameters).item < 0.1 * before)
  }

  @Test(arguments: Subjects.optimizers)
  func `a restored state goes on exactly`(subject: Subject<any OptimizerChoice>) throws {
    let (here, there) = (parameters(), parameters())
    let optimizer = subject.member.make(for: here)
    for _ in 0..<3 { step(optimizer, here, rate: 0.1) }
    let other = subject.member.make(for: there)
    #expect(optimizer.state.map(\.name) == other.state.map(\.name))
    #expect(Set(optimizer.state.map(\.name)).count == optimizer.state.count)
    withoutGradients {
      for (a, b) in zip(there, here) { a.parameter.value.copy(from: b.parameter.value) }
      for (a, b) in zip(other.state, optimizer.state) { a.tensor.copy(from: b.tensor) }
    }
    for _ in 0..<3 {
      step(optimizer, here, rate: 0.05)
      step(other, there, rate: 0.05)
    }
    #expect(here.map(\.parameter.value.bytes) == there.map(\.parameter.value.bytes))
    #expect(snapshot(optimizer.state) == snapshot(other.state))
  }

  @Test(arguments: Subjects.optimizers)
  func `a step taken while gradients are found is the step by those gradients`(subject: Subject<any OptimizerChoice>) {
    let (here, there) = (parameters(), parameters())
    guard let descending = subject.member.make(for: here) as? any DescendingOptimizer else { return }
    let stepping = subject.member.make(for: there)
    for _ in 0..<3 {
      descending.descend(loss(here), learningRate: 0.1)
      step(stepping, there, rate: 0.1)
    }
    #expect(here.map(\.parameter.value.bytes) == there.map(\.parameter.value.bytes))
    #expect(snapshot(descending.state) == snapshot(stepping.state))
  }

  @Test(arguments: Subjects.optimizers)
  func `a learning rate of 0 changes nothing`(subject: Subject<any OptimizerChoice>) {
    let parameters = parameters()
    let before = parameters.map(\.parameter.value.bytes)
    step(subject.member.make(for: parameters), parameters, rate: 0)
    #expect(parameters.map(\.parameter.value.bytes) == before)
  }
}

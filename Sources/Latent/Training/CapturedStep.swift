internal import Torch

/// A step that a GPU is asked for as a whole: one graph of the terms and their gradients, one of the optimizer.
///
/// Between the two the terms are read, so that a step that spoilt them changes no parameters. A batch of fewer rows, and a step whose
/// divergence has another factor than the one before, goes operation by operation; so does the first of its kind, which records what is
/// drawn, so that graphs draw the same numbers.
final class CapturedStep: StepParts {
  private struct TermsGraph {
    let graph: Graph
    let terms: [(name: String, value: Tensor)]
    let gradients: [Tensor]
    let factor: Double
    let tape: NoiseTape
  }

  private let plain: PlainStep
  private let optimizer: any CapturableOptimizer
  private let stream: SideStream
  private let rows: Int
  private let learningRate: Tensor
  private var x: Tensor?
  /// What the last step that was not captured drew, and its divergence's factor.
  private var recorded: (tape: NoiseTape, factor: Double)?
  private var terms: TermsGraph?
  private var change: Graph?
  private var isReplaying = false

  /// - Parameter rows: Those of a full batch.
  init(_ plain: PlainStep, optimizer: any CapturableOptimizer, rows: Int, on device: Device) {
    self.plain = plain
    self.optimizer = optimizer
    self.rows = rows
    stream = SideStream(on: device)
    learningRate = .zeros([], on: device)
  }

  func run<Result>(_ step: () -> Result) -> Result { stream.run(step) }

  func terms(on x: Tensor, divergenceFactor: Double) -> StepTerms {
    isReplaying = false
    guard x.extent(0) == rows else { return plain.terms(on: x, divergenceFactor: divergenceFactor) }
    if terms?.factor != divergenceFactor, let (tape, factor) = recorded, factor == divergenceFactor, tape.isPlayable {
      capture(like: x, divergenceFactor: divergenceFactor, tape)
    }
    guard let terms, terms.factor == divergenceFactor, let input = self.x else {
      let (result, tape) = plain.noise.recorded { plain.terms(on: x, divergenceFactor: divergenceFactor) }
      recorded = (tape, divergenceFactor)
      return result
    }
    isReplaying = true
    withoutGradients { input.copy(from: x) }
    terms.tape.refill(from: plain.noise)
    terms.graph.replay()
    return StepTerms(values: terms.terms.map { NamedNumber($0.name, $0.value.item) }) { _ in terms.gradients }
  }

  func change(by gradients: [Tensor], learningRate rate: Double) {
    guard isReplaying else { return plain.change(by: gradients, learningRate: rate) }
    withoutGradients { learningRate.copy(from: .full([], rate, on: learningRate.device)) }
    let change = self.change ?? Graph.capture { optimizer.step(gradients, learningRate: learningRate) }.graph
    self.change = change
    change.replay()
  }

  /// Captures what a step asks for on such a batch.
  private func capture(like x: Tensor, divergenceFactor: Double, _ tape: NoiseTape) {
    let input = self.x ?? x.copied()
    self.x = input
    // Their memory goes with the graph, and the optimizer's graph reads it.
    (terms, change) = (nil, nil)
    let (graph, found) = Graph.capture {
      plain.noise.playing(tape) {
        let terms = plain.unread(on: input, divergenceFactor: divergenceFactor)
        return (terms.terms.map { ($0.name, $0.value.detached()) }, terms.total.gradients(in: plain.parameters))
      }
    }
    terms = TermsGraph(graph: graph, terms: found.0, gradients: found.1, factor: divergenceFactor, tape: tape)
  }
}

extension PlainStep {
  /// The same step in graphs, where they are asked for.
  ///
  /// - Throws: ``LatentError`` where it cannot be captured; see ``Configuration/checkCapture(on:processes:)``.
  func captured(
    where configuration: Configuration, rows: Int, on device: Device, processes: Int
  ) throws(LatentError) -> any StepParts {
    try configuration.checkCapture(on: device, processes: processes)
    guard configuration.training.capture, let optimizer = optimizer as? any CapturableOptimizer else { return self }
    return CapturedStep(self, optimizer: optimizer, rows: rows, on: device)
  }
}

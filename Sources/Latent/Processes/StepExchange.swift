internal import Torch

/// What the processes of a training tell each other at every step: one vector of numbers forward, one of gradients backward.
///
///     ∇ (mean over a step's rows) = Σ_r w_r ∇ (mean over the rows of process r),   w_r the part of the rows that it has
///
/// Buffers, such as running moments, follow the mean over processes of what each of them makes of its own rows.
/// - SeeAlso: Li et al., “PyTorch Distributed: Experiences on Accelerating Data Parallel Training”, 2020, section 3.
final class StepExchange {
  private let group: ProcessGroup
  /// The parameters' gradients and behind them the buffers' changes.
  private let flat: FlatTensors
  private let gradients: [Tensor]
  private let buffers: [(now: Tensor, before: Tensor)]

  init(_ group: ProcessGroup, parameters: [Parameter], buffers: [Tensor]) {
    self.group = group
    flat = FlatTensors(like: parameters.map(\.value) + buffers)
    gradients = Array(flat.parts.prefix(parameters.count))
    self.buffers = buffers.map { ($0, $0.copied()) }
  }

  /// Gives all processes the tensors of the first.
  ///
  /// - Parameter tensors: All that decides about the next step, the buffers among them.
  func synchronize(_ tensors: [Tensor]) {
    group.broadcast(tensors)
    withoutGradients { for buffer in buffers { buffer.before.copy(from: buffer.now) } }
  }

  /// The means of terms over all rows of a step, and whether the first process asks for a report.
  func means(_ own: [NamedNumber], _ share: ProcessGroup.Share, isDue: Bool) -> (terms: [NamedNumber], isDue: Bool) {
    let sums = group.sum(own.map { $0.value * share.weight } + [group.isFirst && isDue ? 1 : 0])
    return (zip(own, sums).map { NamedNumber($0.name, $1) }, sums[own.count] > 0)
  }

  /// The gradients of all rows of a step.
  ///
  /// - Parameter own: Those of this process's rows, its weight in them.
  /// - Returns: Parts of one block, overwritten by the next step.
  func combined(_ own: [Tensor], _ share: ProcessGroup.Share) -> [Tensor] {
    withoutGradients {
      flat.copy(from: own + buffers.map { ($0.now - $0.before) * share.weight })
      group.sum(flat.block)
      for (buffer, change) in zip(buffers, flat.parts.dropFirst(gradients.count)) {
        buffer.before.copy(from: buffer.before + change.to(type: buffer.before.type))
        buffer.now.copy(from: buffer.before)
      }
    }
    return gradients
  }
}

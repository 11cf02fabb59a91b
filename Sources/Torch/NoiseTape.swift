internal import CTorch

/// Draws of a stretch of work in their order, in memory of their own, so that the work can be repeated with new draws in the same memory.
///
/// Work that is captured on a device cannot draw itself. So it is done once while its source records what is drawn; it is captured while
/// the source hands out what the tape holds; and before each repetition the same source refills the tape, and so draws what it would have
/// drawn in the work. Draws whose distribution depends on values, such as categories, cannot be made beforehand.
public final class NoiseTape {
  /// What is drawn.
  enum Kind: Equatable {
    case normal
    case uniform
    /// Factors of a dropout with such a probability of 0.
    case kept(Double)
  }

  private var draws: [(kind: Kind, values: Tensor)] = []
  private var position = 0

  /// Whether all that was drawn can be drawn beforehand.
  public fileprivate(set) var isPlayable = true

  /// The number of draws.
  public var count: Int { draws.count }

  init() {}

  /// Draws anew, in order, into the same memory.
  public func refill(from noise: Noise) {
    withoutGradients {
      for (kind, values) in draws { values.copy(from: noise.drawn(kind, values.shape, values.type)) }
    }
  }

  fileprivate func record(_ kind: Kind, _ values: Tensor) { draws.append((kind, values)) }

  fileprivate func rewind() { position = 0 }

  fileprivate func next(_ kind: Kind, _ shape: [Int], _ type: ElementKind) -> Tensor {
    precondition(position < draws.count, "work that is repeated draws more than it did")
    let (expected, values) = draws[position]
    precondition(
      expected == kind && values.shape == shape && values.type == type, "work that is repeated draws something else")
    position += 1
    return values
  }
}

extension Noise {
  /// Runs `body` and keeps what is drawn from this source meanwhile; the draws are those of an unrecorded run.
  public func recorded<Result>(_ body: () -> Result) -> (result: Result, tape: NoiseTape) {
    let new = NoiseTape()
    return (using((new, false), body), new)
  }

  /// Runs `body`, which draws as the recorded work did, with the draws that the tape holds; the source stays where it is.
  public func playing<Result>(_ tape: NoiseTape, _ body: () -> Result) -> Result {
    tape.rewind()
    return using((tape, true), body)
  }

  private func using<Result>(_ new: (NoiseTape, Bool), _ body: () -> Result) -> Result {
    let before = tape
    tape = new
    defer { tape = before }
    return body()
  }

  /// What a draw gives while a tape runs; nil without one.
  func taped(_ kind: NoiseTape.Kind, _ shape: [Int], _ type: ElementKind) -> Tensor? {
    guard let (tape, isPlaying) = tape else { return nil }
    if isPlaying { return tape.next(kind, shape, type) }
    let values = withoutGradients { drawn(kind, shape, type) }
    tape.record(kind, values)
    return values
  }

  /// Notes that something is drawn that no tape can hold.
  func refuseTape() {
    precondition(tape?.isPlaying != true, "work that is repeated draws what cannot be drawn beforehand")
    tape?.tape.isPlayable = false
  }

  /// A draw of this source.
  func drawn(_ kind: NoiseTape.Kind, _ shape: [Int], _ type: ElementKind) -> Tensor {
    switch kind {
    case .normal:
      shape.withExtents { extents in
        .make("normal") { ct_random_normal(extents.baseAddress, extents.count, type.code, device.code, handle, $0) }
      }
    case .uniform:
      shape.withExtents { extents in
        .make("uniform") { ct_random_uniform(extents.baseAddress, extents.count, type.code, device.code, handle, $0) }
      }
    case .kept(let probability):
      .make("dropout") { [ones = Tensor.ones(shape, type: type, on: device)] in
        ct_dropout(ones.handle, probability, handle, $0)
      }
    }
  }
}

import Testing
import Torch

/// Work that is repeated with draws made beforehand draws what it would have drawn.
@Suite struct NoiseTapeTests {
  /// Work like a step's, whose draws depend on each other's order.
  private func work(_ noise: Noise) -> [Tensor] {
    [
      noise.normal([3, 5]), noise.uniform([7]), noise.normal([50], type: .float64), noise.normal([1]),
      noise.dropout(Tensor((1...40).map(Float.init)), probability: 0.3), noise.uniform([], type: .float64),
    ]
  }

  private func bytes(_ tensors: [Tensor]) -> [[UInt8]] { tensors.map(\.bytes) }

  @Test func `recorded work draws as unrecorded work does, and leaves the source in the same state`() {
    let (plain, recording) = (Noise(seed: 3), Noise(seed: 3))
    let (found, tape) = recording.recorded { work(recording) }
    #expect(bytes(found) == bytes(work(plain)))
    #expect(recording.state == plain.state)
    #expect(tape.count == 6 && tape.isPlayable)
  }

  @Test func `a refilled tape plays what unrecorded work draws, time after time, in the same memory`() {
    let (plain, source) = (Noise(seed: 4), Noise(seed: 4))
    let tape = source.recorded { work(source) }.tape
    _ = work(plain)
    let held = source.playing(tape) { (0..<1).map { _ in source.normal([3, 5]) } }[0]
    var seen: [[[UInt8]]] = []
    for _ in 0..<3 {
      tape.refill(from: source)
      let state = source.state
      let played = source.playing(tape) { bytes(work(source)) }
      #expect(played == bytes(work(plain)))
      #expect(source.state == state && state == plain.state, "Playing draws nothing.")
      #expect(held.bytes == played[0], "The memory is the same.")
      seen.append(played)
    }
    #expect(Set(seen).count == 3, "Each time the draws are others.")
  }

  @Test func `unrecorded draws between repetitions come in their order`() {
    let (plain, source) = (Noise(seed: 5), Noise(seed: 5))
    func between(_ noise: Noise) -> [UInt8] { noise.bernoulli(Tensor.full([30], 0.4)).bytes }
    let tape = source.recorded { work(source) }.tape
    _ = work(plain)
    for _ in 0..<2 {
      #expect(between(source) == between(plain))
      tape.refill(from: source)
      #expect(source.playing(tape) { bytes(work(source)) } == bytes(work(plain)))
    }
  }

  @Test func `draws that depend on values make a tape that cannot be played`() {
    let noise = Noise(seed: 6)
    let weights = Tensor([1, 2] as [Float], shape: [1, 2])
    #expect(!noise.recorded { noise.categories(weights) }.tape.isPlayable)
    #expect(!noise.recorded { noise.bernoulli(weights / 3) }.tape.isPlayable)
    #expect(!noise.recorded { noise.permutation(3) }.tape.isPlayable)
    #expect(noise.recorded { noise.normal([2]) }.tape.isPlayable)
  }
}

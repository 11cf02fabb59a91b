import Latent
import Testing
import Torch

@Suite struct ModuleTests {
  private struct Leaf: Module {
    let scale: Parameter
    let running: Buffer
    let note = "no tensor"
  }

  private enum Branch { case leaf(Leaf), nothing }

  private struct Tree: Module {
    let first: Leaf
    let list: [Leaf]
    let maybe: Leaf?
    let none: Leaf?
    let named: [String: Parameter]
    let choice: Branch
    let again: Parameter
  }

  private static func leaf(_ value: Float) -> Leaf {
    Leaf(scale: Parameter(Tensor([value])), running: Buffer(Tensor([value + 0.5])))
  }

  private static func tree() -> Tree {
    let first = leaf(1)
    return Tree(
      first: first, list: [leaf(2), leaf(3)], maybe: leaf(4), none: nil,
      named: ["b": Parameter(Tensor([6] as [Float])), "a": Parameter(Tensor([5] as [Float]))], choice: .leaf(leaf(7)),
      again: first.scale)
  }

  @Test func `parameters are found once each, in declaration order, by their paths`() {
    let tree = Self.tree()
    #expect(
      tree.parameters.map(\.name) == [
        "first.scale", "list.0.scale", "list.1.scale", "maybe.scale", "named.a", "named.b", "choice.leaf.scale",
      ])
    #expect(tree.parameters.map(\.parameter.value.item) == [1, 2, 3, 4, 5, 6, 7])
    #expect(tree.parameterCount == 7)
    #expect(tree.state.count == 12 && tree.state.map(\.name).contains("list.1.running"))
  }

  @Test func `a chain's parameters are named by layer`() {
    let chain = MLP(hidden: [3]).encoder(shape: [2], features: 4, with: Initializer(noise: Noise(seed: 0)))
    #expect(chain.parameters.map(\.name) == ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"])
    #expect(chain.parameters.map(\.parameter.value.shape) == [[3, 2], [3], [4, 3], [4]])
  }

  @Test func `loading overwrites in place, whatever the order`() throws {
    let (here, there) = (Self.tree(), Self.tree())
    withoutGradients { for (_, tensor) in there.state { tensor.copy(from: tensor * 10) } }
    try here.load(there.state.reversed())
    #expect(snapshot(here.state) == snapshot(there.state))
  }

  @Test func `a state that lacks a tensor or has another shape is refused and changes nothing`() {
    let tree = Self.tree()
    let before = snapshot(tree.state)
    var state = tree.state.map { ($0.name, $0.tensor * 2) }
    let last = state.removeLast()
    #expect(refusal { try tree.load(state) }?.contains("'choice.leaf.running'") == true)
    #expect(refusal { try tree.load(state + [(last.0, .zeros([2]))]) }?.contains("shape [2]") == true)
    #expect(snapshot(tree.state) == before)
  }

  @Test(arguments: Activation.allCases)
  func `a layer's activation is the function of its name`(activation: Activation) {
    let layer = Linear(
      inputs: 3, outputs: 2, activation: activation, with: Initializer(noise: Noise(seed: 1), type: .float64))
    let x = Noise(seed: 2).normal([5, 3], type: .float64)
    let y = x.times(layer.weight.value.transposed()) + layer.bias.value
    let one = Tensor(1, type: .float64)
    let expected: Tensor =
      switch activation {
      case .none: y
      case .relu: .maximum(y, y * 0)
      case .tanh: (y.exponential() - (-y).exponential()) / (y.exponential() + (-y).exponential())
      case .sigmoid: one / (one + (-y).exponential())
      case .leakyReLU: .choose(y, where: y .> 0, else: y * 0.01)
      case .elu: .choose(y, where: y .> 0, else: y.exponential() - 1)
      case .gelu: y * (1 + (y / 2.0.squareRoot()).errorFunction()) * 0.5
      case .silu: y / (one + (-y).exponential())
      case .softplus: (one + y.exponential()).logarithm()
      }
    // The same function by other operations, in double precision.
    #expect((layer(x) - expected).absolute().maximum().item < 1e-12)
  }

  @Test(arguments: Initialization.allCases)
  func `weights start as their initialization says`(initialization: Initialization) {
    let (inputs, outputs) = (200, 300)
    let layer = Linear(
      inputs: inputs, outputs: outputs, initialization: initialization,
      with: Initializer(noise: Noise(seed: 1), type: .float64))
    let (weights, biases) = (layer.weight.value.detached(), layer.bias.value.doubles)
    let variance: Double =
      switch initialization {
      case .fanIn: 1 / Double(3 * inputs)
      case .glorot: 2 / Double(inputs + outputs)
      case .he: 2 / Double(inputs)
      case .smallNormal: 1e-4
      }
    // 60,000 draws: the mean has error σ/245, the square of a normal draw σ²√2/245.
    #expect(abs(weights.mean().item) < 4 * variance.squareRoot() / 245)
    #expect(abs(weights.squared().mean().item / variance - 1) < 4 * 2.0.squareRoot() / 245)
    let hasBiases = initialization == .fanIn || initialization == .smallNormal
    #expect(hasBiases ? biases.allSatisfy { $0 != 0 } : biases.allSatisfy { $0 == 0 })
  }

  @Test func `the same seed gives the same parameters in single and double precision`() {
    let parts = [ElementKind.float32, .float64].map { type in
      MLP().encoder(shape: [4], features: 2, with: Initializer(noise: Noise(seed: 3), type: type)).parameters
    }
    for (single, double) in zip(parts[0], parts[1]) {
      #expect(double.parameter.value.to(type: .float32).bytes == single.parameter.value.bytes)
    }
  }
}

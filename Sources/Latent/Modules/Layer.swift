public import Torch

/// How a layer is being used.
public enum Mode {
  /// As it will be used once trained.
  case evaluation
  /// In training, where some layers draw at random.
  case training(Noise)
}

/// A module from one tensor to another, called like a function.
public protocol Layer: Module {
  /// The layer's output.
  ///
  /// - Parameter input: Shape `[…, inputs]`.
  /// - Returns: Shape `[…, outputs]`.
  func callAsFunction(_ input: Tensor, mode: Mode) -> Tensor
}

extension Layer {
  /// The layer's output as it will be used once trained.
  public func callAsFunction(_ input: Tensor) -> Tensor { self(input, mode: .evaluation) }
}

/// Layers one after another.
public struct Chain: Layer {
  /// In the order in which they are applied.
  public let layers: [any Layer]

  /// A chain of layers.
  public init(_ layers: [any Layer]) { self.layers = layers }

  /// Applies one layer after another; linear layers that follow each other at once.
  public func callAsFunction(_ input: Tensor, mode: Mode) -> Tensor {
    var output = input
    var rest = layers[...]
    while let layer = rest.first {
      let linear = rest.prefixMap { ($0 as? Linear)?.complete }
      output = linear.isEmpty ? layer(output, mode: mode) : output.linear(linear)
      rest = rest.dropFirst(max(1, linear.count))
    }
    return output
  }
}

extension ArraySlice {
  /// What `transform` makes of the elements, up to the first of which it makes nothing.
  fileprivate func prefixMap<Result>(_ transform: (Element) -> Result?) -> [Result] {
    var results: [Result] = []
    for element in self {
      guard let result = transform(element) else { break }
      results.append(result)
    }
    return results
  }
}

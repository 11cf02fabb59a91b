public import Torch

/// A part of a model: a struct whose parameters are found by looking at its fields.
///
/// Fields are `let`; parameters are changed in place. There is nothing to inherit or to register.
public protocol Module {}

extension Module {
  /// Every parameter once, depth first in declaration order, named by its path such as `encoder.layers.0.weight`.
  public var parameters: [(name: String, parameter: Parameter)] {
    var found: [(String, Parameter)] = []
    var seen: Set<ObjectIdentifier> = []
    visitFields { path, value in
      guard let parameter = value as? Parameter else { return }
      if seen.insert(ObjectIdentifier(parameter.value)).inserted { found.append((path, parameter)) }
    }
    return found
  }

  /// Parameters and buffers: all that a file must keep for the module to be made again.
  public var state: [(name: String, tensor: Tensor)] {
    var found: [(String, Tensor)] = []
    var seen: Set<ObjectIdentifier> = []
    visitFields { path, value in
      guard let tensor = (value as? Parameter)?.value ?? (value as? Buffer)?.value else { return }
      if seen.insert(ObjectIdentifier(tensor)).inserted { found.append((path, tensor)) }
    }
    return found
  }

  /// The number of trained numbers.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.parameter.value.count } }

  /// Overwrites parameters and buffers with tensors of the same names.
  ///
  /// - Throws: ``LatentError`` where a name is missing or a shape differs; nothing has been changed then.
  public func load(_ tensors: [(name: String, tensor: Tensor)]) throws(LatentError) {
    let pairs = try pairs(with: tensors)
    withoutGradients { for (target, source) in pairs { target.copy(from: source) } }
  }

  /// Each parameter and buffer with the tensor of its name.
  ///
  /// - Throws: ``LatentError`` where a name is missing or a shape differs.
  func pairs(with tensors: [(name: String, tensor: Tensor)]) throws(LatentError) -> [(target: Tensor, source: Tensor)] {
    let byName = [String: Tensor](tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    var pairs: [(target: Tensor, source: Tensor)] = []
    for (name, target) in state {
      guard let source = byName[name] else {
        throw LatentError("the file lacks the tensor '\(name)' that this model needs.")
      }
      guard source.shape == target.shape else {
        throw LatentError("the file's tensor '\(name)' has shape \(source.shape); this model needs \(target.shape).")
      }
      pairs.append((target, source))
    }
    return pairs
  }

  private func visitFields(_ body: (String, Any) -> Void) { visit(self, path: "", body) }
}

/// Goes through structs, enums, tuples, optionals, arrays and dictionaries by name, and stops at parameters and buffers.
private func visit(_ value: Any, path: String, _ body: (String, Any) -> Void) {
  if value is Parameter || value is Buffer {
    body(path, value)
    return
  }
  let mirror = Mirror(reflecting: value)
  func step(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
  switch mirror.displayStyle {
  case .optional:
    for child in mirror.children { visit(child.value, path: path, body) }
  case .collection:
    for (index, child) in mirror.children.enumerated() { visit(child.value, path: step("\(index)"), body) }
  case .dictionary:
    let entries = mirror.children.map { Array(Mirror(reflecting: $0.value).children.map(\.value)) }
    for entry in entries.sorted(by: { "\($0[0])" < "\($1[0])" }) { visit(entry[1], path: step("\(entry[0])"), body) }
  case .struct, .enum, .tuple:
    for (index, child) in mirror.children.enumerated() {
      visit(child.value, path: step(child.label ?? "\(index)"), body)
    }
  default: break
  }
}

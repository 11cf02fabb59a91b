internal import Codecs
internal import Foundation
internal import Torch

// A safetensors file: `layers.0.weight`, `layers.0.bias`, `layers.1.weight` …, and as metadata what follows each convolution.
extension FeatureNetwork {
  /// The most stages that a file may have.
  private static let limit = 100

  /// Reads a file and its digest.
  ///
  /// - Parameter path: Errors name it as the setting that it came from.
  /// - Throws: ``LatentError`` where there is no such file, or it is not whole, or not of this form.
  static func read(_ path: String) throws(LatentError) -> (network: FeatureNetwork, digest: String) {
    let place = "objective.features: '\(path)'"
    guard FileManager.default.fileExists(atPath: path) else {
      throw LatentError("\(place) does not exist; give a feature network as latent probe --save writes it.")
    }
    guard !RunFolder.isFolder(path), let bytes = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
      throw LatentError("\(place) cannot be read; give a .safetensors file that you may read.")
    }
    do {
      return (try FeatureNetwork(Safetensors(bytes, name: path)), digest(of: bytes))
    } catch let error as LatentError {
      throw LatentError("\(place) is no feature network: \(error)")
    } catch { throw LatentError("objective.features: \(error)") }
  }

  private init(_ file: Safetensors) throws(LatentError) {
    var text = file.metadata.filter { $0.key.hasPrefix("layers.") || $0.key.hasPrefix("input.") }
    var tensors = [String: Tensor](file.tensors.map { ($0.name, $0.tensor) }) { first, _ in first }
    func numbers(_ name: String, channels: Int, standard: Double) throws(LatentError) -> [Double] {
      guard let words = text.removeValue(forKey: name) else { return [standard] }
      let found = words.split { $0 == " " || $0 == "," }.map { Double($0) ?? .nan }
      guard [1, channels].contains(found.count), found.allSatisfy(\.isFinite), standard == 0 || !found.contains(0)
      else {
        throw LatentError(
          "\(name) is “\(words)”; expected a number\(standard == 1 ? " other than 0" : ""), or \(channels) of them, one for each channel."
        )
      }
      return found
    }
    var stages: [Stage] = []
    while let weight = tensors.removeValue(forKey: "layers.\(stages.count).weight") {
      guard stages.count < Self.limit else {
        throw LatentError("it has more than \(Self.limit) layers; keep the first.")
      }
      let bias = tensors.removeValue(forKey: "layers.\(stages.count).bias")
      stages.append(
        try Stage(weight, bias, number: stages.count, inputs: stages.last?.weight.extent(0)) {
          text.removeValue(forKey: "layers.\(stages.count).\($0)")
        })
    }
    guard let first = stages.first else {
      throw LatentError(
        "it has no tensor 'layers.0.weight'; name convolutions layers.0.weight, layers.0.bias, layers.1.weight and so on."
      )
    }
    guard stages.contains(where: \.isCompared) else {
      throw LatentError("none of its layers is compared; leave out 'compared: no' of at least one.")
    }
    let channels = first.weight.extent(1)
    offset = try numbers("input.offset", channels: channels, standard: 0)
    scale = try numbers("input.scale", channels: channels, standard: 1)
    self.stages = stages
    if let name = tensors.keys.sorted().first {
      throw LatentError(
        "the tensor '\(name)' belongs to no layer; the layers are layers.0 to layers.\(stages.count - 1).")
    }
    if let name = text.keys.sorted().first {
      throw LatentError(
        "the entry '\(name)' is not known; there are input.offset, input.scale and layers.N.stride, padding, activation, pooling and compared."
      )
    }
  }

  /// Writes the file; the same network gives the same bytes.
  func write(to path: String) throws {
    func words(_ numbers: [Double]) -> String { numbers.map { "\($0)" }.joined(separator: " ") }
    var metadata = ["input.offset": words(offset), "input.scale": words(scale)]
    var tensors: [(name: String, tensor: Tensor)] = []
    for (number, stage) in stages.enumerated() {
      let name = "layers.\(number)"
      tensors += [("\(name).weight", stage.weight), ("\(name).bias", stage.bias)]
      metadata["\(name).stride"] = "\(stage.stride)"
      metadata["\(name).padding"] = "\(stage.padding)"
      metadata["\(name).activation"] = stage.activation.rawValue
      metadata["\(name).pooling"] = "\(stage.pooling)"
      metadata["\(name).compared"] = stage.isCompared ? "yes" : "no"
    }
    let file = Safetensors(tensors, metadata: metadata)
    try AtomicFile.write(to: path) { output in try file.write { try output.append($0) } }
  }

  /// Sixteen hexadecimal digits that change when a byte does; no protection against intent.
  private static func digest(of bytes: Data) -> String {
    bytes.withUnsafeBytes { raw in
      var digest = Fingerprint()
      digest.mix(raw)
      return digest.text
    }
  }
}

extension FeatureNetwork.Stage {
  /// One layer of a file, whose entries are text by name.
  fileprivate init(
    _ weight: Tensor, _ bias: Tensor?, number: Int, inputs: Int?, entry: (String) -> String?
  ) throws(LatentError) {
    let name = "layers.\(number)"
    let shape = weight.shape
    guard shape.count == 4, shape[2] == shape[3], shape.allSatisfy({ $0 > 0 }) else {
      throw LatentError("\(name).weight has the shape \(shape); expected [outputs, inputs, k, k] of a convolution.")
    }
    guard inputs ?? shape[1] == shape[1] else {
      throw LatentError(
        "\(name).weight takes \(counted(shape[1], "channel")), but the layer before gives \(inputs ?? 0).")
    }
    guard bias?.shape ?? [shape[0]] == [shape[0]] else {
      throw LatentError("\(name).bias has the shape \(bias?.shape ?? []); expected [\(shape[0])].")
    }
    func whole(_ key: String, _ range: ClosedRange<Int>, else standard: Int) throws(LatentError) -> Int {
      guard let text = entry(key) else { return standard }
      guard let value = Int(text), range.contains(value) else {
        throw LatentError(
          "\(name).\(key) is “\(text)”; expected a whole number from \(range.lowerBound) to \(range.upperBound).")
      }
      return value
    }
    self.weight = weight.to(type: .float32)
    self.bias = (bias ?? .zeros([shape[0]], type: .float32)).to(type: .float32)
    guard self.weight.isAllFinite, self.bias.isAllFinite else {
      throw LatentError("\(name) has weights that are no finite numbers; export it again.")
    }
    stride = try whole("stride", 1...64, else: 1)
    padding = try whole("padding", 0...64, else: shape[2] / 2)
    pooling = try whole("pooling", 1...64, else: 1)
    let word = entry("activation") ?? Activation.relu.rawValue
    guard let activation = Activation(rawValue: word) else {
      let known = Activation.allCases.map(\.rawValue)
      throw LatentError("\(name).activation is “\(word)”, which is none of \(known.joined(separator: ", ")).")
    }
    self.activation = activation
    switch entry("compared") {
    case "yes", nil: isCompared = true
    case "no": isCompared = false
    case let text?: throw LatentError("\(name).compared is “\(text)”; expected yes or no.")
    }
  }
}

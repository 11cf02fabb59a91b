internal import Foundation
internal import Codecs
public import Torch

/// A model with what it takes to use it: how its data was scaled and how it was configured.
///
/// As a file it is `model.safetensors`: the tensors, and the configuration and the data's description as text.
public struct TrainedModel {
  /// The model.
  public let model: VAE
  /// The shape, names and scaling of the data that it describes.
  public let data: DataDescription
  /// The configuration that it came from.
  public let configuration: Configuration
  /// Where it is.
  public let device: Device

  private static let configurationKey = "latent.configuration"
  private static let dataKey = "latent.data"

  /// A model in memory.
  public init(model: VAE, data: DataDescription, configuration: Configuration, device: Device) {
    self.model = model
    self.data = data
    self.configuration = configuration
    self.device = device
  }

  /// Reads a model file, or that of a run folder.
  ///
  /// - Throws: ``LatentError`` where the file is missing, not whole, or of another kind.
  public static func load(_ path: String, device: Device = .cpu) throws -> TrainedModel {
    let file = RunFolder.isFolder(path) ? RunFolder(path).model : path
    guard FileManager.default.fileExists(atPath: file) else {
      throw LatentError(
        file == path
          ? "'\(path)' does not exist; give a run folder or a model.safetensors file."
          : "'\(path)' holds no model.safetensors; give the folder of a run that has been trained.")
    }
    guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: file), options: .mappedIfSafe) else {
      throw LatentError("'\(file)' cannot be read; check its permissions.")
    }
    let tensors = try Safetensors(bytes, name: file)
    guard let configuration = tensors.metadata[configurationKey], let description = tensors.metadata[dataKey] else {
      throw LatentError("'\(file)' is a safetensors file of another program; give one that latent train wrote.")
    }
    let resolved = try JSON.value(over: Configuration(), from: configuration, name: file)
    let data = try JSON.value(of: DataDescription.self, from: description, name: file)
    try resolved.validate()
    try data.validate()
    do {
      // The model that the configuration describes is compared before it takes memory.
      _ = try VAE(resolved.model, shape: data.shape, with: .measuring).pairs(with: tensors.tensors)
    } catch { throw LatentError("'\(file)' does not fit its configuration: \(error)") }
    let initializer = Initializer(noise: Noise(seed: 0), device: device)
    let model = try VAE(resolved.model, shape: data.shape, with: initializer)
    try model.load(tensors.tensors)
    return TrainedModel(model: model, data: data, configuration: resolved, device: device)
  }

  /// Writes the model file.
  public func save(to path: String) throws {
    try Self.write(model.state, data: data, configuration: configuration, to: path)
  }

  static func write(
    _ tensors: [(name: String, tensor: Tensor)], data: DataDescription, configuration: Configuration, to path: String
  ) throws {
    let file = Safetensors(
      tensors, metadata: [configurationKey: try JSON.text(of: configuration), dataKey: try JSON.text(of: data)])
    try AtomicFile.write(to: path) { output in try file.write { try output.append($0) } }
  }
}

internal import Foundation
internal import Yams

extension Configuration {
  /// Lays layers of values over the defaults: a preset, then a file, then single settings.
  ///
  /// - Parameter preset: The name of one of ``Presets``, or nil for the defaults alone.
  /// - Parameter file: The path of a YAML file, or nil.
  /// - Parameter settings: Single values such as `model.latents=8`, read as YAML.
  /// - Throws: ``LatentError`` for what is unknown, of the wrong type or makes no sense.
  public init(preset: String?, file: String?, settings: [String] = []) throws {
    let text = try file.map { file in
      guard let text = FileManager.default.contents(atPath: file) else {
        throw LatentError("configuration '\(file)' cannot be read; give the path of a YAML file.")
      }
      return text
    }
    try self.init(preset: preset, text: text, of: file ?? "", settings: settings)
  }

  /// The same, from a file that has been read.
  init(preset: String? = nil, text: Data?, of file: String, settings: [String] = []) throws {
    var tree = try Tree(encoding: Configuration())
    if let preset { tree = try tree.overlaid(by: Presets.named(preset).values()) }
    if let text {
      tree = try tree.overlaid(by: Tree(yaml: String(decoding: text, as: UTF8.self), name: "configuration '\(file)'"))
    }
    for setting in settings {
      guard let equals = setting.firstIndex(of: "="), equals != setting.startIndex else {
        throw LatentError("--set '\(setting)' is no setting; expected KEY=VALUE such as model.latents=8.")
      }
      let value = try Tree(yaml: String(setting[setting.index(after: equals)...]), name: "--set '\(setting)'")
      tree = try tree.overlaid(
        by: Tree(path: String(setting[..<equals]), value: value == .object([:]) ? .text("") : value))
    }
    self = try tree.decoded()
    try validate()
  }

  /// The whole configuration as YAML, from which the run can be repeated.
  public func yaml() throws -> String { try YAMLEncoder().encode(self) }

  /// The dotted path of the first value that differs from another configuration's, if any does.
  func firstDifference(from other: Configuration, apartFrom ignored: Set<String> = []) throws -> String? {
    func compare(_ a: Tree?, _ b: Tree?, at path: String) -> String? {
      if a == b || ignored.contains(path) { return nil }
      guard case .object(let x)? = a, case .object(let y)? = b else { return path }
      for key in Set(x.keys).union(y.keys).sorted() {
        if let found = compare(x[key], y[key], at: path.isEmpty ? key : "\(path).\(key)") { return found }
      }
      return nil
    }
    return compare(try Tree(encoding: self), try Tree(encoding: other), at: "")
  }
}

internal import Foundation
internal import Latent
internal import Torch

/// A direction as plain values.
struct FoundAttribute: Encodable, Sendable {
  var name: String
  var direction: [Double]
  var length: Double
  var present: Int
  var absent: Int
  var separation: Double?
  var origin: String

  init(_ vector: AttributeVector, separation: Double?, origin: String) {
    name = vector.name
    direction = vector.direction.values()
    length = vector.length
    (present, absent) = (vector.present, vector.absent)
    self.separation = separation
    self.origin = origin
  }
}

extension ExploredModel {
  /// Labels that directions are found for at the most.
  private static let mostLabels = 40
  /// Groups that are kept at the most.
  private static let mostGroups = 100

  /// The directions of labels, found from the training rows among those shown and judged on the others; of groups; and of files in the folder.
  func attributes() throws -> [FoundAttribute] {
    let known = try cachedAttributes ?? labelled() + filed()
    cachedAttributes = known
    return known + groups.map { FoundAttribute($0, separation: nil, origin: "groups") }
  }

  private func labelled() throws -> [FoundAttribute] {
    guard let rows, let labels = rows.raw.labels, let map, map.count == rows.count else { return [] }
    let codes = Tensor(map.means, shape: [rows.count, latents])
    let training = rows.parts.indices.filter { rows.parts[$0] == 0 }
    let others = rows.parts.indices.filter { rows.parts[$0] != 0 }
    func chosen(_ indices: [Int]) -> Tensor { codes.rows(Tensor(indices.map(Int64.init))) }
    let (found, judged) = (chosen(training), chosen(others))
    let classes = Array(Set(labels)).sorted()
    guard (2...Self.mostLabels).contains(classes.count) else { return [] }
    let names = rows.raw.labelNames
    return classes.compactMap { label in
      let text = names.indices.contains(Int(label)) ? names[Int(label)] : "\(label)"
      let name = "\(labelWord) \(text)"
      guard let vector = try? AttributeVector(name: name, codes: found, flags: training.map { labels[$0] == label })
      else { return nil }
      let separation = others.isEmpty ? nil : vector.separation(of: judged, flags: others.map { labels[$0] == label })
      return FoundAttribute(vector, separation: separation, origin: "labels")
    }
  }

  private func filed() -> [FoundAttribute] {
    guard let folder, let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else { return [] }
    return names.sorted().filter { $0.hasSuffix(".safetensors") && $0 != "model.safetensors" }.flatMap {
      AttributeVector.read("\(folder.path)/\($0)", latents: latents).map {
        FoundAttribute($0, separation: nil, origin: "file")
      }
    }
  }

  /// Finds the direction from some rows to others and keeps it.
  func addGroup(named name: String, with: [Int], without: [Int]) throws -> FoundAttribute {
    let rows = try demandRows()
    for row in with + without { try rows.demand(row) }
    guard let map, map.count == rows.count else { throw ExplorerError.overload }
    let chosen = Tensor((with + without).map(Int64.init))
    let vector = try AttributeVector(
      name: name, codes: Tensor(map.means, shape: [rows.count, latents]).rows(chosen),
      flags: with.map { _ in true } + without.map { _ in false })
    groups.removeAll { $0.name == name }
    guard groups.count < Self.mostGroups else {
      throw ExplorerError.wrong("\(Self.mostGroups) groups are kept already; use the name of one of them.")
    }
    groups.append(vector)
    return FoundAttribute(vector, separation: nil, origin: "groups")
  }

  /// The direction of a name.
  func direction(named name: String) throws -> [Double] {
    let all = try attributes()
    guard let found = all.last(where: { $0.name == name }) else {
      throw ExplorerError.wrong(
        "there is no attribute “\(name)”; there \(all.isEmpty ? "are none" : "are " + listed(all.map(\.name), limit: 12))."
      )
    }
    return found.direction
  }
}

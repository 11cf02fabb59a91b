internal import Codecs
internal import Foundation
public import Torch

/// The direction among the latents along which an attribute comes and goes.
///
///     e = E[μ(x) | y = 1] − E[μ(x) | y = 0]
///
/// - SeeAlso: Larsen et al., “Autoencoding beyond Pixels Using a Learned Similarity Metric”, 2016, section 4.2.
public struct AttributeVector {
  /// The attribute.
  public let name: String
  /// e, shape `[latents]`, double precision.
  public let direction: Tensor
  /// Rows that have the attribute, among those that it was found from.
  public let present: Int
  /// Rows that do not have it.
  public let absent: Int

  /// The length of e.
  public var length: Double { direction.squared().sum().item.squareRoot() }

  /// Finds a direction as the difference of two means.
  ///
  /// - Parameters:
  ///   - codes: Posterior means, shape `[rows, latents]`.
  ///   - flags: Whether each row has the attribute; rows with nil are left out.
  /// - Throws: ``LatentError`` where no row has it, or every row.
  public init(name: String, codes: Tensor, flags: [Bool?]) throws(LatentError) {
    precondition(codes.extent(0) == flags.count, "there is a flag for each row")
    let codes = codes.to(type: .float64, device: .cpu)
    let chosen = [true, false].map { flag in flags.indices.filter { flags[$0] == flag }.map(Int64.init) }
    (present, absent) = (chosen[0].count, chosen[1].count)
    guard present > 0, absent > 0 else {
      throw LatentError(
        "the attribute “\(name)” is known of \(counted(present + absent, "training row")) and \(present > 0 ? "all" : "none") of them "
          + "\(present + absent == 1 ? "has" : "have") it; a direction needs rows with it and rows without.")
    }
    self.name = name
    direction = codes.rows(Tensor(chosen[0])).mean(over: 0) - codes.rows(Tensor(chosen[1])).mean(over: 0)
  }

  /// How well the direction tells rows apart: the share of pairs, one row with the attribute and one without, in which the former lies
  /// further along it; ½ is chance. Also known as the area under the ROC curve; nil where rows of one kind are missing.
  ///
  /// - Parameter codes: Posterior means, shape `[rows, latents]`, best of rows that the direction was not found from.
  public func separation(of codes: Tensor, flags: [Bool?]) -> Double? {
    precondition(codes.extent(0) == flags.count, "there is a flag for each row")
    let places = (codes.to(type: .float64, device: .cpu) * direction).sum(over: 1).values(as: Double.self)
    let known = zip(places, flags).compactMap { place, flag in flag.map { (place: place, flag: $0) } }
      .sorted { $0.place < $1.place }
    var (absentBelow, wins, start) = (0.0, 0.0, 0)
    while start < known.count {
      var end = start
      while end < known.count, known[end].place == known[start].place { end += 1 }
      let tied = known[start..<end]
      let absent = Double(tied.count { !$0.flag })
      wins += Double(tied.count { $0.flag }) * (absentBelow + absent / 2)
      absentBelow += absent
      start = end
    }
    let present = Double(known.count) - absentBelow
    return present > 0 && absentBelow > 0 ? wins / (present * absentBelow) : nil
  }

  /// Writes directions, each a tensor under its attribute's name.
  public static func save(_ vectors: [AttributeVector], to path: String) throws {
    let counts = vectors.map { ("\($0.name): rows", "\($0.present) with, \($0.absent) without") }
    let file = Safetensors(
      vectors.map { ($0.name, $0.direction.to(type: .float32)) },
      metadata: Dictionary(counts) { first, _ in first })
    try AtomicFile.write(to: path) { output in try file.write { try output.append($0) } }
  }

  /// Reads directions that ``save(_:to:)`` wrote.
  ///
  /// - Returns: Those of a model with so many latents; empty for a file of something else.
  package static func read(_ path: String, latents: Int) -> [AttributeVector] {
    guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe),
      let file = try? Safetensors(bytes, name: path)
    else { return [] }
    return file.tensors.compactMap { name, tensor in
      guard tensor.shape == [latents], let counts = file.metadata["\(name): rows"]?.split(separator: " "),
        counts.count == 4, let present = Int(counts[0]), let absent = Int(counts[2])
      else { return nil }
      return AttributeVector(
        name: name, direction: tensor.to(type: .float64, device: .cpu), present: present, absent: absent)
    }
  }

  private init(name: String, direction: Tensor, present: Int, absent: Int) {
    (self.name, self.direction, self.present, self.absent) = (name, direction, present, absent)
  }
}

extension TrainedModel {
  /// Rows with an attribute taken away and added: a line for each row and attribute.
  ///
  ///     x(λ) = E[x|z], z = E[z|x] + λ e
  ///
  /// - Parameters:
  ///   - dataset: The rows.
  ///   - names: What each row is called.
  ///   - amount: λ goes from −amount to amount.
  ///   - steps: The decoded observations in a line; each line has its original before them.
  /// - Throws: ``LatentError`` where the data is of another shape than the model's.
  public func edits(
    of dataset: Dataset, named names: [String], by vectors: [AttributeVector], amount: Double = 2, steps: Int = 7,
    using noise: Noise
  ) throws(LatentError) -> Strips {
    precondition(names.count == dataset.count, "there is a name for each row")
    let latents = model.latents
    let means = try codes(of: dataset, using: noise).means.values(as: Double.self)
    let amounts = Ramp.values(from: -amount, to: amount, steps: steps)
    let directions = vectors.map { $0.direction.values(as: Double.self) }
    var (z, places): ([Float], [[String]]) = ([], [])
    for row in 0..<dataset.count {
      for (vector, direction) in zip(vectors, directions) {
        for amount in amounts {
          z += (0..<latents).map { Float(means[row * latents + $0] + amount * direction[$0]) }
          places.append([names[row], vector.name, amount.plain])
        }
      }
    }
    let headings = ["row", "attribute", "amount"]
    let decoded = strips(decoding: z, steps: steps, headings: headings, places: places).values.to(type: .float32)
    let originals = dataset.values.to(type: .float32, device: .cpu)
    var (values, all): ([Tensor], [[String]]) = ([], [])
    for line in 0..<dataset.count * vectors.count {
      let row = line / vectors.count
      let part = line * steps..<(line + 1) * steps
      values += [originals[row..<row + 1], decoded[part]]
      all += [[places[part.lowerBound][0], places[part.lowerBound][1], "original"]] + places[part]
    }
    return Strips(values: .concatenate(values), steps: steps + 1, headings: headings, places: all)
  }
}

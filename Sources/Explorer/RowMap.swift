internal import Foundation
internal import Latent
internal import Torch

/// Where the shown rows lie among the latents, and what they cost there; worked out a portion at a time.
struct RowMap: Sendable {
  /// E[z|x], `rows × latents`.
  private(set) var means: [Double] = []
  /// KL(q(z|x) ‖ p(z)) of each row.
  private(set) var divergence: [Double] = []
  /// −ELBO of each row, by few draws.
  private(set) var negativeELBO: [Double] = []
  /// Σ over rows of each latent's divergence.
  private(set) var divergencePerLatent: [Double] = []

  var count: Int { divergence.count }

  mutating func add(_ found: RowEvaluations) {
    means += found.means
    divergence += found.rows.map(\.divergence)
    negativeELBO += found.rows.map(\.negativeELBO)
    let sums = found.divergencePerLatent
    divergencePerLatent = divergencePerLatent.isEmpty ? sums : zip(divergencePerLatent, sums).map { $0 + $1 }
  }

  /// Adds rows of which nothing but their place is known.
  mutating func add(means: [Double], rows: Int) {
    self.means += means
    divergence += Array(repeating: .nan, count: rows)
    negativeELBO += Array(repeating: .nan, count: rows)
  }

  /// The latents that are told where there are many: those that carry most.
  func axes(of latents: Int, most: Int) -> [Int] {
    guard latents > most else { return Array(0..<latents) }
    let rows = Double(max(1, count))
    let variances = (0..<latents).map { latent -> Double in
      var (sum, squares) = (0.0, 0.0)
      for row in 0..<count {
        let value = means[row * latents + latent]
        sum += value
        squares += value * value
      }
      return squares / rows - (sum / rows) * (sum / rows)
    }
    let weights =
      divergencePerLatent.contains { !$0.isFinite } || divergencePerLatent.isEmpty
      ? variances : divergencePerLatent
    return Array((0..<latents).sorted { weights[$0] > weights[$1] }.prefix(most))
  }
}

extension ExploredModel {
  /// Rows whose places are told at the most along so many latents.
  private static let axes = 50

  /// Goes on with the map.
  ///
  /// - Returns: Whether it is whole.
  func advanceMap() throws -> Bool {
    let rows = try demandRows()
    var map = map ?? RowMap()
    guard map.count < rows.count else { return true }
    let range = map.count..<min(map.count + max(1, portion / 2), rows.count)
    share(rows: 2 * range.count)
    let part = rows.prepared.rows(Array(range))
    do {
      map.add(try trained.evaluations(of: part, samples: 1, using: noise("map", seed: 0, index: range.lowerBound)))
    } catch {
      note("−ELBO of some rows is not shown: \(error)")
      let codes = try trained.codes(of: part, using: noise("map", seed: 0, index: range.lowerBound))
      map.add(means: codes.means.values(), rows: range.count)
    }
    self.map = map
    return map.count >= rows.count
  }

  /// The answer of a whole map, made once.
  func mapAnswer() throws -> Data {
    if let cachedMap { return cachedMap }
    let rows = try demandRows()
    guard let map else { throw ExplorerError.overload }
    let axes = map.axes(of: latents, most: Self.axes)
    let principal = PrincipalAxes(of: map.means, latents: latents, count: 10)
    let means =
      axes.count == latents
      ? packed(map.means)
      : packed((0..<map.count).flatMap { row in axes.map { Float(map.means[row * latents + $0]) } })
    let answer = Answer([
      "count": map.count, "latents": latents, "meansF32": means, "axes": axes,
      "labels": rows.raw.labels.map { $0.map(Int.init) }, "divergenceF32": packed(map.divergence),
      "negativeELBOF32": packed(map.negativeELBO), "parts": rows.parts,
      "principal": Answer([
        "share": principal.share, "center": principal.center,
        "directionsF32": packed(principal.directions.flatMap { $0 }), "count": principal.directions.count,
      ]),
    ])
    let json = try answer.json
    cachedMap = json
    return json
  }
}

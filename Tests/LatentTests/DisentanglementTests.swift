import Foundation
import Latent
import Testing
import Torch

/// Measures of disentanglement against scikit-learn's, and on codes of which they are known.
@Suite struct DisentanglementTests {
  private struct Known: Decodable {
    struct Vote: Decodable {
      let factor: Int
      let rows: [Int]
    }
    let codes, information, accuracies, importances: [[Double]]
    let values: [[Int]]
    let training, learnedVotes: Int
    let mig, sap, disentanglement, completeness, informativeness, factorVAE: Double
    let votes: [Vote]

    func factors() throws -> Factors {
      try Factors(names: ["a", "b", "c"], columns: values.map { $0.map(Double.init) })
    }
  }

  private static func isNear(_ a: [[Double]], _ b: [[Double]], _ tolerance: Double) -> Bool {
    a.count == b.count && zip(a.joined(), b.joined()).allSatisfy { abs($0 - $1) < tolerance }
  }

  @Test func `the measures are those of scikit-learn on the same codes, rows and votes`() throws {
    let all = try Reference.read("disentanglement", as: Known.self)
    #expect(Set(all.map(\.mig)).count == all.count)
    for known in all {
      let factors = try known.factors()
      let (training, test) = (Array(0..<known.training), Array(known.training..<factors.rows))
      // The same sums in double precision.
      let gap = MutualInformationGap(codes: known.codes, factors: factors)
      #expect(Self.isNear(gap.information, known.information, 1e-10) && abs(gap.value - known.mig) < 1e-10)
      // Shares of 100 test rows.
      let predictability = AttributePredictability(
        codes: known.codes, factors: factors, training: training, test: test)
      #expect(Self.isNear(predictability.accuracies, known.accuracies, 1e-10), "\(predictability.accuracies)")
      #expect(abs(predictability.value - known.sap) < 1e-10)
      // Both solve the same problem, to 1e-8 and better.
      let parts = DisentanglementCompleteness(codes: known.codes, factors: factors, training: training, test: test)
      #expect(Self.isNear(parts.importances, known.importances, 1e-6), "\(parts.importances)")
      #expect(abs(parts.disentanglement - known.disentanglement) < 1e-6)
      #expect(abs(parts.completeness - known.completeness) < 1e-6)
      #expect(abs(parts.informativeness - known.informativeness) < 1e-10)
      let votes = known.votes.map { FactorVAEScore.Vote(factor: $0.factor, rows: $0.rows) }
      let score = FactorVAEScore(
        codes: known.codes, factors: 3, training: Array(votes[..<known.learnedVotes]),
        test: Array(votes[known.learnedVotes...]))
      #expect(abs(score.value - known.factorVAE) < 1e-10)
    }
  }

  /// Every combination of 4 × 3 × 5 values, ten times.
  private static func grid() throws -> (columns: [[Double]], factors: Factors) {
    let columns = [15, 5, 1].enumerated().map { index, step in
      (0..<600).map { Double($0 / step % [4, 3, 5][index]) }
    }
    return (columns, try Factors(names: ["a", "b", "c"], columns: columns))
  }

  private static func measured(_ codes: [[Double]], _ factors: Factors, seed: UInt64 = 0) throws -> Disentanglement {
    try Disentanglement(of: Tensor(codes.transposed.flatMap { $0 }, shape: [600, codes.count]), factors, seed: seed)
  }

  @Test func `codes that are the factors score 1 in every measure, and turned by an angle less`() throws {
    let (columns, factors) = try Self.grid()
    let noise = Noise(seed: 1).normal([600], type: .float64).doubles
    let perfect = try Self.measured(columns + [noise.map { $0 * 0.01 }], factors)
    #expect(perfect.mutualInformationGap.value > 0.95, "noise in classes knows a little by chance")
    #expect(perfect.factorVAEScore.value == 1 && perfect.activeUnits == 3)
    #expect(perfect.disentanglementCompleteness.disentanglement > 0.999)
    #expect(perfect.disentanglementCompleteness.completeness > 0.999)
    let centred = columns.map { column in
      let mean = column.reduce(0, +) / 600
      return column.map { $0 - mean }
    }
    let turned = [
      zip(centred[0], centred[1]).map { 0.7 * $0 + 0.7 * $1 }, zip(centred[0], centred[1]).map { 0.7 * $0 - 0.7 * $1 },
      centred[2],
    ]
    let worse = try Self.measured(turned, factors)
    #expect(worse.mutualInformationGap.value < perfect.mutualInformationGap.value - 0.2)
    #expect(worse.attributePredictability.value < perfect.attributePredictability.value - 0.05)
    #expect(worse.factorVAEScore.value < 0.95)
    #expect(
      worse.disentanglementCompleteness.disentanglement < perfect.disentanglementCompleteness.disentanglement - 0.2)
    #expect(worse.disentanglementCompleteness.completeness < perfect.disentanglementCompleteness.completeness - 0.1)
  }

  @Test func `a latent whose mean varies far less than it is drawn knows nothing by its draws`() throws {
    let (columns, factors) = try Self.grid()
    // A second latent for the first factor, which no draw shows.
    let idle = columns[0].map { $0 * 1e-3 }
    let means = columns + [idle]
    let noise = Noise(seed: 2).normal([600], type: .float64).doubles
    let draws = columns + [zip(idle, noise).map { $0 + $1 }]
    func tensor(_ codes: [[Double]]) -> Tensor { Tensor(codes.transposed.flatMap { $0 }, shape: [600, codes.count]) }
    let found = try Disentanglement(of: tensor(means), draws: tensor(draws), factors)
    #expect(found.mutualInformationGap.gaps[0] < 1e-12, "By their means both know the factor.")
    // Classes of noise know (20 − 1)(4 − 1) / (2 · 600) nats of ln 4 by chance.
    #expect(try #require(found.drawnMutualInformationGap).gaps[0] > 0.9)
    #expect(try Disentanglement(of: tensor(means), factors).drawnMutualInformationGap == nil)
  }

  @Test func `codes that know nothing score nothing, and collapsed ones neither`() throws {
    let (_, factors) = try Self.grid()
    let noise = Noise(seed: 2).normal([3, 600], type: .float64)
    let blind = try Self.measured((0..<3).map { noise[$0].doubles }, factors)
    #expect(blind.mutualInformationGap.value < 0.05 && blind.attributePredictability.value < 0.1)
    // Two errors of 5000 votes above one in three.
    #expect(abs(blind.factorVAEScore.value - 1.0 / 3) < 0.1)
    let chance = blind.disentanglementCompleteness.chance
    #expect(zip(blind.disentanglementCompleteness.accuracies, chance).allSatisfy { abs($0 - $1) < 0.15 })
    let dead = try Self.measured([[Double](repeating: 1, count: 600), [Double](repeating: 0, count: 600)], factors)
    #expect(dead.mutualInformationGap.value == 0 && dead.factorVAEScore.value == 0 && dead.activeUnits == 0)
    #expect(dead.attributePredictability.value == 0)
    #expect(dead.disentanglementCompleteness.disentanglement == 0 && dead.disentanglementCompleteness.completeness == 0)
    let text = String(decoding: try JSONEncoder().encode(dead), as: UTF8.self)
    #expect(!text.contains("nan"))
  }

  @Test func `the measures do not change with the scale and the sign of codes, and the same seed gives the same`()
    throws
  {
    let (columns, factors) = try Self.grid()
    let noise = Noise(seed: 3).normal([600, 3], type: .float64).transposed()
    let codes = (0..<3).map { latent in zip(columns[latent], noise[latent].doubles).map { $0 + 0.5 * $1 } }
    let found = try Self.measured(codes, factors)
    #expect(try Self.measured(codes, factors) == found)
    #expect(try Self.measured(codes, factors, seed: 1) != found)
    // By powers of 2, so that classes of equal width are the same to the last digit.
    let scaled = try Self.measured(codes.enumerated().map { l, code in code.map { $0 * [2, 4, 0.5][l] } }, factors)
    #expect(scaled.mutualInformationGap == found.mutualInformationGap)
    #expect(scaled.factorVAEScore.value == found.factorVAEScore.value)
    #expect(
      abs(scaled.disentanglementCompleteness.disentanglement - found.disentanglementCompleteness.disentanglement)
        < 1e-9)
  }

  @Test func `factors are read from arrays and tables, and what is none is refused`() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    func write(_ name: String, _ text: String) throws -> String {
      try text.write(toFile: "\(folder.path)/\(name)", atomically: true, encoding: .utf8)
      return "\(folder.path)/\(name)"
    }
    let table = try write("f.csv", "shape,size,kind\nround,2.5,1\nsquare,0.5,1\nround,0.5,1\n")
    let found = try Factors(from: table, rows: 3)
    #expect(found.names == ["shape", "size"] && found.constants == ["kind"])
    #expect(found.values == [[0, 1, 0], [1, 0, 0]] && found.counts == [2, 2])
    func refused(_ path: String, rows: Int = 3, names: [String] = []) -> String {
      refusal { _ = try Factors(from: path, rows: rows, names: names) } ?? ""
    }
    #expect(refused(table, rows: 4).contains("3 rows") && refused(table, rows: 4).contains("4 rows"))
    #expect(refused(table, names: ["a"]).contains("1 were named"))
    #expect(refused(try write("one.csv", "a,b\n1,2\n2,2\n")).contains("rows"))
    #expect(refused(try write("one.csv", "a,b\n1,2\n2,2\n"), rows: 2).contains("only the factor 'a' varies"))
    #expect(refused(try write("gap.csv", "a,b\n1,2\n,3\n"), rows: 2).contains("give"))
    #expect(refused(try write("f.txt", "1 2")).contains("no file of factors"))
    #expect(refused(folder.path).contains("folder"))
    #expect(refused("\(folder.path)/none.npy").contains("does not exist"))
    let many = "a,b\n" + (0..<1200).map { "\($0),\($0 % 2)" }.joined(separator: "\n") + "\n"
    #expect(refused(try write("many.csv", many), rows: 1200).contains("1200 different values"))
    #expect(
      refusal {
        _ = try Disentanglement(of: .zeros([3, 2]), found)
      }?.contains("at least 30") == true)
  }
}

extension [[Double]] {
  /// Rows as columns.
  fileprivate var transposed: [[Double]] { self[0].indices.map { column in map { $0[column] } } }
}

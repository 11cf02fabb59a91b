import Foundation
import Latent
import Testing
import Torch

@Suite struct AttributeTests {
  private static var codes: Tensor { Tensor([1, 0, 3, 2, -1, 4, 10, 10] as [Float], shape: [4, 2]) }

  @Test func `a direction is the difference of the two means, without rows of which nothing is known`() throws {
    let vector = try AttributeVector(name: "smile", codes: Self.codes, flags: [true, true, false, nil])
    // Means (2, 1) and (−1, 4).
    #expect(vector.direction.doubles == [3, -3])
    #expect(vector.present == 2 && vector.absent == 1)
    #expect(abs(vector.length - 18.0.squareRoot()) < 1e-12)
  }

  @Test(arguments: [[true, true, true, nil], [false, false, nil, nil], [nil, nil, nil, nil]])
  func `a direction needs rows of both kinds`(flags: [Bool?]) {
    let words = refusal { _ = try AttributeVector(name: "smile", codes: Self.codes, flags: flags) }
    #expect(words?.contains("“smile”") == true)
  }

  @Test func `separation is the share of pairs in the right order, half for ties`() throws {
    let vector = try AttributeVector(
      name: "up", codes: Tensor([1, 0] as [Float], shape: [2, 1]), flags: [true, false])
    func separation(_ places: [Float], _ flags: [Bool?]) -> Double? {
      vector.separation(of: Tensor(places, shape: [places.count, 1]), flags: flags)
    }
    #expect(separation([1, 2, 3, 4], [false, false, true, true]) == 1)
    #expect(separation([1, 2, 3, 4], [true, true, false, false]) == 0)
    #expect(separation([1, 2, 3, 4], [true, false, false, true]) == 0.5)
    #expect(separation([5, 5, 5], [true, false, nil]) == 0.5)
    #expect(separation([5, 5], [true, nil]) == nil)
  }

  @Test func `an edit moves a row along the direction, from its reconstruction in the middle`() throws {
    let known = LinearGaussian(rows: 20)
    let trained = try known.model()
    let noise = Noise(seed: 0)
    let codes = try trained.codes(of: known.dataset, using: noise).means
    let vector = try AttributeVector(name: "a", codes: codes, flags: (0..<20).map { $0 < 8 })
    let two = known.dataset.rows([4, 15])
    let strips = try trained.edits(
      of: two, named: ["4", "15"], by: [vector, vector], amount: 2, steps: 5, using: noise)
    #expect(strips.lines == 4 && strips.steps == 6)
    #expect(strips.places[0] == ["4", "a", "original"] && strips.places[1] == ["4", "a", "-2"])
    let returned = try trained.reconstructions(of: two, .mean, using: noise)
    let shift =
      trained.decodings(of: vector.direction.unsqueezed(at: 0).to(type: .float32), .mean, using: noise)
      - trained.decodings(of: .zeros([1, 2]), .mean, using: noise)
    for line in 0..<4 {
      let row = line / 2
      #expect(strips.values[line * 6].bytes == two.values[row].bytes, "The original stands first.")
      for (step, amount) in [-2.0, -1, 0, 1, 2].enumerated() {
        let expected = (returned[row] + shift[0] * amount).doubles
        // Single precision on numbers of a few units.
        for (value, other) in zip(strips.values[line * 6 + 1 + step].doubles, expected) {
          #expect(abs(value - other) < 1e-5)
        }
      }
    }
  }

  private static func labels(_ text: String, of dataset: Dataset) throws -> AttributeLabels {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    try text.write(toFile: "\(folder.path)/labels.csv", atomically: true, encoding: .utf8)
    return try AttributeLabels(of: dataset, from: "\(folder.path)/labels.csv")
  }

  private static var pictures: Dataset {
    Dataset(
      values: .zeros([3, 4]), shape: [2, 2], labels: [0, 1, 1], labelNames: ["one", "two"],
      rowNames: ["faces/c.png", "faces/a.png", "faces/b.png"])
  }

  @Test func `labels are matched by file names where a column has them, else by order`() throws {
    let named = try Self.labels("file,smile\na.png,1\nc.png,0\nz.png,1\n", of: Self.pictures)
    #expect(try named.flags(for: "smile") == [false, true, nil])
    let whole = try Self.labels("file,smile\nfaces/a.png,1\nfaces/c.png,0\n", of: Self.pictures)
    #expect(try whole.flags(for: "smile") == [false, true, nil])
    let ordered = try Self.labels("index,smile\n0,yes\n1,no\n2,\n", of: Self.pictures)
    #expect(try ordered.flags(for: "smile") == [true, false, nil])
  }

  @Test func `a name that two folders share matches only with its folder`() throws {
    let shared = Dataset(values: .zeros([2, 4]), shape: [2, 2], rowNames: ["a/1.png", "b/1.png"])
    let whole = try Self.labels("file,smile\nb/1.png,1\na/1.png,0\n", of: shared)
    #expect(try whole.flags(for: "smile") == [false, true])
    #expect(refusal { _ = try Self.labels("file,smile\n1.png,1\n2.png,0\n", of: shared) }?.contains("folders") == true)
  }

  @Test func `a value of a column, the data's own labels and what most columns say are attributes`() throws {
    let table = try Self.labels("a,b,c,eyes\n1,1,0,blue\n0,0,1,brown\n1,,0,blue\n", of: Self.pictures)
    #expect(try table.flags(for: "eyes=blue") == [true, false, true])
    #expect(try table.flags(for: "a+b+c") == [true, false, nil], "One of two is no majority.")
    #expect(try table.flags(for: "a+eyes=blue+b") == [true, false, true])
    let own = try AttributeLabels(of: Self.pictures, from: nil)
    #expect(try own.flags(for: "label=two") == [false, true, true])
  }

  @Test(
    arguments: [
      ("a\n1\n0\n", "a", ["2 rows", "3 rows"]), ("a,b\n1,2\n0,2\n1,3\n", "b", ["b is “2”", "b=2"]),
      ("a,b\n1,2\n0,2\n1,3\n", "b=7", ["“7”", "“2”, “3”"]), ("a,b\n1,2\n0,2\n1,3\n", "c", ["no column “c”", "“a”"]),
      ("f,a\na.png,1\na.png,0\n", "a", ["“a.png”", "line 3"]),
      ("f,a\nx.png,1\ny.png,0\nz.png,0\n", "a", ["“x.png”", "none of them"]),
    ])
  func `labels that do not belong to the data are refused in words`(text: String, attribute: String, words: [String]) {
    let said = refusal { _ = try Self.labels(text, of: Self.pictures).flags(for: attribute) }
    for word in words { #expect(said?.contains(word) == true, "\(said ?? "nothing") says \(word)") }
  }

  @Test func `own labels have no other columns, and data without labels have none`() throws {
    let own = try AttributeLabels(of: Self.pictures, from: nil)
    #expect(refusal { _ = try own.flags(for: "smile") }?.contains("label=one") == true)
    let bare = Dataset(values: .zeros([3, 4]), shape: [4])
    #expect(refusal { _ = try AttributeLabels(of: bare, from: nil) }?.contains("--labels") == true)
  }

  @Test func `directions come from training rows alone, and rows held out judge them`() throws {
    let configuration = try TrainingRuns.configuration("data.rows=500", "training.epochs=2")
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let run = try Run.create(configuration, in: RunFolder("\(folder.path)/run"))
    _ = try run.train { _ in .proceed }
    let findings = try run.trained.attributeVectors(["label=0", "label=1"], labels: nil, using: Noise(seed: 0))
    let labels = try #require(run.partition.training.labels)
    #expect(findings.vectors.map(\.present) == [0, 1].map { label in labels.count { $0 == label } })
    #expect(findings.vectors.allSatisfy { $0.present + $0.absent == 500 })
    #expect(findings.heldOut == 50)
    #expect(findings.separations.allSatisfy { $0.map { $0 > 0.5 } ?? false }, "Better than chance on zeros and ones.")
  }
}

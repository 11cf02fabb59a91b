import Codecs
import Testing

/// The published data sets read to what their authors state.
@Suite("Published data", .enabled(if: Samples.areThere, Samples.absence))
struct PublishedDataTests {
  private func path(_ name: String) -> String { "\(Samples.folder)/\(name)" }

  private func sum(_ array: NumericArray) -> Double { array.values(as: Double.self).reduce(0, +) }

  @Test(
    "MNIST and Fashion-MNIST are 60000 and 10000 images of 28 × 28 with their labels",
    arguments: ["mnist", "fashion-mnist"])
  func mnist(folder: String) throws {
    for (part, count) in [("train", 60000), ("t10k", 10000)] {
      let images = try IDX.read(path("\(folder)/\(part)-images-idx3-ubyte.gz"))
      #expect(images.shape == [count, 28, 28])
      #expect(images.elementType == .uint8)
      let labels = try IDX.read(path("\(folder)/\(part)-labels-idx1-ubyte.gz"))
      #expect(labels.shape == [count])
      #expect(Set(try labels.values(as: Int.self)) == Set(0...9))
    }
  }

  @Test("The pixels of MNIST have their published mean of 0.1307")
  func mnistMean() throws {
    let images = try IDX.read(path("mnist/train-images-idx3-ubyte.gz"))
    #expect(sum(images) == 1_567_298_545)
  }

  @Test("Frey's face is a row for each of 1965 frames")
  func frey() throws {
    let array = try MAT.read(path("frey-face/frey_rawface.mat"))
    #expect(array.shape == [1965, 560])
    #expect(array.values(as: Float.self).prefix(6) == [81, 136, 167, 185, 187, 193])
  }

  @Test("Olivetti's faces are 400 rows of 64 × 64")
  func olivetti() throws {
    let array = try MAT.read(path("olivetti-faces/olivettifaces.mat"), name: "faces")
    #expect(array.shape == [400, 4096])
    #expect(sum(array) == 216_898_402)
  }

  @Test("dSprites is read although a pickle lies beside it")
  func dsprites() throws {
    let file = path("dsprites/dsprites_downsampled.npz")
    #expect(try NPZ.arrays(in: file).skipped.map(\.name) == ["metadata"])
    let images = try NPZ.read(file)
    #expect(images.shape == [46080, 64, 64])
    #expect(Set(images.values(as: Float.self)) == [0, 1])
    #expect(try NPZ.read(file, name: "latents_classes").shape == [46080, 5])
  }

  @Test("Counts in compressed rows agree with their own index")
  func counts() throws {
    let file = path("10x-neurons-10k/counts_csr.npz")
    #expect(try NPZ.read(file, name: "shape").values(as: Int.self) == [10000, 1000])
    let starts = try NPZ.read(file, name: "indptr").values(as: Int.self)
    #expect(starts.count == 10001)
    #expect(try NPZ.read(file, name: "data").count == starts.last)
    #expect(try NPZ.read(file, name: "indices").values(as: Int.self).allSatisfy { (0..<1000).contains($0) })
    #expect(sentence { try NPZ.read(file) }.contains("name one: it holds “indices”"))
  }

  @Test(
    "The anomaly tables have their rows and anomalies",
    arguments: [("6_cardio", [1831, 21], 176), ("38_thyroid", [3772, 6], 93), ("23_mammography", [11183, 6], 260)])
  func anomalies(name: String, shape: [Int], count: Double) throws {
    #expect(try NPZ.read(path("anomaly/\(name).npz")).shape == shape)
    #expect(sum(try NPZ.read(path("anomaly/\(name).npz"), name: "y")) == count)
  }

  @Test(
    "Archives of pictures are read whole",
    arguments: [
      ("lfwcrop-smile/lfwcrop_color_smile.tar.gz", 1203, 64, 3), ("omniglot/omniglot_images.tar.gz", 32460, 105, 1),
    ])
  func pictures(archive: String, count: Int, side: Int, channels: Int) throws {
    var found = 0
    #expect(try FileFormat.recognize(path(archive)) == .archive)
    try Archive.forEachEntry(in: path(archive)) { name, bytes in
      let picture = try Pictures.decode(bytes, name: name)
      guard picture.width == side, picture.height == side, picture.channels == channels else { return }
      found += 1
    }
    #expect(found == count)
  }

  @Test(
    "Tables have their rows, columns, header and delimiter",
    arguments: [
      ("tabular/adult.data.gz", 32561, 15, false, ","), ("tabular/penguins.csv", 344, 8, true, ","),
      ("tabular/winequality-red.csv", 1599, 12, true, ";"), ("tabular/iris.csv", 150, 5, true, ","),
      ("tabular/wine.csv", 178, 14, true, ","), ("digits/digits.csv.gz", 1797, 65, false, ","),
      ("olivetti-faces/olivetti_attributes.csv", 400, 6, true, ","), ("lfwcrop-smile/smile.csv", 1203, 2, true, ","),
    ] as [(String, Int, Int, Bool, Character)])
  func tables(name: String, rows: Int, columns: Int, hasHeader: Bool, delimiter: Character) throws {
    let table = try CSV.read(path(name))
    #expect((table.rowCount, table.columns.count) == (rows, columns))
    #expect((table.hasHeader, table.delimiter) == (hasHeader, delimiter))
    #expect(try FileFormat.recognize(path(name)) == .text)
  }

  @Test("Missing values of the adult and penguin tables are found")
  func missingValues() throws {
    let adult = try CSV.read(path("tabular/adult.data.gz"))
    #expect(adult.summary(ofColumn: 1) == (.texts, 1836))
    #expect(adult.summary(ofColumn: 0) == (.numbers, 0))
    let penguins = try CSV.read(path("tabular/penguins.csv"))
    #expect(penguins.summary(ofColumn: try penguins.column(named: "bill_length_mm")) == (.numbers, 2))
  }

  @Test("The embedded digits are whole numbers from 0 to 16")
  func digits() throws {
    let pixels = try CSV.read(path("digits/digits.csv.gz")).array(ofColumns: Array(0..<64)).values(as: Float.self)
    #expect(Set(pixels) == Set((0...16).map(Float.init)))
  }
}

import Foundation
import Testing
import Torch

import Latent

@Suite struct DataArrayTests {
  let scratch: DataScratch

  init() throws { scratch = try DataScratch() }

  @Test func `a folder of IDX files gives training and test pictures with labels of the same names`() throws {
    try scratch.write(DataFile.idx([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]), "train-images-idx3-ubyte")
    try scratch.write(DataFile.idx([7, 3], [2]), "train-labels-idx1-ubyte")
    try scratch.write(DataFile.idx([9, 9, 9, 9], [1, 2, 2]), "t10k-images-idx3-ubyte")
    try scratch.write(DataFile.idx([5], [1]), "t10k-labels-idx1-ubyte")
    try scratch.write("about", "README")
    let (training, test) = try scratch.load("")
    #expect(training.values.values(as: UInt8.self) == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(training.shape == [2, 2] && training.values.type == .uint8)
    #expect(training.labelNames == ["3", "5", "7"] && training.labels == [2, 0])
    #expect(test?.labels == [1] && test?.labelNames == training.labelNames)
    #expect(training.format == "IDX files with labels")
  }

  @Test func `an IDX file brings the labels beside it`() throws {
    try scratch.write(DataFile.idx([1, 2], [2, 1, 1]), "a-images-idx3-ubyte")
    try scratch.write(DataFile.idx([0, 1], [2]), "a-labels-idx1-ubyte")
    #expect(try scratch.load("a-images-idx3-ubyte").training.labels == [0, 1])
  }

  @Test func `labels that are fewer than the pictures are refused`() throws {
    try scratch.write(DataFile.idx([1, 2], [2, 1, 1]), "a-images-idx3-ubyte")
    try scratch.write(DataFile.idx([0], [1]), "a-labels-idx1-ubyte")
    #expect(scratch.refusal("a-images-idx3-ubyte").hasSuffix("has 1 label for 2 rows; give one for each row."))
  }

  @Test func `wider numbers of a table become float32 without a change of value`() throws {
    let numbers = (0..<60).map { Double($0) * 0.5 - 3 }
    try scratch.write(DataFile.npy(numbers, [20, 3]), "a.npy")
    try scratch.write(DataFile.npy((0..<6).map { Int64($0) - 2 }, [3, 2]), "b.npy")
    try scratch.write(DataFile.npy((0..<6).map { UInt16($0) }, [3, 2]), "c.npy")
    #expect(try scratch.load("a.npy").training.values.values(as: Double.self) == numbers)
    #expect(try scratch.load("b.npy").training.values.values(as: Int32.self) == [-2, -1, 0, 1, 2, 3])
    #expect(try scratch.load("c.npy").training.values.values(as: Int32.self) == [0, 1, 2, 3, 4, 5])
    #expect(try scratch.load("a.npy").training.columns == ["column 1", "column 2", "column 3"])
  }

  @Test func `a large array of doubles is narrowed where it lies`() throws {
    let numbers = (0..<300_000).map { Double($0) }
    try scratch.write(DataFile.npy(numbers, [100_000, 3]), "a.npy")
    #expect(try scratch.load("a.npy").training.values.values(as: Double.self) == numbers)
  }

  @Test func `rows of a square number of bytes are pictures, and floating-point rows are not`() throws {
    try scratch.write(DataFile.npy([UInt8](repeating: 1, count: 128), [2, 64]), "bytes.npy")
    try scratch.write(DataFile.npy([Float](repeating: 0.5, count: 128), [2, 64]), "floats.npy")
    #expect(try scratch.load("bytes.npy").training.shape == [8, 8])
    #expect(try scratch.load("floats.npy").training.shape == [64])
  }

  @Test func `a shape turns rows into pictures, whose whole greys are stored as bytes`() throws {
    try scratch.write(DataFile.npy((0..<12).map { Double($0) }, [2, 6]), "a.npy")
    let dataset = try scratch.load("a.npy") { $0.shape = [2, 3] }.training
    #expect(dataset.shape == [2, 3] && dataset.values.type == .uint8 && dataset.columns.isEmpty)
    #expect(dataset.values.values(as: UInt8.self) == Array(0..<12))
  }

  @Test func `transposed pictures are turned upright`() throws {
    try scratch.write(DataFile.npy([1, 4, 2, 5, 3, 6].map(UInt8.init), [1, 6]), "a.npy")
    let dataset = try scratch.load("a.npy") {
      $0.shape = [2, 3]
      $0.transposed = true
    }.training
    #expect(dataset.values.values(as: UInt8.self) == [1, 2, 3, 4, 5, 6])
  }

  @Test func `channels that come first are moved behind height and width`() throws {
    try scratch.write(DataFile.npy((0..<12).map { UInt8($0) }, [1, 3, 2, 2]), "a.npy")
    let dataset = try scratch.load("a.npy").training
    #expect(dataset.shape == [2, 2, 3])
    #expect(dataset.values.values(as: UInt8.self) == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
  }

  @Test func `pictures of any source are resized`() throws {
    try scratch.write(DataFile.npy([UInt8](repeating: 200, count: 3 * 8 * 6), [3, 8, 6]), "a.npy")
    let dataset = try scratch.load("a.npy") { $0.size = [4, 4] }.training
    #expect(dataset.shape == [4, 4])
    #expect(dataset.values.values(as: UInt8.self).allSatisfy { $0 == 200 })
  }

  @Test func `an archive of arrays gives the largest, the named one, and the labels`() throws {
    let x = try DataFile.npy((0..<6).map { Double($0) }, [3, 2])
    let other = try DataFile.npy([9.0, 8], [2, 1])
    let y = try DataFile.npy([4, 4, 2].map(Int64.init), [3])
    try scratch.write(DataFile.npz([("X", x), ("other", other), ("y", y)]), "a.npz")
    let dataset = try scratch.load("a.npz").training
    #expect(dataset.values.shape == [3, 2])
    #expect(dataset.labels == [1, 1, 0] && dataset.labelNames == ["2", "4"])
    #expect(scratch.refusal("a.npz:other").contains("has 3 labels for 2 rows"))
    #expect(scratch.refusal("a.npz:none").contains("holds no array named “none”"))
    #expect(try scratch.load("a.npz") { $0.label = "y" }.training.labels == [1, 1, 0])
  }

  @Test func `an archive with a pair of arrays gives training and test rows`() throws {
    let entries = [
      ("x_train", try DataFile.npy((0..<8).map { UInt8($0) }, [2, 2, 2])),
      ("y_train", try DataFile.npy([0, 1].map(UInt8.init), [2])),
      ("x_test", try DataFile.npy((0..<4).map { UInt8($0) }, [1, 2, 2])),
      ("y_test", try DataFile.npy([1].map(UInt8.init), [1])),
    ]
    try scratch.write(DataFile.npz(entries), "a.npz")
    let (training, test) = try scratch.load("a.npz")
    #expect(training.count == 2 && test?.count == 1 && test?.labels == [1])
  }

  @Test func `sparse counts get their zeros back`() throws {
    func file(indices: [Int32], starts: [Int32]) throws -> [UInt8] {
      DataFile.npz([
        ("data", try DataFile.npy([5, 6, 7].map(UInt16.init), [3])), ("indices", try DataFile.npy(indices, [3])),
        ("indptr", try DataFile.npy(starts, [starts.count])), ("shape", try DataFile.npy([2, 3].map(Int64.init), [2])),
      ])
    }
    try scratch.write(file(indices: [0, 2, 1], starts: [0, 2, 3]), "a.npz")
    #expect(try scratch.load("a.npz").training.values.values(as: Int32.self) == [5, 0, 6, 0, 7, 0])
    for (indices, starts) in [
      ([0, 3, 1], [0, 2, 3]), ([0, -1, 1], [0, 2, 3]), ([0, 2, 1], [0, 4, 3]), ([0, 2, 1], [0, 3]),
    ] {
      try scratch.write(file(indices: indices.map(Int32.init), starts: starts.map(Int32.init)), "bad.npz")
      #expect(scratch.refusal("bad.npz").contains("bad.npz"), "\(indices) \(starts)")
    }
  }

  @Test func `a MATLAB matrix has its rows as rows, or its columns where the shape says so`() throws {
    try scratch.write(DataFile.mat("x", [0.5, 1, 2, 3, 4, 5], [3, 2]), "a.mat")
    let table = try scratch.load("a.mat").training
    #expect(table.values.shape == [3, 2] && table.values.values(as: Double.self) == [0.5, 3, 1, 4, 2, 5])
    try scratch.write(DataFile.mat("x", (0..<12).map(Double.init), [4, 3]), "b.mat")
    let pictures = try scratch.load("b.mat") { $0.shape = [2, 2] }.training
    #expect(pictures.values.shape == [3, 4] && pictures.values.values(as: UInt8.self) == Array(0..<12))
  }

  @Test func `a MATLAB stack of pictures is read as MATLAB shows it`() throws {
    // Two pictures of 2 × 3, each stored column by column.
    try scratch.write(DataFile.mat("x", [1, 4, 2, 5, 3, 6, 11, 14, 12, 15, 13, 16], [2, 3, 2]), "a.mat")
    let dataset = try scratch.load("a.mat").training
    #expect(dataset.shape == [2, 3])
    #expect(dataset.values.values(as: UInt8.self) == [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16])
  }

  @Test func `the embedded digits are 1797 pictures of 17 levels in ten classes`() throws {
    let digits = try DataSource.load(DataConfiguration()).training
    #expect(digits.values.shape == [1797, 64] && digits.shape == [8, 8] && digits.values.type == .uint8)
    #expect(digits.values.maximum().item == 16 && digits.labelNames.count == 10)
    #expect(digits.labels?.prefix(5) == [0, 1, 2, 3, 4])
    #expect(digits.values[0].values(as: UInt8.self).prefix(8) == [0, 0, 5, 13, 9, 1, 0, 0])
  }
}

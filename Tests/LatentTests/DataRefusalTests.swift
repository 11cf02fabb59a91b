import Foundation
import Testing
import Torch

import Latent

@Suite struct DataRefusalTests {
  let scratch: DataScratch

  init() throws { scratch = try DataScratch() }

  private func isSentence(_ words: String) -> Bool {
    words.hasSuffix(".") && !words.contains("\n") && !words.contains("Error(") && words != "nothing went wrong."
  }

  @Test func `what cannot be data is refused in a sentence that names it`() throws {
    try scratch.write([], "empty.npy")
    try scratch.write(Array(DataFile.npy([1.0, 2], [2, 1]).dropLast(3)), "short.npy")
    try scratch.write(DataFile.npy([1.0, 2], [2]), "list.npy")
    try scratch.write(DataFile.npy([Double](), [0, 3]), "rowless.npy")
    try scratch.write(DataFile.npy([Double](), [3, 0]), "columnless.npy")
    try scratch.write([0, 0, 8, 3] + [UInt8](repeating: 255, count: 12), "huge-idx3-ubyte")
    try scratch.write(DataFile.npy([1.0, .nan], [2, 1]), "gap.npy")
    try scratch.write(DataFile.npy([Double.nan, .nan], [2, 1]), "gaps.npy")
    try scratch.write(DataFile.npy([1.0, .infinity], [2, 1]), "infinite.npy")
    try scratch.write(DataFile.npy([Float](repeating: 1, count: 80), [2, 2, 4, 5]), "deep.npy")
    try scratch.write(DataFile.idx([1, 2, 3], [2, 2, 2]), "short-idx3-ubyte")
    try scratch.write(DataFile.idx([], [0, 28, 28]), "none-idx3-ubyte")
    try scratch.write(Array(DataFile.mat("x", [1, 2, 3, 4], [2, 2]).dropLast(12)), "short.mat")
    try scratch.write("MATLAB 7.3 MAT-file" + String(repeating: "\0", count: 500), "new.mat")
    try scratch.write([1, 0, 2, 0, 3], "unknown.bin")
    try scratch.write("a,b\n", "header.csv")
    try scratch.write("a,b\nx,y\n", "texts.csv")
    try scratch.write("a,b\n1,2\n3\n", "ragged.csv")
    try scratch.write(DataFile.zip([("a.txt", [65])]), "pictureless.zip")
    try scratch.write(DataFile.npz([("s", [1, 2, 3])]), "broken.npz")
    try scratch.write("hello", "texts/readme.md")
    try FileManager.default.createDirectory(atPath: scratch.path + "/folder", withIntermediateDirectories: false)
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted() + ["absent", "absent.npz:x"]
    for name in names {
      let words = scratch.refusal(name)
      #expect(isSentence(words), "\(name): \(words)")
      #expect(words.contains(name.split(separator: ":")[0]), "\(name): \(words)")
    }
    #expect(scratch.refusal("gap.npy", { $0.missing = .drop }) == "nothing went wrong")
    #expect(scratch.refusal("gaps.npy", { $0.missing = .drop }).contains("leaves none"))
  }

  @Test func `settings that do not fit the source are refused`() throws {
    try scratch.write(DataFile.npy([UInt8](repeating: 1, count: 12), [2, 6]), "a.npy")
    try scratch.write(DataFile.npy([UInt8](repeating: 1, count: 12), [3, 2, 2]), "grey.npy")
    let cases: [(String, String, (inout DataConfiguration) -> Void)] = [
      ("a.npy", "data.shape [28, 28] asks for 784", { $0.shape = [28, 28] }),
      ("a.npy", "data.size resizes pictures", { $0.size = [2, 2] }),
      ("a.npy", "data.transposed turns pictures", { $0.transposed = true }),
      ("a.npy", "data.columns names “x”", { $0.columns = ["x"] }),
      ("a.npy", "data.label names “x”", { $0.label = "x" }),
      ("a.npy:x", "holds one thing", { _ in }),
      ("grey.npy", "holds grey pictures, but data.channels is colour", { $0.channels = .colour }),
    ]
    for (name, words, change) in cases {
      #expect(scratch.refusal(name, change).contains(words), "\(scratch.refusal(name, change))")
    }
  }

  @Test func `settings that fit no data are refused by their path`() throws {
    let cases: [(String, (inout DataConfiguration) -> Void)] = [
      ("data.source", { $0.source = "" }), ("data.rows", { $0.rows = -1 }),
      ("data.validation", { $0.validation = -0.1 }), ("data.validation", { $0.validation = .nan }),
      ("data.validation", { $0.validation = .infinity }), ("data.test", { $0.test = 1.5 }),
      ("data.test", { $0.test = 1e300 }), ("data.validation", { ($0.validation, $0.test) = (0.5, 0.5) }),
      ("data.shape", { $0.shape = [28] }), ("data.shape", { $0.shape = [-1, 28] }),
      ("data.shape", { $0.shape = [Int.max, Int.max] }), ("data.shape", { $0.shape = [2, 2, 2] }),
      ("data.size", { $0.size = [0, 3] }), ("data.size", { $0.size = [Int.max, Int.max] }),
      ("data.columns", { $0.columns = ["a", "a"] }), ("data.label", { ($0.columns, $0.label) = (["a"], "a") }),
    ]
    for (path, change) in cases {
      var configuration = DataConfiguration()
      change(&configuration)
      let error = #expect(throws: LatentError.self) { try configuration.validate() }
      #expect(error?.description.hasPrefix(path) == true || error?.description.contains(path) == true)
    }
  }

  @Test func `data of another shape than the model's is refused`() throws {
    let digits = try DataSource.load(DataConfiguration()).training
    let description = try DataDescription(of: digits, configuration: DataConfiguration())
    try scratch.write(DataFile.npy([UInt8](repeating: 1, count: 200), [2, 10, 10]), "a.npy")
    let error = #expect(throws: LatentError.self) { try scratch.load("a.npy", for: description) }
    #expect(
      error?.description
        == "a.npy has pictures of 10 × 10, but the model was trained on pictures of 8 × 8; give data of the same shape."
    )
    try scratch.write(DataFile.npy([Float](repeating: 1, count: 128), [2, 64]), "b.npy")
    #expect(try scratch.load("b.npy", for: description).training.shape == [8, 8])
  }

  @Test func `a configuration survives a round trip`() throws {
    var configuration = DataConfiguration()
    configuration.source = "somewhere"
    configuration.shape = [28, 20]
    configuration.binarization = .dynamic
    configuration.splitSeed = .max
    let data = try JSONEncoder().encode(configuration)
    #expect(try JSONDecoder().decode(DataConfiguration.self, from: data) == configuration)
  }
}

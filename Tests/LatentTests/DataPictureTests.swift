import Foundation
import Testing
import Torch

import Latent

@Suite struct DataPictureTests {
  let scratch: DataScratch

  init() throws { scratch = try DataScratch() }

  @Test func `subfolders are the labels, and pictures are sorted by path`() throws {
    try scratch.write(DataFile.png([1, 2], width: 2), "all/dog/2.png")
    try scratch.write(DataFile.png([3, 4], width: 2), "all/cat/9.png")
    try scratch.write(DataFile.png([5, 6], width: 2), "all/dog/1.PNG")
    try scratch.write("notes", "all/readme.txt")
    try scratch.write("finder", "all/dog/._1.png")
    let dataset = try scratch.load("").training
    #expect(dataset.values.values(as: UInt8.self) == [3, 4, 5, 6, 1, 2])
    #expect(dataset.shape == [1, 2] && dataset.labelNames == ["cat", "dog"] && dataset.labels == [0, 1, 1])
    #expect(dataset.format == "folder of pictures with labels")
    #expect(dataset.rowNames.map { $0.suffix(9) } == ["cat/9.png", "dog/1.PNG", "dog/2.png"])
    #expect(dataset.rows([2, 0]).rowNames == [dataset.rowNames[2], dataset.rowNames[0]], "Names go with their rows.")
  }

  @Test func `one folder of pictures has no labels`() throws {
    try scratch.write(DataFile.png([1], width: 1), "a.png")
    try scratch.write("P5 1 1 255\n\u{7}", "b.pgm")
    let dataset = try scratch.load("").training
    #expect(dataset.labels == nil && dataset.values.values(as: UInt8.self) == [1, 7])
  }

  @Test func `folders called train and test give training and test rows`() throws {
    for (index, name) in ["train/a/1", "train/b/1", "test/b/1"].enumerated() {
      try scratch.write(DataFile.png([UInt8(index)], width: 1), name + ".png")
    }
    let (training, test) = try scratch.load("")
    #expect(training.labelNames == ["a", "b"] && training.labels == [0, 1])
    #expect(test?.labels == [1] && test?.values.values(as: UInt8.self) == [2])
  }

  @Test func `an archive gives the same as its folder`() throws {
    let entries = try (0..<40).map { ("top/\($0 % 3)/\($0).png", try DataFile.png([UInt8($0), 0, 9, 8], width: 2)) }
    for (name, bytes) in entries { try scratch.write(bytes, "folder/" + name) }
    try scratch.write(DataFile.zip(entries + [("top/readme.txt", [65])]), "archive.zip")
    let (folder, archive) = (try scratch.load("folder").training, try scratch.load("archive.zip").training)
    #expect(folder.values.values(as: UInt8.self) == archive.values.values(as: UInt8.self))
    #expect(folder.labels == archive.labels && folder.hash == archive.hash)
  }

  @Test func `a late colour picture makes all of them colour, and grey can be asked for`() throws {
    for index in 0..<9 { try scratch.write(DataFile.png([50, 60], width: 2), "\(index).png") }
    try scratch.write(DataFile.png([255, 0, 0, 0, 255, 0], width: 2, channels: 3), "z.png")
    let colour = try scratch.load("").training
    #expect(colour.shape == [1, 2, 3])
    #expect(colour.values[0].values(as: UInt8.self) == [50, 50, 50, 60, 60, 60])
    #expect(try scratch.load("") { $0.shape = [2, 2] }.training.shape == [2, 2, 3])
    let grey = try scratch.load("") { $0.channels = .grey }.training
    #expect(grey.shape == [1, 2] && grey.values[9].values(as: UInt8.self) == [76, 150])
  }

  @Test func `pictures of different sizes are refused with the remedy, and resized when a size is stated`() throws {
    try scratch.write(DataFile.png([UInt8](repeating: 100, count: 16), width: 4), "a.png")
    try scratch.write(DataFile.png([UInt8](repeating: 30, count: 60), width: 10), "b.png")
    let words = scratch.refusal("")
    #expect(words.contains("b.png is 6 pixels high and 10 wide") && words.contains("--set data.size=[4,4]"), "\(words)")
    let dataset = try scratch.load("") { $0.size = [3, 5] }.training
    #expect(dataset.shape == [3, 5])
    #expect(
      dataset.values.values(as: UInt8.self) == [UInt8](repeating: 100, count: 15) + [UInt8](repeating: 30, count: 15))
  }

  @Test func `resizing keeps what is left on the left and what is above above`() throws {
    let pixels = (0..<8).flatMap { row in (0..<8).map { UInt8(10 * row + $0) } }
    try scratch.write(DataFile.png(pixels, width: 8), "a.png")
    let small = try scratch.load("") { $0.size = [2, 2] }.training.values.values(as: Int32.self)
    #expect(small[0] < small[1] && small[1] < small[2] && small[2] < small[3])
    #expect(small[2] - small[0] > 5 * (small[1] - small[0]))
  }

  @Test func `a picture that is damaged is named`() throws {
    try scratch.write(DataFile.png([1, 2, 3, 4], width: 2), "a.png")
    try scratch.write("<html>", "b.png")
    try scratch.write(Array(DataFile.png([1, 2, 3, 4], width: 2).dropLast(20)), "sub/c.png")
    #expect(scratch.refusal("").contains("b.png is not a PNG"))
    try FileManager.default.removeItem(atPath: scratch.path + "/b.png")
    #expect(scratch.refusal("").contains("c.png"))
  }

  @Test func `one picture is one row, in the size of the model that it is for`() throws {
    try scratch.write(DataFile.png([UInt8](repeating: 80, count: 3 * 100), width: 10, channels: 3), "a.png")
    let digits = try DataSource.load(DataConfiguration()).training
    let description = try DataDescription(of: digits, configuration: DataConfiguration())
    let dataset = try scratch.load("a.png", for: description).training
    #expect(dataset.values.shape == [1, 64] && dataset.values.maximum().item == 80)
  }
}

import Testing
import Torch

import Latent

@Suite struct DataTableTests {
  let scratch: DataScratch

  init() throws { scratch = try DataScratch() }

  @Test func `columns of numbers are used, and columns of texts are left out by name`() throws {
    try scratch.write("a,species,b\n1,cat,2.5\n3,dog,4\n", "a.csv")
    let dataset = try scratch.load("a.csv").training
    #expect(dataset.columns == ["a", "b"] && dataset.values.values(as: Double.self) == [1, 2.5, 3, 4])
    #expect(dataset.labels == nil)
    #expect(dataset.notes.contains { $0.contains("“species”") })
  }

  @Test func `a last column called class is the label unless it is named as a column`() throws {
    try scratch.write("a,Class\n1,x\n2,y\n3,x\n", "a.csv")
    let dataset = try scratch.load("a.csv").training
    #expect(dataset.columns == ["a"] && dataset.labels == [0, 1, 0] && dataset.labelNames == ["x", "y"])
    #expect(dataset.notes.contains { $0.contains("“Class”") })
    let named = try scratch.load("a.csv") { $0.columns = ["a", "Class"] }.training
    #expect(named.labels == nil && named.columns == ["a", "Class=x", "Class=y"])
  }

  @Test func `a column of numbers can be the label, and its names are sorted as numbers`() throws {
    try scratch.write("10;0.5\n9;1.5\n10;2.5\n", "a.csv")
    let dataset = try scratch.load("a.csv") { $0.label = "column 1" }.training
    #expect(dataset.labelNames == ["9", "10"] && dataset.labels == [1, 0, 1] && dataset.columns == ["column 2"])
  }

  @Test func `a first column without a name that only numbers the rows is left out unless it is named`() throws {
    for header in ["", "Unnamed: 0"] {
      try scratch.write("\(header),a,b\n0,1,2\n1,3,4\n2,5,7\n", "a.csv")
      let dataset = try scratch.load("a.csv").training
      #expect(dataset.columns == ["a", "b"] && dataset.values.values(as: Double.self) == [1, 2, 3, 4, 5, 7])
      let name = header.isEmpty ? "column 1" : header
      #expect(dataset.notes.contains { $0.contains("“\(name)”") })
      #expect(try scratch.load("a.csv") { $0.columns = [name, "a"] }.training.columns == [name, "a"])
    }
    for text in [",a\n0,1\n2,3\n3,5\n", "id,a\n0,1\n1,3\n2,5\n", "0,5\n1,6\n2,8\n"] {
      try scratch.write(text, "a.csv")
      #expect(try scratch.load("a.csv").training.columns.count == 2, "in \(text)")
    }
  }

  @Test func `columns come in the order that names them`() throws {
    try scratch.write("a,b,c\n1,2,3\n4,5,6\n", "a.csv")
    let dataset = try scratch.load("a.csv") { $0.columns = ["c", "a"] }.training
    #expect(dataset.columns == ["c", "a"] && dataset.values.values(as: Double.self) == [3, 1, 6, 4])
    #expect(scratch.refusal("a.csv") { $0.columns = ["d"] }.contains("has no column “d”; it has “a”, “b”, “c”."))
  }

  @Test func `a named column of texts becomes a column of 0 and 1 for each text`() throws {
    try scratch.write("a,s\n1,x\n2,y\n3,?\n", "a.csv")
    let dataset = try scratch.load("a.csv", keepingMissing: true) { $0.columns = ["s", "a"] }.training
    #expect(dataset.columns == ["s=x", "s=y", "a"])
    let values = dataset.values.values(as: Double.self)
    #expect(values[0..<6] == [1, 0, 1, 0, 1, 2] && values[6].isNaN && values[7].isNaN && values[8] == 3)
    #expect(try scratch.load("a.csv") { ($0.columns, $0.missing) = (["s=y"], .drop) }.training.values.shape == [2, 1])
  }

  @Test func `a text in a column of numbers is named with its line`() throws {
    try scratch.write("a,b\n1,2\n3,oops\n5,6\n", "a.csv")
    let words = scratch.refusal("a.csv")
    #expect(words.contains("“oops”") && words.contains("“b”") && words.contains("line 3"), "\(words)")
  }

  @Test func `a missing value is named with its line and the remedy, and its row can be dropped`() throws {
    try scratch.write("a,b\n1,2\n3,NA\n,4\n5,6\n", "a.csv")
    let words = scratch.refusal("a.csv")
    #expect(words.contains("no value in column “b” on line 3, the first of 2 such rows among 4"), "\(words)")
    #expect(words.contains("--set data.missing=drop"))
    let kept = try scratch.load("a.csv") { $0.missing = .drop }.training
    #expect(kept.values.values(as: Double.self) == [1, 2, 5, 6])
    #expect(kept.notes == ["2 rows with missing values were left out."])
    #expect(DataSummary(of: try scratch.load("a.csv", keepingMissing: true).training).missing == 2)
  }

  @Test func `labels stay with their rows when others are dropped`() throws {
    try scratch.write("a,label\n1,x\nNA,y\n3,z\n", "a.csv")
    let kept = try scratch.load("a.csv") { $0.missing = .drop }.training
    #expect(kept.labels?.map { kept.labelNames[Int($0)] } == ["x", "z"])
  }

  @Test func `a table is read as pictures when the shape says so`() throws {
    try scratch.write("1,2,3,4,9\n5,6,7,8,7\n", "a.csv")
    let dataset = try scratch.load("a.csv") { ($0.shape, $0.label) = ([2, 2], "column 5") }.training
    #expect(dataset.isPicture && dataset.values.type == .uint8 && dataset.labelNames == ["7", "9"])
  }

  @Test func `a table for a model is read by the model's columns`() throws {
    try scratch.write("a,b,s\n1,2,x\n3,4,y\n", "a.csv")
    let configuration = { (configuration: inout DataConfiguration) in configuration.columns = ["a", "s"] }
    let training = try scratch.load("a.csv", configuration).training
    let description = try DataDescription(of: training, configuration: DataConfiguration())
    try scratch.write("s,c,a\ny,0,5\n", "b.csv")
    let other = try scratch.load("b.csv", for: description, configuration).training
    #expect(other.columns == ["a", "s=x", "s=y"] && other.values.values(as: Double.self) == [5, 0, 1])
    try scratch.write("b\n5\n6\n", "c.csv")
    #expect(throws: (any Error).self) { try scratch.load("c.csv", for: description, configuration) }
  }

  @Test func `a table of one row and one column is read`() throws {
    try scratch.write("a\n7\n", "a.csv")
    #expect(try scratch.load("a.csv").training.values.shape == [1, 1])
  }
}

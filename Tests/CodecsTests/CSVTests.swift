import Codecs
import Testing

@Suite("CSV")
struct CSVTests {
  private func read(_ text: String, header: Bool? = nil, delimiter: Character? = nil) throws -> Table {
    try withFile(Array(text.utf8), named: "table.csv") { try CSV.read($0, header: header, delimiter: delimiter) }
  }

  private func rows(_ table: Table) -> [[String]] {
    (0..<table.rowCount).map { row in table.columns.indices.map { table.cell(row: row, column: $0) } }
  }

  @Test("Comma, semicolon and tab are recognized, also beside decimal commas and in quotes")
  func delimiters() throws {
    for (text, delimiter) in [
      ("a,b\n1,2\n", ","), ("a;b\n1;2\n", ";"), ("a\tb\n1\t2\n", "\t"), ("x\n1\n", ","), ("1,5;2,5\n3,5;4,5\n", ";"),
      ("\"a;b\",c\n\"d;e;f\",g\n", ","), ("a,b\n\"x\ny,z\",2\n", ","),
    ] as [(String, Character)] {
      #expect(try read(text).delimiter == delimiter, "in \(text)")
    }
    #expect(try read("a|b\n1|2\n", delimiter: "|").columns == ["a", "b"])
  }

  @Test(
    "Line ends of every system, a byte-order mark, blank lines and a missing last line end make no difference",
    arguments: [
      "a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4", "\u{FEFF}a,b\n\n1,2\n \n3,4",
      "a , b\n 1, 2\n3 ,4\n\n",
    ])
  func lineEnds(text: String) throws {
    let table = try read(text)
    #expect(table.columns == ["a", "b"])
    #expect(rows(table) == [["1", "2"], ["3", "4"]])
  }

  @Test("Quoted cells hold delimiters, line ends and quotes")
  func quotes() throws {
    let table = try read("name,text\n\"a,b\",\"two\r\nlines\"\n\"say \"\"hi\"\"\", \"\" \n", header: true)
    #expect(rows(table) == [["a,b", "two\r\nlines"], ["say \"hi\"", ""]])
    #expect(table.line(ofRow: 1) == 4)
  }

  @Test("A header is recognized when it names columns, and not when the first row is data")
  func headers() throws {
    for (text, hasHeader) in [
      ("a,b\n1,2\n", true), ("1,2\n3,4\n", false), (",0,1\nx,2,3\ny,4,5\n", false), ("id,0,1\n7,2,3\n8,4,5\n", true),
      ("39, State-gov\n50, Private\n38, Private\n", false), ("species,island\nAdelie,Biscoe\nAdelie,Dream\n", true),
      ("yes,no\nno,yes\nyes,no\n", false), ("NA,1\n2,3\n", false), ("a\nx\n1\n", true),
      ("0,1,2\n3.5,4,5\n", true), (",0,1,2\n0,3.5,4,5\n", true), ("0,1\n2,3\n", false), ("0,1,3\n3.5,4,5\n", false),
      ("1,2,3\n3.5,4,5\n", false), ("0,1,2\n", false),
    ] {
      #expect(try read(text).hasHeader == hasHeader, "in \(text)")
    }
    #expect(try read("a,b\n1,2\n", header: false).columns == ["column 1", "column 2"])
    #expect(try read("1,2\n3,4\n", header: true).columns == ["1", "2"])
    #expect(try read("a,\n1,2\n").columns == ["a", "column 2"])
  }

  @Test("Missing values are NaN, and columns say what they hold")
  func missingValues() throws {
    let table = try read("a,b,c\n1,x,\n,?,NA\nNaN,y,null\nnan,z,?\n2.5,,\n")
    #expect(table.summary(ofColumn: 0) == (.numbers, 3))
    #expect(table.summary(ofColumn: 1) == (.texts, 2))
    #expect(table.summary(ofColumn: 2) == (.missing, 5))
    #expect(try table.numbers(ofColumn: 0).map { $0.isNaN ? -1 : $0 } == [1, -1, -1, -1, 2.5])
    #expect(table.texts(ofColumn: 1) == ["x", nil, "y", "z", nil])
    #expect(table.isMissing(row: 1, column: 2))
  }

  @Test("A text among numbers is refused with file, line, column and words")
  func textAmongNumbers() throws {
    let table = try read("age,size\n1,2\n\n\"3\",tall\n5,6\n")
    for refusal in [sentence { try table.numbers(ofColumn: 1) }, sentence { try table.array() }] {
      #expect(refusal.contains("table.csv has the text “tall” in column “size” on line 4"))
    }
    #expect(try table.array(ofColumns: [0]).values(as: Float.self) == [1, 3, 5])
  }

  @Test("Columns come in the wanted order, and are found by name")
  func columns() throws {
    let table = try read("a,b,c\n1,2,3\n4,5,6\n")
    let array = try table.array(ofColumns: [2, 0])
    #expect(array.shape == [2, 2])
    #expect(array.values(as: Float.self) == [3, 1, 6, 4])
    #expect(try table.column(named: "b") == 1)
    #expect(sentence { try table.column(named: "d") }.contains("no column “d”; it has “a”, “b”, “c”"))
    #expect(sentence { try read("a,a\n1,2\n").column(named: "a") }.contains("more than one column “a”"))
  }

  @Test(
    "Numbers are the nearest to what is written",
    arguments: [
      "0", "-0", "1", "+7", "1.", ".5", "-2.50", "1e3", "1E-3", "1e+22", "1e23", "123456789012345678",
      "1234567890123456789012",
      "0.1", "0.30000000000000004", "2.2250738585072014e-308", "5e-324", "1e400", "1e-400", "9007199254740993",
      "0.000001",
      "179769313486231570000000000000000000000e270", "3.4028235e38", "0000000000000000000000001.5", "inf", "-Infinity",
      "123456789.123456789012345", "1e99999999999999999999",
    ])
  func numbers(text: String) throws {
    let value = try read("x\n\(text)\n", header: true).numbers(ofColumn: 0)[0]
    let wanted = text == "1e99999999999999999999" ? .infinity : Double(text.hasSuffix(".") ? text + "0" : text) ?? .nan
    #expect(value.bitPattern == wanted.bitPattern)
  }

  @Test(
    "What only resembles a number is a text",
    arguments: ["-", ".", "e5", "1e", "1e+", "0x10", "1 2", "1,0", "--1", "infinit", "1_000"])
  func almostNumbers(text: String) throws {
    #expect(try read("x\n\"\(text)\"\n", header: true).summary(ofColumn: 0).kind == .texts)
  }

  @Test("A table that is written reads back the same, every number to the last bit")
  func roundTrip() throws {
    var generator = SeededGenerator(seed: 3)
    let doubles = (0..<500).map { _ in Double(bitPattern: generator.next()) }.filter(\.isFinite)
    let floats = doubles.map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: generator.next())) }.map {
      $0.isFinite ? $0 : 0
    }
    let texts = [
      "plain", "a,b", "say \"hi\"", "two\nlines", " spaces ", "semi;colon", "tab\there", "ünïcödé \u{301}\"\u{301}",
    ]
    try withFolder { folder in
      let path = "\(folder)/t.csv"
      let rows = zip(doubles, floats).enumerated().map {
        [CSV.Cell.double($1.0), .float($1.1), .text(texts[$0 % 8]), .integer($0)]
      }
      try CSV.write(header: ["double", "float", "a, \"b\"", "n"], rows: rows, to: path)
      let table = try CSV.read(path)
      #expect(table.columns == ["double", "float", "a, \"b\"", "n"])
      #expect(try table.numbers(ofColumn: 0) == doubles)
      #expect(try table.numbers(ofColumn: 1).map { Float($0) } == floats)
      #expect(table.texts(ofColumn: 2) == doubles.indices.map { texts[$0 % 8] })
      #expect(try table.numbers(ofColumn: 3) == doubles.indices.map(Double.init))
    }
  }

  @Test("Missing cells are written empty, even alone in their row")
  func writtenMissing() throws {
    try withFolder { folder in
      try CSV.write(header: ["x"], rows: [[.missing], [.float(.nan)], [.double(1)]], to: "\(folder)/t.csv")
      #expect(try CSV.read("\(folder)/t.csv").summary(ofColumn: 0) == (.numbers, 2))
    }
  }

  @Test("A row of another length is neither read nor written")
  func raggedRows() throws {
    #expect(sentence { try read("a,b\n1,2\n3\n") }.contains("has 1 cells on line 3 where its first row has 2"))
    try withFolder { folder in
      let path = "\(folder)/t.csv"
      #expect(
        sentence { try CSV.write(header: ["a"], rows: [[1, 2]], to: path) }.contains("a row of 2 cells among rows of 1")
      )
      #expect(sentence { try CSV.read(path) }.contains("does not exist"))
    }
  }

  @Test("What is no table is refused")
  func refusals() throws {
    #expect(sentence { try read("") }.contains("is empty"))
    #expect(sentence { try read("\n\n") }.contains("has no rows"))
    #expect(sentence { try read("a,b\n1,\"x\n2,3\n") }.contains("a quote on line 2 that is never closed"))
    #expect(sentence { try read("a,b\n1,\"x\"y\n") }.contains("text after a closing quote on line 2"))
    #expect(sentence { try read("a,b\n1,\0\n") }.contains("binary data"))
    #expect(sentence { try withFile([0xFF, 0xFE, 0x61, 0]) { try CSV.read($0) } }.contains("UTF-16"))
    #expect(sentence { try read("a,b\n", delimiter: "→") }.contains("use a comma"))
  }
}

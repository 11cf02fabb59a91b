import Foundation
import Testing

@Suite("Using a model")
struct PaintingTests {
  static let painters: [(name: String, arguments: [String], lines: Int, steps: Int)] = [
    ("traverse", ["traverse", "run", "--steps", "5"], 3, 5),
    ("traverse a row", ["traverse", "run", "digits", "--row", "7", "--latents", "3,1", "--steps", "4"], 2, 4),
    ("manifold", ["manifold", "run", "--latents", "1,3", "--size", "4"], 4, 4),
    ("interpolate", ["interpolate", "run", "--from", "0", "--to", "5", "--steps", "4"], 1, 6),
    ("arc", ["interpolate", "run", "digits", "--from", "0", "--to", "9", "--spherical", "--steps", "4"], 1, 6),
    ("edit", ["edit", "run", "--attribute", "label=3", "label=7", "--rows", "0,5", "--steps", "3"], 4, 4),
  ]

  @Test("Strips are written as pictures, arrays and tables", arguments: painters.map(\.name))
  func strips(name: String) throws {
    let painter = try #require(Self.painters.first { $0.name == name })
    let (lines, steps) = (painter.lines, painter.steps)
    try Scratch.withRun { scratch in
      for format in ["png", "npy", "csv"] {
        let outcome = try Command.succeed(painter.arguments + ["--out", "x.\(format)"], in: scratch.path)
        #expect(outcome.output.contains("x.\(format)"))
      }
      #expect(try scratch.bytes("x.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
      #expect(
        String(decoding: try scratch.bytes("x.npy").prefix(128), as: UTF8.self).contains("(\(lines), \(steps), 8, 8"))
      #expect(try scratch.text("x.csv").split(separator: "\n").count == lines * steps + 1)
      let object = try Command.succeed(painter.arguments + ["--out", "x.csv", "--json"], in: scratch.path).object()
      #expect(object["out"] as? String == "x.csv")
    }
  }

  @Test("A table's strips are in its own columns and units")
  func table() throws {
    try Scratch.with { scratch in
      let rows = (0..<60).map { "\($0),\(1000 + 7 * $0)" }.joined(separator: "\n")
      try scratch.write("low,high\n\(rows)\n", to: "t.csv")
      try Command.succeed(
        [
          "train", "t.csv", "--out", "run", "--set", "threads=1", "--set", "training.epochs=3", "--set",
          "training.batch=12", "--set", "model.latents=2", "--set", "model.encoder.hidden=[8]", "--set",
          "model.decoder.hidden=[8]", "--set",
          "evaluation.samples=4",
        ], in: scratch.path)
      try Command.succeed(["traverse", "run", "t.csv", "--row", "3", "--out", "x.csv"], in: scratch.path)
      #expect(try scratch.text("x.csv").hasPrefix("latent,value,low,high\n"))
      try Command.succeed(
        ["interpolate", "run", "t.csv", "--part", "all", "--from", "0", "--to", "9", "--out", "y.csv"], in: scratch.path
      )
      let lines = try scratch.text("y.csv").split(separator: "\n")
      #expect(lines[0] == "step,low,high" && lines[1] == "original,0,1000" && lines[11] == "original,9,1063")
      try Refusal("manifold", "run", "--out", "x.png", says: ["x.png", "table"]).expect(in: scratch)
    }
  }

  @Test("map writes one page that needs no network, and a table of coordinates and labels")
  func map() throws {
    try Scratch.withRun { scratch in
      try Command.succeed(["map", "run", "digits", "--part", "all", "--out", "map.csv"], in: scratch.path)
      let lines = try scratch.text("map.csv").split(separator: "\n")
      #expect(lines.count == 1798)
      #expect(lines[0].hasPrefix("first principal axis") && lines[0].hasSuffix(",label"))
      let object = try Command.succeed(["map", "run", "--out", "map.html", "--json"], in: scratch.path).object()
      #expect(object["rows"] as? Int == 180)
      let page = try scratch.text("map.html")
      #expect(page.contains("latent-map") && page.contains("Plotly"))
      #expect(page.firstMatch(of: /<script[^>]* src=|<link[^>]* href="http/) == nil, "It brings all that it needs.")
    }
  }

  @Test("decode makes of codes what reconstruct makes of rows, from an array and from a table")
  func decode() throws {
    try Scratch.withRun { scratch in
      try Command.succeed(["reconstruct", "run", "digits", "--out", "r.npy"], in: scratch.path)
      for codes in ["z.npy", "z.csv"] {
        let encoded = try Command.succeed(["encode", "run", "digits", "--out", codes, "--json"], in: scratch.path)
        let cost = try #require(try encoded.object()["cost"] as? [String: Any])
        #expect(cost["codeBytes"] as? Int == 1797 * 3 * 4 && cost["dataBytes"] as? Int == 1797 * 64)
        let error = try #require(cost["meanSquaredError"] as? Double)
        let scaled = try #require(cost["scaledMeanSquaredError"] as? Double)
        #expect(error > 0 && scaled > 0)
        try Command.succeed(["decode", "run", codes, "--out", "d.npy"], in: scratch.path)
        #expect(try scratch.bytes("d.npy") == scratch.bytes("r.npy"), "\(codes) decodes to the reconstructions.")
      }
      let text = try Command.succeed(["encode", "run", "digits", "--out", "z.npy"], in: scratch.path).output
      #expect(text.contains("21564 bytes of means for 115008 bytes of data: 18.8 %"))
    }
  }

  @Test("edit finds directions with a labels file, says from what, and keeps them")
  func edit() throws {
    try Scratch.withRun { scratch in
      let lines = (0..<1797).map { "\($0 % 3 == 0 ? "yes" : "no"),\($0 % 2),\($0 % 5 == 0 ? 1 : 0)" }
      try scratch.write("third,even,fifth\n" + lines.joined(separator: "\n") + "\n", to: "labels.csv")
      let object = try Command.succeed(
        [
          "edit", "run", "--attribute", "third", "--attribute", "third+even+fifth", "--labels", "labels.csv", "--rows",
          "2", "--out", "x.png", "--save", "v.safetensors", "--json",
        ], in: scratch.path
      ).object()
      let attributes = try #require(object["attributes"] as? [[String: Any]])
      #expect(attributes.map { $0["name"] as? String } == ["third", "third+even+fifth"])
      for attribute in attributes {
        let (present, absent) = (attribute["present"] as? Int ?? 0, attribute["absent"] as? Int ?? 0)
        #expect(present > 0 && present + absent == 128, "The training rows, and no others.")
      }
      let vectors = try scratch.text("v.safetensors")
      #expect(vectors.contains("\"third\"") && vectors.contains("[3]"))
    }
  }

  @Test("A wrong use is refused in one sentence")
  func refusals() throws {
    try Scratch.withRun { scratch in
      try scratch.write("smile\n1\n0\n", to: "short.csv")
      try scratch.write(Sample.npy(rows: 4, columns: 5), to: "wide.npy")
      try scratch.write("a,b\n1,2\n", to: "narrow.csv")
      try scratch.write("mean 1,mean 2,mean 3\n1,2,\n", to: "holes.csv")
      for refusal in [
        Refusal("traverse", "run", "--row", "180", "--out", "x.png", says: ["row 180", "180 test rows", "0 to 179"]),
        Refusal("traverse", "run", "--row", "-1", "--out", "x.png", says: ["row -1"]),
        Refusal("traverse", "run", "--latents", "4", "--out", "x.png", says: ["no latent 4", "1 to 3"]),
        Refusal("traverse", "run", "--latents", "1,x", "--out", "x.png", says: ["1,x"], code: 2),
        Refusal("traverse", "run", "--steps", "0", "--out", "x.png", says: ["--steps 0"], code: 2),
        Refusal("traverse", "run", "--range", "-1", "--out", "x.png", says: ["--range -1"], code: 2),
        Refusal("traverse", "run", "--out", "x.gif", says: ["x.gif", ".png"]),
        Refusal("manifold", "run", "--latents", "2,2", "--out", "x.png", says: ["2,2"]),
        Refusal("manifold", "run", "--latents", "1", "--out", "x.png", says: ["two different latents"]),
        Refusal("manifold", "run", "--size", "0", "--out", "x.png", says: ["--size 0"], code: 2),
        Refusal("map", "run", "--out", "x.png", says: ["x.png", ".html"]),
        Refusal("interpolate", "run", "--from", "0", "--to", "999", "--out", "x.png", says: ["row 999"]),
        Refusal(
          "interpolate", "run", "--from", "0", "--to", "1", "--steps", "1", "--out", "x.png", says: ["--steps 1"]),
        Refusal("edit", "run", "--attribute", "label=x", "--out", "x.png", says: ["“x”", "“0”"]),
        Refusal("edit", "run", "--attribute", "smile", "--out", "x.png", says: ["“smile”", "--labels"]),
        Refusal(
          "edit", "run", "--attribute", "grin", "--labels", "short.csv", "--out", "x.png", says: ["2 rows", "1797"]),
        Refusal("edit", "run", "--attribute", "a", "--labels", "none.csv", "--out", "x.png", says: ["none.csv"]),
        Refusal("edit", "run", "--attribute", "label=1", "--rows", "0,180", "--out", "x.png", says: ["row 180"]),
        Refusal("edit", "run", "--attribute", "label=1", "--save", "v.npy", "--out", "x.png", says: ["v.npy"], code: 2),
        Refusal("edit", "run", "--out", "x.png", says: ["--attribute"], code: 2),
        Refusal("decode", "run", "wide.npy", "--out", "x.png", says: ["[4, 5]", "3 latents"]),
        Refusal("decode", "run", "narrow.csv", "--out", "x.png", says: ["2 columns", "3 latents"]),
        Refusal("decode", "run", "holes.csv", "--out", "x.png", says: ["holes.csv", "row 1"]),
        Refusal("decode", "run", "none.npy", "--out", "x.png", says: ["none.npy"]),
        Refusal("decode", "run", "codes.txt", "--out", "x.png", says: ["codes.txt", ".npy"]),
      ] { try refusal.expect(in: scratch) }
    }
  }
}

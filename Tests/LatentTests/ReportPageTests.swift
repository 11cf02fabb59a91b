import Foundation
import Testing
import Torch

import Latent

@Suite("The page of a run")
struct ReportPageTests {
  /// A page's content with a number of its own in every place.
  static func content(epochs: Int = 3, divergence: String = "7.125") throws -> ReportContent {
    var content = ReportContent()
    content.name = "first-run"
    content.sentences = ["A model was trained.", "It has two latents."]
    content.facts = [.init(name: "seed", value: "4711")]
    content.history = try history(epochs: epochs, divergence: divergence)
    content.evaluation.rows = 360
    content.evaluation.negativeELBO = 103.4213
    content.evaluation.negativeELBOError = 0.0521
    content.evaluation.reconstruction = 86.1042
    content.evaluation.divergence = 17.3171
    content.evaluation.negativeLogLikelihood = 98.8732
    content.evaluation.standardError = 0.0312
    content.evaluation.samplingError = 0.9121
    content.evaluation.samples = 250
    content.evaluation.effectiveSamples = 34.25
    content.evaluation.gap = 4.5481
    content.evaluation.activeUnits = 1
    content.evaluation.latents = 2
    content.evaluation.bitsPerDimension = 2.2288
    content.evaluation.divergencePerLatent = [17.0625, 0.0039]
    content.evaluation.warnings = ["Take care."]
    content.evaluation.tail = .init(median: 0.625, shareAbove: 0.275, rows: 360)
    content.evaluation.reconstructionError = ReconstructionError()
    content.evaluation.reconstructionError?.rootMeanSquare = 2.2081
    content.evaluation.reconstructionError?.standardError = 0.0419
    content.evaluation.reconstructionError?.wrongShare = 0.5125
    content.evaluation.activityPerLatent = [0.8125, 0.0011]
    content.columns = [
      .init(name: "sugar", dataMean: 2.5391, dataDeviation: 1.4102, sampleMean: 2.6053, sampleDeviation: 1.2204)
    ]
    content.rows = [.init(original: [3.25], reconstruction: [3.1875])]
    content.map.axes = ["latent 1", "latent 2"]
    content.map.x = [0.5, -1.5]
    content.map.y = [0.75, 1.25]
    content.map.labels = [0, 1]
    content.map.labelNames = ["red", "white"]
    content.configuration = "model:\n  latents: 2\n"
    return content
  }

  static func history(epochs: Int, divergence: String) throws -> [EpochReport] {
    let epochs = (1...epochs).map { epoch in
      """
      {"epoch": \(epoch), "steps": \(epoch * 45), "criterion": 91.5, "learningRate": \(0.001 / Double(epoch)),
      "effectiveBeta": 1, "seconds": 1.5, "rowsPerSecond": 45000, "isBest": \(epoch == 2),
      "training": [{"name": "reconstruction", "value": \(90 + epoch).375}, {"name": "divergence", "value": 6.8125}],
      "validation": [{"name": "reconstruction", "value": \(80 + epoch).625}, {"name": "divergence", "value": \(divergence)}]}
      """
    }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
    return try decoder.decode([EpochReport].self, from: Data("[\(epochs.joined(separator: ","))]".utf8))
  }

  /// What the page's charts are drawn from.
  static func data(in page: String) throws -> [String: Any] {
    let start = try #require(page.range(of: "<script type=\"application/json\" id=\"data\">")).upperBound
    let end = try #require(page.range(of: "</script>", range: start..<page.endIndex)).lowerBound
    return try #require(try JSONSerialization.jsonObject(with: Data(page[start..<end].utf8)) as? [String: Any])
  }

  /// The page without its scripts and style: what is read.
  static func body(of page: String) throws -> String {
    let start = try #require(page.range(of: "<body")).lowerBound
    let end = try #require(page.range(of: "<script type=\"application/json\"")).lowerBound
    return String(page[start..<end])
  }

  @Test("Every measure is in the text, rounded as its error allows, and in full in the data")
  func numbers() throws {
    let page = try ReportPage.html(Self.content(), hasCharts: true)
    let body = try Self.body(of: page)
    for text in [
      "103.421", "±\u{A0}0.052", "98.873", "±\u{A0}0.031", "±\u{A0}0.91", "86.10", "17.32", "4.55", "K = 250",
      "effective 34.2",
      ">1 <span class=\"error\">of 2<", "2.229", "360 validation rows", "Take care.", "4711",
      "A model was trained. It has two latents.",
      "17.062", "0.004", "0.8125", "2.5391", "1.4102", "2.6053", "1.2204", "3.2500", "3.1875", "latents: 2", "2 best",
      "83.625", "7.125", "0.62", "27.5 %", "2.208", "±\u{A0}0.042", "51.2 %",
      "93.375", "6.8125", "91.5",
    ] {
      #expect(body.contains(text), "\(text) is missing")
    }
    let evaluation = try #require(try Self.data(in: page)["evaluation"] as? [String: Double])
    #expect(evaluation["negativeELBO"] == 103.4213)
    #expect(evaluation["standardError"] == 0.0312)
    #expect(evaluation["bitsPerDimension"] == 2.2288)
    #expect(evaluation.count == 14)
  }

  @Test("The parts of the divergence are in the text with their errors, and as wide in the bar as their shares")
  func split() throws {
    var content = try Self.content()
    #expect(!(try Self.body(of: ReportPage.html(content, hasCharts: true))).contains("Parts of the divergence"))
    var split = DivergenceSplit()
    split.draws = 2160
    (split.mutualInformation, split.mutualInformationError, split.mutualInformationLimit) = (5.0, 0.021, 5.8861)
    (split.aggregateDivergence, split.aggregateDivergenceError) = (5.0, 0.021)
    content.evaluation.divergenceSplit = split
    var body = try Self.body(of: ReportPage.html(content, hasCharts: true))
    for text in ["Parts of the divergence", "5.000 <span class=\"error\">±\u{A0}0.021", "5.89", "2160", "width: 50.0%"]
    {
      #expect(body.contains(text), "\(text) is missing")
    }
    #expect(!body.contains("Total correlation") && !body.contains("nearly there"))
    (split.totalCorrelation, split.totalCorrelationError) = (3.75, 0.031)
    (split.marginalDivergence, split.marginalDivergenceError) = (1.25, 0.012)
    split.mutualInformation = 5.88
    content.evaluation.divergenceSplit = split
    body = try Self.body(of: ReportPage.html(content, hasCharts: true))
    for text in ["3.750", "0.031", "1.250", "0.012", "nearly there", "width: 34.47%", "width: 11.49%"] {
      #expect(body.contains(text), "\(text) is missing")
    }
  }

  @Test("The charts' data hold every epoch, −ELBO as the sum of the terms, and the best epoch")
  func curves() throws {
    let data = try Self.data(in: ReportPage.html(Self.content(), hasCharts: true))
    let curves = try #require(data["curves"] as? [[String: Any]])
    #expect(curves.map { $0["name"] as? String } == ["−ELBO", "reconstruction", "divergence"])
    #expect(curves[0]["validation"] as? [Double] == [88.75, 89.75, 90.75])
    #expect(curves[1]["training"] as? [Double] == [91.375, 92.375, 93.375])
    #expect(data["best"] as? Int == 2)
    #expect((data["schedules"] as? [[String: Any]])?.map { $0["name"] as? String } == ["learning rate"])
    #expect((data["latents"] as? [[String: Any]])?.map { $0["isActive"] as? Bool } == [true, false])
  }

  @Test(
    "Names cannot leave their place",
    arguments: ["</script><b>bold", "\"><img src=x onerror=alert(1)>", "a & b 'c'", "<!--"])
  func hostileNames(name: String) throws {
    var content = try Self.content()
    content.name = name
    content.sentences = [name]
    content.facts = [.init(name: name, value: name)]
    content.evaluation.warnings = [name]
    content.part = name
    content.reconstructions = name
    content.samples = name
    content.columns[0].name = name
    content.map.axes = [name, name]
    content.map.labelNames = [name, name]
    content.configuration = name
    let page = try ReportPage.html(content, hasCharts: true)
    #expect(!(try Self.body(of: page)).contains(name))
    #expect(!page.contains("<b>bold") && !page.contains("<img src=x") && !page.contains("<!--"))
    #expect(try (Self.data(in: page)["map"] as? [String: Any])?["labelNames"] as? [String] == [name, name])
    let plain = try ReportPage.html(Self.content(), hasCharts: true)
    #expect(page.components(separatedBy: "</script>").count == plain.components(separatedBy: "</script>").count)
  }

  @Test("Nothing is fetched from elsewhere")
  func offline() throws {
    let page = try ReportPage.html(Self.content(), hasCharts: true)
    for reference in ["http:", "https:", "src=\"//", "href=\"//", "@import", "url("] {
      #expect(!page.contains(reference))
    }
  }

  @Test(
    "What is not a finite number leaves the data readable", arguments: ["\"nan\"", "\"infinity\"", "\"-infinity\""])
  func notFinite(value: String) throws {
    var content = try Self.content(divergence: value)
    content.evaluation.negativeELBO = .nan
    content.evaluation.negativeELBOError = .infinity
    content.evaluation.negativeLogLikelihood = .infinity
    content.evaluation.divergencePerLatent = [.nan, -.infinity]
    content.map.x[0] = .nan
    content.columns[0].sampleDeviation = .nan
    content.rows[0].original = [.nan]
    let page = try ReportPage.html(content, hasCharts: true)
    let data = try Self.data(in: page)
    #expect((data["map"] as? [String: Any])?["x"] as? NSArray == [NSNull(), -1.5])
    #expect(try Self.body(of: page).contains("<dd class=\"value\">∞"))
  }

  @Test("Without charts the page says so, opens its tables and asks for no script")
  func withoutCharts() throws {
    let page = try ReportPage.html(Self.content(), hasCharts: false)
    #expect(page.contains("<p class=\"notice\" id=\"no-charts\">"))
    #expect(page.contains("<details id=\"numbers\" open>"))
    #expect(!page.contains("<script src="))
    #expect(try ReportPage.html(Self.content(), hasCharts: true).contains("<script src=\"plotly.min.js\">"))
  }

  @Test("An empty run still makes a page")
  func empty() throws {
    let page = try ReportPage.html(ReportContent(), hasCharts: true)
    #expect(!page.contains("<section"))
    #expect(try Self.data(in: page)["epochs"] as? [Int] == [])
  }

  @Test("The page is written with its library beside it, and a missing folder is named")
  func writing() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(throws: (any Error).self) { try ReportPage.write(Self.content(), to: folder.path) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try ReportPage.write(Self.content(), to: folder.path)
    let page = try String(contentsOf: folder.appendingPathComponent("index.html"), encoding: .utf8)
    let hasLibrary = FileManager.default.fileExists(atPath: folder.appendingPathComponent("plotly.min.js").path)
    #expect(page.contains("<script src=\"plotly.min.js\">") == hasLibrary)
    #expect(page.hasPrefix("<!DOCTYPE html>"))
  }
}

internal import Foundation

/// Everything that a run's page shows.
package struct ReportContent: Codable, Sendable {
  /// The run's name: its folder's.
  package var name = ""
  /// What was trained, in words; a few sentences.
  package var sentences: [String] = []
  /// Facts by name: data, rows, parameters, seed, device, threads, time, version.
  package var facts: [Fact] = []
  /// Every epoch.
  package var history: [EpochReport] = []
  /// The measures.
  package var evaluation = Evaluation()
  /// Which rows they are of: `validation`, `training` or `test`.
  package var part = "validation"
  /// Pictures of pairs, originals above reconstructions; empty for tables.
  package var reconstructions = ""
  /// A picture of draws from the prior; empty for tables.
  package var samples = ""
  /// For tables: each column of the data beside the model's samples.
  package var columns: [ColumnComparison] = []
  /// For tables: some rows beside their reconstructions, in the data's units.
  package var rows: [RowComparison] = []
  /// What a classifier says of rows with more and less of an attribute, one entry for each attribute that was judged.
  package var judgements: [Judged] = []
  /// Samples beside rows that were never seen; nil where they were not checked.
  package var check: Checked?
  /// The posterior means of some rows in two dimensions.
  package var map = LatentMap()
  /// The resolved configuration.
  package var configuration = ""

  /// A page without content.
  package init() {}

  /// One fact.
  package struct Fact: Codable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
      (self.name, self.value) = (name, value)
    }
  }

  /// An attribute that was judged.
  package struct Judged: Codable, Sendable {
    /// The numbers.
    package var judgement: AttributeJudgement
    /// A picture of some rows with less to more of it, behind their originals; empty for tables.
    package var picture: String

    package init(_ judgement: AttributeJudgement, picture: String) {
      (self.judgement, self.picture) = (judgement, picture)
    }
  }

  /// Samples that were checked.
  package struct Checked: Codable, Sendable {
    /// The numbers.
    package var check: ModelCheck
    /// A picture of samples above the training rows nearest to them; empty for tables.
    package var closest: String
    /// A picture of how far each pixel is from its draws; empty for tables.
    package var pixels: String
    /// For tables: samples as originals, and as reconstructions the training rows nearest to them.
    package var rows: [RowComparison]

    package init(_ check: ModelCheck, closest: String, pixels: String, rows: [RowComparison]) {
      (self.check, self.closest, self.pixels, self.rows) = (check, closest, pixels, rows)
    }
  }

  /// One column of a table.
  package struct ColumnComparison: Codable, Sendable {
    package var name: String
    package var dataMean: Double
    package var dataDeviation: Double
    package var sampleMean: Double
    package var sampleDeviation: Double

    package init(name: String, dataMean: Double, dataDeviation: Double, sampleMean: Double, sampleDeviation: Double) {
      self.name = name
      (self.dataMean, self.dataDeviation) = (dataMean, dataDeviation)
      (self.sampleMean, self.sampleDeviation) = (sampleMean, sampleDeviation)
    }
  }

  /// One row of a table.
  package struct RowComparison: Codable, Sendable {
    package var original: [Double]
    package var reconstruction: [Double]

    package init(original: [Double], reconstruction: [Double]) {
      (self.original, self.reconstruction) = (original, reconstruction)
    }
  }

  /// Points in a plane.
  package struct LatentMap: Codable, Sendable {
    /// What the axes are, such as `latent 1` or `first principal axis (31 % of the variance)`.
    package var axes: [String] = []
    /// One coordinate a point.
    package var x: [Double] = []
    /// The other.
    package var y: [Double] = []
    /// The label of each point; empty where there are none.
    package var labels: [Int] = []
    /// The labels' names.
    package var labelNames: [String] = []

    package init() {}
  }
}

extension ReportContent {
  /// Reads what a run's page was written from; nil where it is not there.
  ///
  /// - Throws: ``LatentError`` where it is not whole.
  package static func read(_ folder: RunFolder) throws -> ReportContent? {
    guard let bytes = FileManager.default.contents(atPath: folder.reportContent) else { return nil }
    return try JSON.value(
      of: ReportContent.self, from: String(decoding: bytes, as: UTF8.self), name: folder.reportContent)
  }
}

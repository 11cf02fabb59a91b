internal import Foundation

/// The sections of a comparison's page that show what runs make and where their codes lie.
extension ComparisonPage {
  /// Sheets of draws, with what is recognized of them where that was asked for.
  static func samples(_ comparison: Comparison, _ gallery: ComparisonGallery?) -> String {
    let figures = zip(comparison.runs, gallery?.entries ?? []).flatMap { run, entry in
      entry.sheets.map { sheet in
        let share = run.recognized.first { $0.of == sheet.origin }
        let note = share.map { " – \(percent($0.recognized, $0.error)) recognized" } ?? ""
        let description = HTML.escaped("Pictures that \(run.run) decodes from draws of \(sheet.origin)")
        return """
          <figure class="sheet"><h3>\(HTML.escaped(run.run))</h3>\
          <figcaption>draws from \(HTML.escaped(sheet.origin))\(note)</figcaption>\
          <img src="data:image/png;base64,\(Data(sheet.png).base64EncodedString())" alt="\(description)"></figure>
          """
      }
    }
    guard !figures.isEmpty else { return "" }
    return HTML.section(
      "Samples", id: "samples",
      """
      <p class="about">What each model makes of draws from its prior. The codes of an autoencoder are held near no prior, so it is drawn from \
      both N(0, I), standard-normal, and the Gaussian fitted to its codes.</p>
      <div class="pair">\(figures.joined(separator: "\n"))</div>
      """)
  }

  /// What a classifier recognizes of draws, beside real rows and nonsense.
  static func recognition(_ comparison: Comparison) -> String {
    guard let recognition = comparison.recognition else { return "" }
    func cells(_ name: String, _ share: Recognition.Share) -> [String] {
      [
        name, share.of, ReportPage.text(share.rows), percent(share.recognized, share.error),
        percent(share.confident, share.confidentError),
        "\(share.effectiveClasses.fixed(1)) of \(recognition.classes.count)",
        "\(share.commonClasses) of \(recognition.classes.count)",
      ]
    }
    let rows =
      comparison.runs.flatMap { run in run.recognized.map { cells(run.run, $0) } }
      + [cells("real rows", recognition.real)] + recognition.nonsense.map { cells("nonsense", $0) }
    let accuracy = ReportPage.text(100 * recognition.score.accuracy, error: 100 * recognition.score.accuracyError)
    return HTML.section(
      "Recognized samples", id: "recognition",
      """
      <p class="about">The share of draws to which a classifier of the \(recognition.classes.count) labels gives one of them with probability \
      \(recognition.threshold.brief) or more. It was trained on \(ReportPage.text(recognition.trainingRows)) rows and on splices and noise made of them, \
      as none of the labels, and is right about \(accuracy.value) \(accuracy.error) % of \(ReportPage.text(recognition.real.rows)) rows that it did not see. \
      Real rows are the ceiling; nonsense is the floor, of which blends and averages are kinds that it was not trained on. ± is one standard \
      error of the draws.</p>
      \(HTML.table(
        "Recognized samples", header: ["shown", "of", "rows", "recognized", "confident", "effective classes", "classes ≥ 1 %"], rows: rows))
      <p class="about after">Effective classes are e to the entropy of the classes recognized: 1 where all draws are of one, however many are \
      recognized. Confident are those of which it would be as sure if there were nothing but labels, as a plain classifier assumes. No number says how much the draws vary within a class.</p>
      """)
  }

  /// The codes of the same rows by every run.
  static func maps(_ comparison: Comparison, _ gallery: ComparisonGallery?) -> String {
    let figures = zip(comparison.runs, gallery?.entries ?? []).enumerated().compactMap { index, pair -> String? in
      let (run, map) = (pair.0, pair.1.map)
      guard !map.x.isEmpty else { return nil }
      return HTML.chart(
        "map-\(index)", title: run.run,
        description:
          "\(ReportPage.text(map.x.count)) points: posterior means of rows, by \(map.axes.joined(separator: " and ")).",
        kind: "square")
    }
    guard !figures.isEmpty else { return "" }
    let maps = gallery?.entries.map(\.map) ?? []
    let circle =
      maps.contains { $0.axes == ["latent 1", "latent 2"] }
      ? ", and where there are two latents the dotted circle holds 86 % of it" : ""
    let colours =
      maps.contains { !$0.labels.isEmpty }
      ? " Colours and shapes are labels; a click on one hides it everywhere, a double click shows only that one." : ""
    return HTML.section(
      "Maps of the latents", id: "maps", isDrawn: true,
      """
      <p class="about">The posterior means of the same rows. Look at the scales: N(0, I) has the deviation 1 along every axis\(circle).\(colours)</p>
      <div class="legend" id="map-legend" role="group" aria-label="Labels shown" hidden></div>
      <div class="pair">\(figures.joined(separator: "\n"))</div>
      """)
  }

  private static func percent(_ part: Double, _ error: Double) -> String {
    "\((100 * part).fixed(1)) ± \((100 * error).fixed(1)) %"
  }
}

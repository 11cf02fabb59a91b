/// The sections that are tables.
extension ReportPage {
  /// For tables: the data's columns beside the samples', and rows beside their reconstructions.
  static func tables(_ content: ReportContent) -> String {
    [columns(content.columns), rows(content)].filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static func columns(_ columns: [ReportContent.ColumnComparison]) -> String {
    guard !columns.isEmpty else { return "" }
    let rows = columns.map { column -> [String] in
      let means = Self.column([column.dataMean, column.dataDeviation, column.sampleMean, column.sampleDeviation])
      return [column.name, means[0], means[1], means[2], means[3]]
    }
    let description =
      "Dots: the mean and deviation of samples beside those of the data, column by column; the table below has the numbers."
    return HTML.section(
      "Samples", id: "samples",
      """
      <p class="about">Each column of the data beside the model’s samples.\
      <span class="drawn"> The dots are means and the whiskers one deviation, \
      both in the data’s own deviations from the data’s mean.</span></p>
      <p class="key" aria-hidden="true"><span class="dot data">data</span> <span class="dot samples">samples</span></p>
      <div class="tall">\(HTML.chart("column-dots", description: description, kind: "large"))</div>
      \(HTML.table(
        "Means and deviations of data and samples",
        header: ["column", "data: mean", "± deviation", "samples: mean", "± deviation"], rows: rows))
      """)
  }

  private static func rows(_ content: ReportContent) -> String {
    let width = content.rows.map { max($0.original.count, $0.reconstruction.count) }.max() ?? 0
    guard width > 0 else { return "" }
    let names = (0..<width).map { content.columns.indices.contains($0) ? content.columns[$0].name : "column \($0 + 1)" }
    let columns = (0..<width).map { index in
      column(content.rows.flatMap { [value($0.original, index), value($0.reconstruction, index)] })
    }
    let rows = (0..<2 * content.rows.count).map { line -> [String] in
      let name = line.isMultiple(of: 2) ? "\(line / 2 + 1)  data" : "reconstruction"
      return [name] + columns.map { $0[line] }
    }
    return HTML.section(
      "Reconstructions", id: "reconstructions",
      "<p class=\"about\">Rows of the data and, below each, what the model makes of it, in the data’s units.</p>\n<div class=\"paired\">"
        + HTML.table("Rows and their reconstructions", header: ["row"] + names, rows: rows) + "</div>")
  }

  private static func value(_ values: [Double], _ index: Int) -> Double {
    values.indices.contains(index) ? values[index] : .nan
  }

  /// Facts by name.
  static func facts(_ content: ReportContent) -> String {
    let items = content.facts.map { "<div><dt>\(HTML.escaped($0.name))</dt><dd>\(HTML.escaped($0.value))</dd></div>" }
    return items.isEmpty
      ? "" : HTML.section("Facts", id: "facts", "<dl class=\"facts\">\n\(items.joined(separator: "\n"))\n</dl>")
  }

  /// What is folded away: the configuration and all the numbers.
  static func details(_ content: ReportContent, isOpen: Bool) -> String {
    let configuration =
      content.configuration.isEmpty
      ? ""
      : """
      <details><summary>Resolved configuration</summary>
      <div class="code"><button type="button" id="copy" data-copies="configuration">Copy</button>
      <pre id="configuration" tabindex="0">\(HTML.escaped(content.configuration))</pre></div></details>
      """
    let tables = [epochs(content.history), latentTable(content)].filter { !$0.isEmpty }.joined(separator: "\n")
    let numbers =
      tables.isEmpty
      ? "" : "<details id=\"numbers\"\(isOpen ? " open" : "")><summary>All the numbers</summary>\n\(tables)</details>"
    return HTML.section(
      "Details", id: "details", [configuration, numbers].filter { !$0.isEmpty }.joined(separator: "\n"))
  }

  private static func epochs(_ history: [EpochReport]) -> String {
    guard !history.isEmpty else { return "" }
    let best = history.lastIndex(where: \.isBest)
    var header = ["epoch"]
    var columns: [[String]] = [history.indices.map { String(history[$0].epoch) + ($0 == best ? " best" : "") }]
    func add(_ name: String, _ values: [Double?]) {
      guard values.contains(where: { $0 != nil }) else { return }
      header.append(name)
      columns.append(column(values.map { $0 ?? .nan }))
    }
    func addTerms(_ part: String, _ terms: (EpochReport) -> [NamedNumber]) {
      for name in history.first.map({ terms($0).map(\.name) }) ?? [] {
        add("\(part) \(name)", history.map { terms($0).first { $0.name == name }?.value })
      }
    }
    let isBound = history.first?.isBound ?? true
    if isBound { add("training −ELBO", history.map(\.trainingNegativeELBO)) }
    addTerms("training", \.training)
    if isBound { add("validation −ELBO", history.map(\.validationNegativeELBO)) }
    addTerms("validation", \.validation)
    add("criterion", history.map(\.criterion))
    add("learning rate", history.map(\.learningRate))
    add("effective β", history.map(\.effectiveBeta))
    add("steps", history.map { Double($0.steps) })
    add("seconds", history.map(\.seconds))
    add("rows a second", history.map { $0.rowsPerSecond.rounded() })
    let rows = history.indices.map { row in columns.map { $0[row] } }
    return "<h3>Epochs</h3>\n"
      + HTML.table("Every term of every epoch", header: header, rows: rows) { $0 == best }
  }

  private static func latentTable(_ content: ReportContent) -> String {
    let divergences = content.evaluation.divergencePerLatent
    guard !divergences.isEmpty else { return "" }
    let isKnown = content.evaluation.activityPerLatent.count == divergences.count
    let columns = [column(divergences)] + (isKnown ? [column(content.evaluation.activityPerLatent)] : [])
    let rows = divergences.indices.map { row in [String(row + 1)] + columns.map { $0[row] } }
    return "<h3>Latents</h3>\n"
      + HTML.table(
        "Divergence of each latent",
        header: ["latent", "divergence"] + (isKnown ? ["variance of the posterior mean over rows"] : []), rows: rows)
  }
}

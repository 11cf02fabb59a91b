/// The sections of a check of samples.
extension ReportPage {
  /// Copies, classifiers and calibration.
  static func checks(_ content: ReportContent) -> String {
    guard let checked = content.check else { return "" }
    return [copies(checked, names: content.columns.map(\.name)), told(checked.check), calibration(checked)]
      .joined(separator: "\n")
  }

  private static func percent(_ value: ValueWithError) -> String {
    let (number, error) = text(100 * value.value, error: 100 * value.error)
    return "\(number) \(error)\u{A0}%"
  }

  private static func chance(_ pValue: Double) -> String {
    pValue < 0.001 ? "p\u{A0}<\u{A0}0.001" : "p\u{A0}=\u{A0}\(text(pValue, digits: 2))"
  }

  private static func estimate(_ value: ValueWithError) -> String {
    let (number, error) = text(value.value, error: value.error)
    return "\(number) \(error)"
  }

  private static func copies(_ checked: ReportContent.Checked, names: [String]) -> String {
    let found = checked.check.memorization
    let words = """
      \(found.isCopying ? "The model copies training rows." : "There is no sign of copies of training rows.") \
      A sample that owes nothing to single training rows is nearest to one of the \(text(found.trainingRows)) training rows or of the \
      \(text(found.heldOutRows)) held-out rows as chance distributes them. Of the \(text(found.copied.samples)) samples that are nearer to a row than three quarters of the \
      held-out rows are to the training rows, so many more are nearest to a training row that \(percent(found.copied.part)) of all \(text(found.samples)) samples would be \
      copies (\(chance(found.copied.pValue))); of all samples, near or far, \(percent(found.leaning.part)) lean to training rows \
      (\(chance(found.leaning.pValue))). Distances are Euclidean, of scaled values; their median to the nearest training row is \
      \(estimate(found.sampleDistances.median)) for samples and \(estimate(found.heldOutDistances.median)) for held-out rows. Samples are nearer than held-out rows in \
      \(percent(found.nearer.probability)) of pairs: below a half they are unlike all rows, above it they may be copies or only smoother than rows are.
      """
    let pairs =
      checked.closest.isEmpty
      ? pairs(checked.rows, names: names)
      : """
      <figure class="sheet"><img src="\(HTML.escaped(checked.closest))" \
      alt="Samples above, the training pictures nearest to them below"></figure>
      """
    return HTML.section(
      "Copies of training rows", id: "copies",
      """
      <p class="about">\(HTML.escaped(words))</p>
      <div class="drawn"><p class="key" aria-hidden="true"><span class="box active">samples</span> \
      <span class="box">held-out rows</span></p>
      \(HTML.chart("copy-distances", title: "Distance to the nearest training row", description: "Bars: how many samples and how many held-out rows have their nearest training row at which distance.", kind: "small"))</div>
      <p class="about between">The samples that are nearest to a training row, compared with how far the nearest held-out row is, each above that training row.</p>
      \(pairs)
      """)
  }

  private static func pairs(_ rows: [ReportContent.RowComparison], names: [String]) -> String {
    guard let width = rows.first?.original.count else { return "" }
    let columns = (0..<width).map { index in column(rows.flatMap { [$0.original[index], $0.reconstruction[index]] }) }
    let lines = (0..<2 * rows.count).map { line in
      [line.isMultiple(of: 2) ? "\(line / 2 + 1)  sample" : "training row"] + columns.map { $0[line] }
    }
    let header = (0..<width).map { names.indices.contains($0) ? names[$0] : "column \($0 + 1)" }
    return "<div class=\"paired\">"
      + HTML.table("Samples and the training rows nearest to them", header: ["row"] + header, rows: lines) + "</div>"
  }

  private static func told(_ check: ModelCheck) -> String {
    let test = check.twoSampleTest
    let words = """
      \(test.isTold ? "Classifiers tell samples from rows" : "No classifier tells samples from rows") (\(chance(test.pValue)) for all \
      \(text(test.trials.count)) together). Each (\(test.network)) was trained on \(text(test.trainingRows)) training rows and as many draws of p(x), and shown \
      \(text(test.testRows)) held-out rows and as many fresh draws. The area under its curve is the probability that a draw looks more like one to it than a row does: \
      one half where both are alike.
      """
    let rows = test.trials.enumerated().map { index, trial -> [String] in
      let (area, error) = text(trial.area.value, error: trial.area.error)
      return [
        text(index + 1), area, error, "0.5 ±\u{A0}\(text(trial.nullDeviation, digits: 2))",
        trial.pValue < 0.001 ? "<\u{A0}0.001" : text(trial.pValue, digits: 2),
        "\(text(100 * trial.accuracy, digits: 3))\u{A0}%",
      ]
    }
    return HTML.section(
      "Samples told from rows", id: "told",
      "<p class=\"about\">\(HTML.escaped(words))</p>\n"
        + HTML.table(
          "Classifiers of samples and rows", header: ["classifier", "area", "error", "where alike", "p", "right on"],
          rows: rows)
    )
  }

  private static func calibration(_ checked: ReportContent.Checked) -> String {
    let (check, found) = (checked.check, checked.check.calibration)
    let isPicture = !checked.pixels.isEmpty
    let kind = isPicture ? "pixels" : "columns"
    let words = """
      \(text(found.rejectedColumns)) of \(text(found.columns.count)) \(kind) are not distributed as the model’s draws are (5 % for all of them together). Where they are, the rank of \
      a row’s value among draws of p(x) is uniform: its bars are level, and central intervals hold what they say; here those of 50 % hold \
      \(percent(found.half)) and those of 90 % \(percent(found.most)) of values. Draws that are made from the row’s own code know the row, so that theirs hold more \
      (\(percent(check.reconstruction.half)) and \(percent(check.reconstruction.most))): these are optimistic.
      """
    let picture =
      isPicture
      ? """
      <p class="about between">The mean of the rows, the mean of draws, and the distance of each pixel from its draws: black for none, white for \
      \(text(CheckPictures.brightest(check), digits: 2)).</p>
      <figure class="sheet"><img src="\(HTML.escaped(checked.pixels))" alt="The mean row, the mean draw, and a map of the pixels’ distances"></figure>
      """
      : ""
    return HTML.section(
      "Calibration", id: "calibration",
      """
      <p class="about">\(HTML.escaped(words))</p>
      <div class="pair drawn">
      \(HTML.chart("rank-bars", title: "Ranks among draws of p(x)", description: "Bars: the share of values in each twentieth of the ranks; level where calibrated.", kind: "small"))
      \(HTML.chart("rank-bars-given", title: "Ranks among draws given the row", description: "Bars: the same for draws that know the row.", kind: "small"))
      </div>
      \(picture)
      \(isPicture ? "" : HTML.chart("column-distances", title: "Distance of each column from its draws", description: "Bars: the greatest difference of cumulative shares of each column; the table has the numbers.", kind: "tall-bars"))
      <p class="about between">\(isPicture ? "The farthest pixels (row, column)." : "The columns, the farthest first.")</p>
      \(columns(found, isPicture: isPicture))
      \(statistics(check.statistics, isPicture: isPicture))
      \(notes(check.notes))
      """)
  }

  private static func notes(_ notes: [String]) -> String {
    notes.isEmpty
      ? "" : "<ul class=\"warnings\">\(notes.map { "<li>\(HTML.escaped($0))</li>" }.joined())</ul>"
  }

  private static func columns(_ calibration: Calibration, isPicture: Bool) -> String {
    let rows = calibration.worst.prefix(isPicture ? 10 : 200).map {
      [
        $0.name, text($0.distance, digits: 3), $0.pValue < 0.001 ? "<\u{A0}0.001" : text($0.pValue, digits: 2),
        percent($0.half), percent($0.most), $0.shift > 0 ? "above" : "below",
      ]
    }
    return HTML.table(
      "Calibration of each column",
      header: [isPicture ? "pixel" : "column", "distance", "p", "in 50 %", "in 90 %", "values lie"], rows: rows)
  }

  private static func statistics(_ statistics: MarginalStatistics, isPicture: Bool) -> String {
    func share(_ part: Double) -> String { "\(text(100 * part, digits: 3))\u{A0}%" }
    let correlations = statistics.correlations.map {
      " and the correlations of \(share($0.apart)) of \(text($0.pairs)) pairs"
    }
    let words = """
      The means of \(share(statistics.meansApart)) of \(text(statistics.varyingColumns.count)) \(isPicture ? "pixels" : "columns"), the deviations of \
      \(share(statistics.deviationsApart))\(correlations ?? "") are more than 2 standard errors apart; 4.6 % would be where rows and samples are alike.
      """
    let pairs = statistics.correlations.map { found in
      HTML.table(
        "Correlations that are farthest apart",
        header: [isPicture ? "pixels" : "columns", "rows", "samples", "errors apart"],
        rows: found.worst.map {
          [
            $0.columns.joined(separator: isPicture ? " – " : " and "), estimate($0.correlation.rows),
            estimate($0.correlation.samples),
            text($0.correlation.z, digits: 2),
          ]
        })
    }
    let table =
      isPicture
      ? ""
      : HTML.table(
        "Statistics of each column",
        header: ["column", "mean: rows", "samples", "deviation: rows", "samples"]
          + MarginalStatistics.shares.flatMap { ["\(text(100 * $0)) %: rows", "samples"] },
        rows: statistics.columns.map { column in
          [column.name]
            + ([column.mean, column.deviation] + column.quantiles).flatMap {
              [estimate($0.rows), estimate($0.samples)]
            }
        })
    return
      "<p class=\"about between\">\(HTML.escaped(words))</p>\n\(table)\n<div class=\"after-table\">\(pairs ?? "")</div>"
  }

  static let checkScript = #"""
    "use strict";

    function drawChecks() {
      const check = data.check;
      if (!check) return;
      const places = check.samples.map((_, index) => (index + 0.5) * check.binWidth);
      const share = (counts) => {
        const total = counts.reduce((sum, count) => sum + count, 0) || 1;
        return counts.map((count) => count / total);
      };
      chart("copy-distances", (colours) => ({
        traces: [
          ["held-out rows", check.rows, colours.idle], ["samples", check.samples, colours.first],
        ].map(([name, counts, colour]) => ({
          type: "bar", name, x: places, y: share(counts), width: check.binWidth * 0.92, opacity: 0.72,
          marker: { color: colour, line: { width: 0 } }, customdata: counts,
          hovertemplate: `${name}: %{customdata}<br>about %{x:.3~g}<extra></extra>`,
        })),
        layout: layout(colours, {
          barmode: "overlay",
          xaxis: axis(colours, { title: axisTitle("distance", colours), showgrid: false, showline: true, rangemode: "tozero" }),
          yaxis: axis(colours, { title: axisTitle("share", colours), tickformat: ".0%", nticks: 5 }),
        }),
      }));
      const ranks = (id, shares, colour) => chart(id, (colours) => ({
        traces: [{
          type: "bar", x: shares.map((_, index) => (index + 0.5) / shares.length), y: shares, width: 0.92 / shares.length,
          marker: { color: colours[colour], line: { width: 0 } }, hovertemplate: "%{y:.2%} about %{x:.3f}<extra></extra>",
        }],
        layout: layout(colours, {
          shapes: [{
            type: "line", xref: "paper", x0: 0, x1: 1, y0: 1 / shares.length, y1: 1 / shares.length,
            line: { color: colours.ink, width: 1.25, dash: "dot" },
          }],
          xaxis: axis(colours, { title: axisTitle("rank of the value, 0 to 1", colours), showgrid: false, range: [0, 1], showline: true }),
          yaxis: axis(colours, { title: axisTitle("share", colours), tickformat: ".0%", rangemode: "tozero", nticks: 5 }),
        }),
      }));
      ranks("rank-bars", check.ranks, "first");
      ranks("rank-bars-given", check.ranksGiven, "idle");
      const columns = check.columns;
      const element = document.getElementById("column-distances");
      if (!element) return;
      element.style.height = 26 * columns.length + 80 + "px";
      chart("column-distances", (colours) => ({
        traces: [{
          type: "bar", orientation: "h", x: columns.map(({ distance }) => distance), y: columns.map((_, index) => index),
          marker: { color: columns.map(({ isRejected }) => (isRejected ? colours.second : colours.idle)), line: { width: 0 } },
          customdata: columns.map(({ name }) => plain(name)), hovertemplate: "%{customdata}: %{x:.3f}<extra></extra>",
        }],
        layout: layout(colours, {
          bargap: 0.4,
          xaxis: axis(colours, { title: axisTitle("greatest difference of cumulative shares", colours), rangemode: "tozero" }),
          yaxis: axis(colours, {
            range: [columns.length - 0.5, -0.5], tickmode: "array", tickvals: columns.map((_, index) => index),
            ticktext: columns.map(({ name }) => plain(shorten(name, element.clientWidth < 500 ? 12 : 32)) + "  "),
            tickfont: { color: colours.ink }, showgrid: false,
          }),
        }),
      }));
    }
    """#
}

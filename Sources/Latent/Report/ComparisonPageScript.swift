/// What the page of a comparison draws, and from what.
extension ComparisonPage {
  private struct Data: Encodable {
    struct Run: Encodable {
      let name: String
      let epochs: [Int]
      let training: [Double?]
      let validation: [Double?]
      let trainingReconstruction: [Double?]
      let validationReconstruction: [Double?]
      /// Null without a gallery.
      let map: ReportPageData.Map?
      let gradients: [GradientVariance]
    }

    /// One run less the reference.
    struct Difference: Encodable {
      let name: String
      let mean: Double
      let interval: [Double]
    }

    /// Of the longest run.
    let epochs: [Int]
    let runs: [Run]
    let differences: [Difference]
  }

  /// JSON that may stand within a script element.
  static func data(_ comparison: Comparison, _ gallery: ComparisonGallery?) throws -> String {
    func finite(_ values: [Double]) -> [Double?] { values.map { $0.isFinite ? $0 : nil } }
    let runs = comparison.runs.enumerated().map { index, run in
      Data.Run(
        name: run.run, epochs: run.curves.epochs, training: finite(run.curves.training),
        validation: finite(run.curves.validation), trainingReconstruction: finite(run.curves.trainingReconstruction),
        validationReconstruction: finite(run.curves.validationReconstruction),
        map: gallery.map { ReportPageData.Map($0.entries[index].map) }, gradients: run.gradients)
    }
    let longest = runs.max { $0.epochs.count < $1.epochs.count }?.epochs ?? []
    let differences = (comparison.differences?.entries ?? []).map {
      Data.Difference(
        name: $0.run, mean: $0.negativeLogLikelihood.mean, interval: $0.negativeLogLikelihood.interval)
    }
    return try JSON.text(of: Data(epochs: longest, runs: runs, differences: differences)).replacing(
      "<", with: "\\u003c")
  }

  static let script = #"""
    "use strict";

    const dashes = ["solid", "dash", "dot", "dashdot"];

    function line(index) {
      const palette = palettes[isDark.matches ? "dark" : "light"];
      return { color: palette[index % palette.length], dash: dashes[Math.floor(index / palette.length) % dashes.length] };
    }

    const legend = (colours) => ({
      showlegend: true,
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { color: colours.ink } },
    });

    function drawCurves(id, of) {
      chart(id, (colours) => {
        const range = rangeWithoutStart(data.runs.map(of).filter((values) => values.length));
        if (range) offerStart();
        return {
          traces: data.runs.map((run, index) => (run.epochs.length === 1 && data.epochs.length > 1 && of(run).length ? {
            // A run of one epoch has no course to draw.
            x: [1, data.epochs.at(-1)], y: [of(run)[0], of(run)[0]], name: plain(shorten(run.name, 40)), type: "scatter",
            mode: "lines", line: { ...line(index), dash: "dot", width: 2 }, hovertemplate: "%{y:.2f}",
          } : {
            x: run.epochs, y: of(run), name: plain(shorten(run.name, 40)), type: "scatter",
            mode: run.epochs.length < 15 ? "lines+markers" : "lines", line: { ...line(index), width: 2 },
            hovertemplate: "%{y:.2f}",
          })).filter((trace) => trace.y.length),
          layout: layout(colours, {
            ...legend(colours), hovermode: "x unified", uirevision: String(showsStart),
            xaxis: axis(colours, {
              title: axisTitle("epoch", colours), showgrid: false, ...epochTicks(), showline: true, hoverformat: "d",
            }),
            yaxis: axis(colours, { nticks: 7, ...(range && !showsStart ? { range } : { autorange: true }) }),
          }),
        };
      });
    }

    /** A dot for each run, with its interval, beside the line of no difference. */
    function drawDifferences() {
      if (!data.differences.length) return;
      chart("difference-dots", (colours) => ({
        traces: [{
          type: "scatter", mode: "markers", x: data.differences.map(({ mean }) => mean),
          y: data.differences.map(({ name }) => plain(shorten(name, 32))), marker: { size: 9, color: colours.first },
          error_x: {
            type: "data", symmetric: false, color: colours.first, thickness: 2, width: 6,
            array: data.differences.map(({ mean, interval }) => interval[1] - mean),
            arrayminus: data.differences.map(({ mean, interval }) => mean - interval[0]),
          },
          hovertemplate: "%{x:.3f}<extra>%{y}</extra>",
        }],
        layout: layout(colours, {
          shapes: [{ type: "line", x0: 0, x1: 0, yref: "paper", y0: 0, y1: 1, line: { color: colours.ink, width: 1.25, dash: "dot" } }],
          xaxis: axis(colours, { title: axisTitle("nats less the reference", colours), rangemode: "tozero", showline: true }),
          yaxis: axis(colours, { type: "category", range: [data.differences.length - 0.5, -0.5], showgrid: false }),
        }),
      }));
    }

    /** One group of bars for each estimator and part, one bar for each run; nothing is drawn for a variance of 0. */
    function drawGradients() {
      const measured = data.runs.filter((run) => run.gradients.length);
      if (!measured.length) return;
      chart("gradient-bars", (colours) => ({
        traces: measured.map((run) => {
          const bars = run.gradients.flatMap(({ estimator, groups }) =>
            groups.filter(({ name, variance }) => name !== "all" && variance > 0).map((group) => ({ estimator, ...group })));
          return {
            type: "bar", name: plain(shorten(run.name, 40)), marker: { color: line(data.runs.indexOf(run)).color },
            x: [bars.map(({ estimator }) => estimator), bars.map(({ name }) => name)],
            y: bars.map(({ variance }) => variance),
            error_y: { type: "data", array: bars.map(({ standardError }) => standardError), color: colours.ink, thickness: 1 },
            hovertemplate: "%{y:.3~e}",
          };
        }),
        layout: layout(colours, {
          ...legend(colours), bargap: 0.3, barmode: "group",
          xaxis: axis(colours, { showgrid: false, type: "multicategory" }),
          yaxis: axis(colours, { type: "log", title: axisTitle("variance", colours), dtick: 1 }),
        }),
      }));
    }

    /** The codes of each run, with one legend for all. */
    function drawMaps() {
      const maps = data.runs.map(({ map }, index) => ({ map, id: `map-${index}` })).filter(({ map }) => map?.x.length);
      if (!maps.length) return;
      const hidden = new Set();
      const draws = maps.map(({ map, id }) => chart(id, (colours, element) => ({
        traces: groups(map).map((group) => points(group, "scatter", hidden, element.clientWidth < 500 ? 0.6 : 0.8)),
        layout: layout(colours, {
          hovermode: "closest",
          // P(|z| < 2) = 1 − e⁻² in two dimensions.
          shapes: map.axes[0] === "latent 1" && map.axes[1] === "latent 2"
            ? [{ type: "circle", x0: -2, x1: 2, y0: -2, y1: 2, line: { color: colours.ink, width: 1.5, dash: "dot" } }] : [],
          xaxis: axis(colours, { title: axisTitle(map.axes[0] ?? "", colours), zeroline: true }),
          yaxis: axis(colours, {
            title: axisTitle(map.axes[1] ?? "", colours), zeroline: true,
            ...(isComparable(map) ? { scaleanchor: "x", scaleratio: 1 } : {}),
          }),
        }),
      })));
      const shown = groups(maps[0].map);
      if (shown.length > 1) drawings.push(drawLegend(shown, hidden, () => draws.forEach((draw) => draw())));
    }

    if (typeof Plotly === "undefined") {
      document.body.classList.add("without-charts");
      document.getElementById("no-charts").hidden = false;
    } else {
      drawCurves("validation-curves", (run) => run.validation);
      drawCurves("training-curves", (run) => run.training);
      drawCurves("validation-reconstructions", (run) => run.validationReconstruction);
      drawCurves("training-reconstructions", (run) => run.trainingReconstruction);
      drawDifferences();
      drawGradients();
      drawMaps();
      isDark.addEventListener("change", () => drawings.forEach((draw) => draw()));
    }
    """#
}

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

    /// Of the longest run.
    let epochs: [Int]
    let runs: [Run]
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
    return try JSON.text(of: Data(epochs: longest, runs: runs)).replacing("<", with: "\\u003c")
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
          traces: data.runs.map((run, index) => ({
            x: run.epochs, y: of(run), name: plain(shorten(run.name, 40)), type: "scatter",
            mode: run.epochs.length < 15 ? "lines+markers" : "lines", line: { ...line(index), width: 2 },
            hovertemplate: "%{y:.2f}",
          })).filter((trace) => trace.y.length),
          layout: layout(colours, {
            ...legend(colours), hovermode: "x unified", uirevision: String(showsStart),
            xaxis: axis(colours, {
              title: axisTitle("epoch", colours), showgrid: false, tickformat: "d", showline: true, hoverformat: "d",
            }),
            yaxis: axis(colours, { nticks: 7, ...(range && !showsStart ? { range } : { autorange: true }) }),
          }),
        };
      });
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
      drawGradients();
      drawMaps();
      isDark.addEventListener("change", () => drawings.forEach((draw) => draw()));
    }
    """#
}

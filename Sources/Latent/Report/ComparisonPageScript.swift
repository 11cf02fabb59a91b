/// What the page of a comparison draws, and from what.
extension ComparisonPage {
  private struct Data: Encodable {
    struct Run: Encodable {
      let name: String
      let epochs: [Int]
      let training: [Double?]
      let validation: [Double?]
      let gradients: [GradientVariance]
    }

    /// Of the longest run.
    let epochs: [Int]
    let runs: [Run]
  }

  /// JSON that may stand within a script element.
  static func data(_ comparison: Comparison) throws -> String {
    func finite(_ values: [Double]) -> [Double?] { values.map { $0.isFinite ? $0 : nil } }
    let runs = comparison.runs.map {
      Data.Run(
        name: $0.run, epochs: $0.curves.epochs, training: finite($0.curves.training),
        validation: finite($0.curves.validation), gradients: $0.gradients)
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

    if (typeof Plotly === "undefined") {
      document.body.classList.add("without-charts");
      document.getElementById("no-charts").hidden = false;
    } else {
      drawCurves("validation-curves", (run) => run.validation);
      drawCurves("training-curves", (run) => run.training);
      drawGradients();
      isDark.addEventListener("change", () => drawings.forEach((draw) => draw()));
    }
    """#
}

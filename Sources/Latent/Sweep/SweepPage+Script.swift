/// What the page of a sweep draws, and from what.
extension SweepPage {
  private struct Data: Encodable {
    struct Point: Encodable {
      let name: String
      let x: String
      /// The values of all keys but the first.
      let rest: String
      let y: Double
      /// Of the difference from the best; 0 for the best.
      let error: Double
      let isBest: Bool
      let isChosen: Bool
    }

    let key: String
    /// Whether the values are numbers of one key.
    let isNumeric: Bool
    let points: [Point]
    /// For what all pages share.
    let epochs: [Int] = []
  }

  static func data(_ sweep: Sweep) throws -> String {
    let points = sweep.points.map { point in
      Data.Point(
        name: point.name, x: point.values.first ?? "", rest: point.values.dropFirst().joined(separator: ", "),
        y: point.negativeLogLikelihood, error: point.difference?.standardError ?? 0, isBest: point.name == sweep.best,
        isChosen: point.name == sweep.chosen)
    }
    let isNumeric = sweep.points.allSatisfy { Double($0.values.first ?? "") != nil }
    return try JSON.text(of: Data(key: sweep.over.first?.key ?? "", isNumeric: isNumeric, points: points))
      .replacing("<", with: "\\u003c")
  }

  static let script = #"""
    "use strict";

    /** A line for each combination of the other keys; on a logarithmic axis where numbers span much. */
    function drawSweep() {
      if (!data.points.length) return;
      const numbers = data.points.map(({ x }) => Number(x));
      const isLogarithmic = data.isNumeric && Math.min(...numbers) > 0 && Math.max(...numbers) / Math.min(...numbers) >= 20;
      const place = ({ x }) => (data.isNumeric ? Number(x) : x);
      const rests = [...new Set(data.points.map(({ rest }) => rest))];
      chart("sweep", (colours) => {
        const palette = palettes[isDark.matches ? "dark" : "light"];
        const traces = rests.map((rest, index) => {
          const points = data.points.filter((point) => point.rest === rest);
          if (data.isNumeric) points.sort((a, b) => Number(a.x) - Number(b.x));
          const colour = rests.length > 1 ? palette[index % palette.length] : colours.muted;
          return {
            type: "scatter", mode: "lines+markers", name: plain(shorten(rest, 40)), x: points.map(place), y: points.map(({ y }) => y),
            text: points.map(({ name }) => plain(name)), line: { color: colour, width: 1.5 }, marker: { size: 7, color: colour },
            error_y: { type: "data", array: points.map(({ error }) => error), color: colour, thickness: 1.5, width: 5 },
            hovertemplate: "%{text}: %{y:.3f}<extra></extra>",
          };
        });
        const mark = (points, marker) => ({
          type: "scatter", mode: "markers", x: points.map(place), y: points.map(({ y }) => y), marker, showlegend: false, hoverinfo: "skip",
        });
        traces.push(mark(data.points.filter(({ isChosen }) => isChosen), { size: 11, color: colours.first }));
        traces.push(mark(data.points.filter(({ isBest }) => isBest), {
          size: 16, color: "rgba(0,0,0,0)", line: { color: colours.ink, width: 2 }, symbol: "circle",
        }));
        return {
          traces,
          layout: layout(colours, {
            showlegend: rests.length > 1,
            legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { color: colours.ink } },
            xaxis: axis(colours, {
              title: axisTitle(data.key, colours), showgrid: false, showline: true,
              ...(data.isNumeric
                ? { type: isLogarithmic ? "log" : "linear", tickvals: [...new Set(numbers)], ticktext: [...new Set(data.points.map(({ x }) => x))] }
                : { type: "category" }),
            }),
            yaxis: axis(colours, { title: axisTitle("−log p(x), nats per row", colours), nticks: 7 }),
          }),
        };
      });
    }

    if (typeof Plotly === "undefined") {
      document.body.classList.add("without-charts");
      document.getElementById("no-charts").hidden = false;
    } else {
      drawSweep();
      isDark.addEventListener("change", () => drawings.forEach((draw) => draw()));
    }
    """#
}

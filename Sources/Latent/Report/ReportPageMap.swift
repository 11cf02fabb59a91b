/// The latent map, and the start of all drawing.
extension ReportPage {
  static let mapScript = #"""
    "use strict";

    function median(values) {
      const numbers = values.filter((value) => value !== null).sort((a, b) => a - b);
      return numbers[Math.floor(numbers.length / 2)];
    }

    /** The labels' names at the medians of their points, as far as they do not cover each other. */
    function signs(groups, element, hasOneScale, colours) {
      const scale = (values, pixels) => {
        const [low, high] = extent(values);
        return (pixels - 90) / (1.1 * (high - low) || 1);
      };
      const scales = [scale(data.map.x, element.clientWidth), scale(data.map.y, element.clientHeight)];
      const [across, up] = hasOneScale ? [Math.min(...scales), Math.min(...scales)] : scales;
      const all = groups.map((group) => ({
        x: median(group.x), y: median(group.y), text: shorten(group.name, 18), index: group.index,
      }));
      const isCovered = (sign) => all.some((other) => {
        const width = 4.5 * (other.text.length + sign.text.length) + 10;
        return other !== sign && Math.abs(other.x - sign.x) * across < width && Math.abs(other.y - sign.y) * up < 24;
      });
      return all.filter((sign) => !isCovered(sign)).map(({ x, y, text, index }) => ({
        x, y, text: plain(text), showarrow: false, font: { size: 13, color: colours.ink, weight: 600 }, opacity: 0.85,
        bgcolor: colours.paper, borderpad: 2, bordercolor: look(index).colour, borderwidth: 1.5,
      }));
    }

    function drawMap() {
      const shown = groups(data.map);
      const hasOneScale = isComparable(data.map);
      const frame = (values) => {
        const [low, high] = extent(values);
        const room = 0.05 * (high - low) || 1;
        return high >= low ? [low - room, high + room] : undefined;
      };
      document.getElementById("two-scales")?.toggleAttribute("hidden", hasOneScale);
      const hidden = new Set();
      const isNamed = shown.length > 1;
      const isDense = (element) => data.map.x.length > 5000 || element.clientWidth < 500;
      const draw = chart("latent-map", (colours, element) => ({
        traces: shown.map((group) => points(group, "scattergl", hidden, isDense(element) ? 0.7 : 1)),
        layout: layout(colours, {
          hovermode: "closest", dragmode: matchMedia("(pointer: coarse)").matches ? false : "pan",
          annotations: isNamed ? signs(shown.filter(({ index }) => !hidden.has(index)), element, hasOneScale, colours) : [],
          xaxis: axis(colours, {
            title: axisTitle(data.map.axes[0] ?? "", colours), range: frame(data.map.x), zeroline: true,
          }),
          yaxis: axis(colours, {
            title: axisTitle(data.map.axes[1] ?? "", colours), range: frame(data.map.y), zeroline: true,
            ...(hasOneScale ? { scaleanchor: "x", scaleratio: 1 } : {}),
          }),
        }),
      }));
      if (isNamed) drawings.push(drawLegend(shown, hidden, draw));
    }

    if (typeof Plotly === "undefined") {
      document.body.classList.add("without-charts");
      document.getElementById("no-charts").hidden = false;
      document.getElementById("numbers")?.setAttribute("open", "");
    } else {
      data.curves.forEach((series) => drawCurve(series, false));
      data.schedules.forEach((series) => drawCurve(series, true));
      drawColumns();
      drawLatents();
      drawJudgements();
      drawChecks();
      drawMap();
      isDark.addEventListener("change", () => drawings.forEach((draw) => draw()));
    }
    """#
}

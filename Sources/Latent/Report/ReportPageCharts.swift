/// The charts over epochs, and what all charts share.
extension ReportPage {
  static let chartScript = #"""
    "use strict";

    const data = JSON.parse(document.getElementById("data").textContent);
    const drawings = [];

    /** The page's colours, as the reader's system has them now. */
    function theme() {
      const style = getComputedStyle(document.documentElement);
      const colour = (name) => style.getPropertyValue("--" + name).trim();
      return Object.fromEntries(
        ["paper", "ink", "muted", "line", "grid", "first", "second", "idle"].map((name) => [name, colour(name)]));
    }

    /** Ten colours that, together with shapes or dashes, readers with any colour vision tell apart; for light and dark paper. */
    const palettes = {
      light: ["#0072b2", "#d55e00", "#00805f", "#b0468c", "#8a6a00", "#882255", "#2d8fc6", "#4a3aa7", "#1b1e23", "#6f7680"],
      dark: ["#56b4e9", "#f0883e", "#2cc99a", "#e596cb", "#f0e442", "#ff7c93", "#b5dcf7", "#a99bf5", "#ffffff", "#9aa3ad"],
    };
    const isDark = matchMedia("(prefers-color-scheme: dark)");

    /** Text that Plotly takes as it is. */
    const plain = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

    const shorten = (text, length) => (text.length > length ? text.slice(0, length - 1) + "…" : text);

    /** The smallest and the largest number among some values and nulls. */
    const extent = (values) =>
      values.reduce(
        ([low, high], value) => [Math.min(low, value ?? low), Math.max(high, value ?? high)], [Infinity, -Infinity]);

    function axis(colours, changes) {
      return {
        gridcolor: colours.grid, linecolor: colours.line, tickcolor: colours.line, zeroline: false,
        zerolinecolor: colours.line, automargin: true,
        tickfont: { color: colours.muted }, separatethousands: false, exponentformat: "power", ...changes,
      };
    }

    function layout(colours, changes) {
      return {
        paper_bgcolor: colours.paper, plot_bgcolor: colours.paper, showlegend: false, uirevision: "keep",
        font: { family: getComputedStyle(document.body).fontFamily, size: 13, color: colours.ink },
        margin: { l: 8, r: 18, t: 12, b: 8 }, separators: ".\u202f",
        hoverlabel: { bgcolor: colours.paper, bordercolor: colours.line, font: { color: colours.ink } },
        modebar: { bgcolor: "rgba(0,0,0,0)", color: colours.muted, activecolor: colours.ink },
        dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom", ...changes,
      };
    }

    /** Whole numbers on an axis of epochs; of few epochs each, as a finer step would show numbers twice. */
    const epochTicks = () => ({ tickformat: "d", ...(data.epochs.length < 8 ? { tick0: 1, dtick: 1 } : {}) });

    const axisTitle = (text, colours) => ({ text: plain(text), font: { size: 13, color: colours.muted }, standoff: 8 });

    /** Registers a chart: `make(colours)` gives its traces and layout; it is drawn now and whenever the colours change. */
    function chart(id, make) {
      const element = document.getElementById(id);
      if (!element) return () => {};
      element.closest("figure").hidden = false;
      const configuration = {
        displaylogo: false, displayModeBar: matchMedia("(hover: hover)").matches ? "hover" : false,
        responsive: true, doubleClick: "autosize",
        modeBarButtonsToRemove: ["select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "resetScale2d"],
      };
      const draw = () => {
        const { traces, layout } = make(theme(), element);
        return Plotly.react(element, traces, layout, configuration);
      };
      drawings.push(draw);
      draw();
      return draw;
    }

    /**
     * Where the first epochs dwarf all others, the range of the others; null where everything fits. What counts as first is the least part
     * of every line, up to a fifth of it, that leaves a third of the range or less: one slow line among several may need more than the rest.
     */
    function rangeWithoutStart(series) {
      if (data.epochs.length < 20) return null;
      const [lowest, highest] = extent(series.flat());
      for (const part of [1 / 20, 1 / 10, 1 / 5]) {
        const [low, high] = extent(series.flatMap((values) => values.slice(Math.ceil(values.length * part))));
        if (!(high > low) || highest - lowest < 3 * (high - low)) continue;
        const room = 0.06 * (high - low);
        return [low - room, high + room];
      }
      return null;
    }

    function curve(colours, { training, validation }, isSchedule) {
      const mode = data.epochs.length < 15 ? "lines+markers" : "lines";
      const trace = (name, values, colour, width) => ({
        x: data.epochs, y: values, name, mode, type: "scatter", line: { color: colour, width }, marker: { size: 6 },
        hovertemplate: isSchedule ? "%{y:.4~g}" : "%{y:.2f}",
      });
      const traces = [];
      const [name, colour] = isSchedule ? ["value", colours.muted] : ["training", colours.second];
      if (training.length) traces.push(trace(name, training, colour, 1.5));
      if (validation.length) traces.push(trace("validation", validation, colours.first, 2));
      return traces;
    }

    function bestMark(colours, { training, validation }) {
      const index = data.epochs.indexOf(data.best);
      const value = (validation.length ? validation : training)[index];
      const colour = validation.length ? colours.first : colours.second;
      if (index < 0 || typeof value !== "number") return { traces: [], shapes: [] };
      return {
        traces: [{
          x: [data.best], y: [value], mode: "markers", type: "scatter", hoverinfo: "skip",
          marker: { size: 9, color: colours.paper, line: { color: colour, width: 2 } },
        }],
        shapes: [{
          type: "line", x0: data.best, x1: data.best, yref: "paper", y0: 0, y1: 1,
          line: { color: colours.ink, width: 1.25, dash: "dot" },
        }],
      };
    }

    /** Whether the frames reach up to the first epochs where these dwarf all others. */
    let showsStart = false;

    function offerStart() {
      const button = document.getElementById("beyond");
      button.hidden = false;
      button.onclick = () => {
        showsStart = !showsStart;
        button.setAttribute("aria-pressed", String(showsStart));
        drawings.forEach((draw) => draw());
      };
    }

    function drawCurve(series, isSchedule) {
      chart(series.id, (colours) => {
        const mark = isSchedule ? { traces: [], shapes: [] } : bestMark(colours, series);
        const range = isSchedule ? null : rangeWithoutStart([series.training, series.validation]);
        if (range) offerStart();
        return {
          traces: [...curve(colours, series, isSchedule), ...mark.traces],
          layout: layout(colours, {
            shapes: mark.shapes, hovermode: "x unified", uirevision: String(showsStart),
            xaxis: axis(colours, {
              title: axisTitle("epoch", colours), showgrid: false, ...epochTicks(), showline: true, hoverformat: "d",
              unifiedhovertitle: { text: "epoch %{x}" }, spikecolor: colours.muted, spikethickness: 1, spikedash: "solid",
            }),
            yaxis: axis(colours, {
              nticks: isSchedule ? 4 : 7, ...(range && !showsStart ? { range } : { autorange: true }),
            }),
          }),
        };
      });
    }
    """#
}

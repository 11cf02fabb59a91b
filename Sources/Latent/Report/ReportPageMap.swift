/// The latent map with its legend, and the start of all drawing.
extension ReportPage {
  static let mapScript = #"""
    "use strict";

    const symbols = ["circle", "square", "diamond", "triangle-up", "triangle-down"];
    const sizes = [6, 6, 7, 8, 8];
    const outlines = {
      circle: "M6 1a5 5 0 1 0 .01 0Z", square: "M1.5 1.5h9v9h-9Z", diamond: "M6 .3 11.7 6 6 11.7.3 6Z",
      "triangle-up": "M6 1 11.5 10.5H.5Z", "triangle-down": "M6 11 11.5 1.5H.5Z",
    };

    function look(index) {
      const shape = (index + Math.floor(index / 10)) % symbols.length;
      const palette = palettes[isDark.matches ? "dark" : "light"];
      return { colour: palette[index % palette.length], symbol: symbols[shape], size: sizes[shape] };
    }

    /** The points of each label, in the order of the labels' numbers. */
    function groups() {
      const { x, y, labels, labelNames } = data.map;
      const isLabelled = labels.length === x.length;
      const found = new Map();
      x.forEach((_, index) => {
        const label = isLabelled ? labels[index] : 0;
        const name = isLabelled ? labelNames[label] ?? `label ${label}` : "";
        if (!found.has(label)) found.set(label, { x: [], y: [], label, name });
        found.get(label).x.push(x[index]);
        found.get(label).y.push(y[index] ?? null);
      });
      return [...found.values()].sort((a, b) => a.label - b.label).map((group, index) => ({ ...group, index }));
    }

    function median(values) {
      const numbers = values.filter((value) => value !== null).sort((a, b) => a - b);
      return numbers[Math.floor(numbers.length / 2)];
    }

    /** Whether both axes span about as much, so that they can have one scale. */
    function isComparable() {
      const [width, height] = [data.map.x, data.map.y].map(extent).map(([low, high]) => high - low);
      return Math.min(width, height) > Math.max(width, height) / 8;
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
      const shown = groups();
      const hasOneScale = isComparable();
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
        traces: shown.map((group) => {
          const { colour, symbol, size } = look(group.index);
          return {
            type: "scattergl", mode: "markers", name: plain(group.name), x: group.x, y: group.y,
            visible: !hidden.has(group.index),
            marker: { size: isDense(element) ? size * 0.7 : size, color: colour, symbol, opacity: 0.75 },
            hovertemplate: (group.name ? plain(group.name) + "<br>" : "") + "%{x:.3f}, %{y:.3f}<extra></extra>",
          };
        }),
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

    /** Buttons that hide a label's points; a double click shows only one label, or all again. */
    function drawLegend(shown, hidden, draw) {
      const legend = document.getElementById("map-legend");
      legend.hidden = false;
      const buttons = shown.map((group) => {
        const button = document.createElement("button");
        button.type = "button";
        const outline = outlines[look(group.index).symbol];
        button.innerHTML = `<svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><path d="${outline}"/></svg>`;
        button.append(group.name);
        button.addEventListener("click", () => update(() => {
          if (!hidden.delete(group.index)) hidden.add(group.index);
        }));
        button.addEventListener("dblclick", () => update(() => {
          const others = shown.filter((other) => other !== group).map((other) => other.index);
          const isAlone = others.every((index) => hidden.has(index));
          hidden.clear();
          if (!isAlone) others.forEach((index) => hidden.add(index));
        }));
        legend.append(button);
        return button;
      });
      const paint = () => buttons.forEach((button, index) => {
        button.setAttribute("aria-pressed", String(!hidden.has(index)));
        button.querySelector("path").setAttribute("fill", look(index).colour);
      });
      const update = (change) => { change(); paint(); draw(); };
      paint();
      return paint;
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
      drawMap();
      isDark.addEventListener("change", () => drawings.forEach((draw) => draw()));
    }
    """#
}

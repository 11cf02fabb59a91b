/// The marks of labels in maps of the latents, and the legend that they share.
extension ReportPage {
  static let markScript = #"""
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
    function groups({ x, y, labels, labelNames }) {
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

    /** Whether both axes span about as much, so that they can have one scale. */
    function isComparable({ x, y }) {
      const [width, height] = [x, y].map(extent).map(([low, high]) => high - low);
      return Math.min(width, height) > Math.max(width, height) / 8;
    }

    /** The points of a label, unless it is hidden. */
    function points(group, type, hidden, scale) {
      const { colour, symbol, size } = look(group.index);
      return {
        type, mode: "markers", name: plain(group.name), x: group.x, y: group.y, visible: !hidden.has(group.index),
        marker: { size: scale * size, color: colour, symbol, opacity: 0.75 },
        hovertemplate: (group.name ? plain(group.name) + "<br>" : "") + "%{x:.3f}, %{y:.3f}<extra></extra>",
      };
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
    """#
}

/** Line charts by Plotly, which is loaded when the first one is drawn; SVG traces only, as its WebGL ones need `eval`. */

import { colours, onThemeChange } from "./theme.js";

let library = null;

/**
 * Elements that Plotly looks for before it adds styles of its own, which the page's policy would refuse; what it needs of them is in
 * charts.css. The second is that of its library of maps, which is not used.
 */
const styles = ["plotly.js-style-global", "ce8d464691048653ffe3a57c6c18ab566e8366f186677868cf724621a857b4fe"];

/** Loads Plotly once. */
function plotly() {
  library ??= new Promise((resolve, reject) => {
    for (const id of styles) {
      if (document.getElementById(id)) continue;
      const mark = document.createElement("meta");
      mark.id = id;
      mark.className = "no-inline-styles";
      document.head.append(mark);
    }
    const script = document.createElement("script");
    script.src = "/assets/plotly.min.js";
    script.onload = () => (window.Plotly ? resolve(window.Plotly) : reject(new Error("The charts' library did not start.")));
    script.onerror = () => {
      library = null;
      reject(new Error("The charts' library is not built in, so that curves are not drawn."));
    };
    document.head.append(script);
  });
  return library;
}

const merged = (base, changes) => {
  const result = { ...base };
  for (const [key, value] of Object.entries(changes ?? {})) {
    const isPlain = value && typeof value === "object" && !Array.isArray(value);
    result[key] = isPlain ? merged(base[key] ?? {}, value) : value;
  }
  return result;
};

const axis = (colour) => ({
  gridcolor: colour.grid, linecolor: colour.line, tickcolor: colour.line, zerolinecolor: colour.line, zeroline: false,
  automargin: true, tickfont: { color: colour.muted }, title: { font: { color: colour.muted, size: 13 }, standoff: 8 },
  exponentformat: "none", separatethousands: true,
});

const base = (colour) => ({
  paper_bgcolor: colour.paper, plot_bgcolor: colour.paper, showlegend: false, uirevision: "keep",
  font: { family: colour.font, size: 13, color: colour.ink },
  margin: { l: 8, r: 18, t: 12, b: 8 }, separators: ".\u202f",
  hoverlabel: { bgcolor: colour.paper, bordercolor: colour.line, font: { color: colour.ink } },
  hovermode: "x unified", dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom",
  xaxis: axis(colour), yaxis: axis(colour),
});

const configuration = {
  displaylogo: false, displayModeBar: false, responsive: true, doubleClick: "autosize",
};

/**
 * Draws traces into an element and draws them again when the colours change.
 *
 * A trace's or a layout's colour may be a name of the style sheet (`first`, `second`, `idle`, `muted`, `ink` …).
 * Give the element an `aria-label`: the drawing itself is hidden from screen readers.
 *
 * @param {HTMLElement} element with a height of its own
 * @param {object[]} traces Plotly's, SVG types only (`scatter`, `bar`, `heatmap` …)
 * @param {object} layout changes to the page's layout
 * @returns {{update(traces: object[], layout?: object): Promise<void>, remove(): void}}
 */
export function lineChart(element, traces, layout = {}) {
  let isRemoved = false;
  let state = { traces, layout };
  element.setAttribute("role", "img");
  const named = (value, colour) => {
    if (Array.isArray(value)) return value.map((item) => named(item, colour));
    if (!value || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [
      key, typeof item === "string" && /color/i.test(key) ? (colour[item] ?? item) : named(item, colour),
    ]));
  };
  const styled = (trace, colour) => {
    const { x, y, z, text, customdata, ...look } = trace;
    const data = Object.fromEntries(Object.entries({ x, y, z, text, customdata }).filter(([, value]) => value !== undefined));
    return { ...named(look, colour), ...data };
  };
  const draw = async () => {
    const Plotly = await plotly();
    if (isRemoved) return;
    const colour = colours();
    await Plotly.react(
      element, state.traces.map((trace) => styled(trace, colour)), merged(base(colour), named(state.layout, colour)),
      configuration);
    element.querySelectorAll("svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
  };
  const failed = (error) => { if (!isRemoved) element.textContent = error.message; };
  const ended = onThemeChange(() => draw().catch(failed));
  draw().catch(failed);
  return {
    update: (traces, layout = state.layout) => {
      state = { traces, layout };
      return draw().catch(failed);
    },
    remove: () => {
      isRemoved = true;
      ended();
      if (window.Plotly && element.data) window.Plotly.purge(element);
    },
  };
}

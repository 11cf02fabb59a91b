/** The divergence of each latent as bars, the largest first. */

import { lineChart } from "./charts.js";
import { h } from "./dom.js";
import { byUse, fixed } from "./words.js";

const room = 60;

/**
 * Draws the bars of a card.
 *
 * @returns {{element: HTMLElement, remove(): void}}
 */
export function latentBars(card) {
  const order = byUse(card);
  const active = order.filter((latent) => card.active[latent]).length;
  const greatest = order.length ? `; latent ${order[0] + 1} carries most, ${fixed(card.divergence[order[0]])} nats` : "";
  const place = h("div", {
    class: "chart", "aria-label": `Bars: the divergence of each of ${order.length} latents; ${active} are active${greatest}.`,
  });
  const isNamed = order.length <= 40;
  const trace = (name, isActive, color) => ({
    type: "bar", name, x: order.map((_, index) => index + 1), y: order.map((latent) => (card.active[latent] === isActive ? card.divergence[latent] : null)),
    marker: { color, line: { width: 0 } }, customdata: order.map((latent) => latent + 1), hovertemplate: "latent %{customdata}: %{y:.3~f} nats<extra></extra>",
  });
  const chart = lineChart(place, [trace("active", true, "first"), trace("inactive", false, "idle")], {
    barmode: "overlay", bargap: order.length > room ? 0.1 : 0.35, hovermode: "closest",
    xaxis: {
      title: { text: isNamed ? "latent" : "latents, sorted" }, showgrid: false, range: [0.4, Math.max(order.length, 12) + 0.6], tickangle: 0,
      ...(isNamed ? { tickmode: "array", tickvals: order.map((_, index) => index + 1), ticktext: order.map((latent) => String(latent + 1)) } : {}),
    },
    yaxis: { title: { text: "nats per row" }, rangemode: "tozero" },
  });
  return {
    element: h(
      "figure", { class: "low" },
      h("figcaption", {}, h("p", { class: "key", "aria-hidden": "true" }, h("span", { class: "box active" }, "active"), h("span", { class: "box" }, "inactive"))), place),
    remove: chart.remove,
  };
}

/// The charts of latents and of a table's columns.
extension ReportPage {
  static let latentScript = #"""
    "use strict";

    function drawLatents() {
      const sorted = [...data.latents].sort((a, b) => (b.divergence ?? -Infinity) - (a.divergence ?? -Infinity));
      const count = sorted.length;
      chart("latent-bars", (colours, element) => {
        const isNamed = count <= Math.floor((element.clientWidth - 60) / 24);
        return {
          traces: [{
            type: "bar", x: sorted.map((_, index) => index + 1), y: sorted.map((latent) => latent.divergence),
            marker: { color: sorted.map(({ isActive }) => (isActive === false ? colours.idle : colours.first)), line: { width: 0 } },
            customdata: sorted.map(({ number, activity }) =>
              `latent ${number}` + (typeof activity === "number" ? `<br>variance of the mean ${activity.toPrecision(3)}` : "")),
            hovertemplate: "%{customdata}<br>%{y:.4~g} nats<extra></extra>",
          }],
          layout: layout(colours, {
            bargap: count > 60 ? 0.1 : 0.35,
            xaxis: axis(colours, {
              title: axisTitle(isNamed ? "latent" : "latents, sorted", colours), showgrid: false,
              range: [0.4, Math.max(count, 12) + 0.6], tickmode: isNamed ? "array" : "auto", tickangle: 0,
              tickvals: sorted.map((_, index) => index + 1), ticktext: sorted.map(({ number }) => String(number)),
            }),
            yaxis: axis(colours, { title: axisTitle("nats per row", colours), rangemode: "tozero", zeroline: true }),
          }),
        };
      });
    }

    function drawColumns() {
      const columns = data.columns;
      const element = document.getElementById("column-dots");
      if (!element) return;
      element.style.height = 34 * columns.length + 80 + "px";
      const scale = ({ dataDeviation }) => (dataDeviation > 0 ? dataDeviation : 1);
      chart("column-dots", (colours) => {
        const place = (column, value) => (value == null ? null : (value - (column.dataMean ?? 0)) / scale(column));
        const shown = (value) => (value == null ? "–" : value.toPrecision(5));
        const trace = (name, mean, deviation, offset, colour, fill) => ({
          type: "scatter", mode: "markers", name, x: columns.map((column) => place(column, column[mean])),
          y: columns.map((_, index) => index + offset),
          error_x: {
            type: "data", array: columns.map((column) => (column[deviation] ?? 0) / scale(column)), color: colour,
            thickness: 1.5, width: 0,
          },
          marker: { size: 9, color: fill, line: { color: colour, width: 2 } },
          customdata: columns.map((column) =>
            `${plain(column.name)}<br>${name} ${shown(column[mean])} ± ${shown(column[deviation])}`),
          hovertemplate: "%{customdata}<extra></extra>",
        });
        const length = element.clientWidth < 500 ? 12 : 32;
        return {
          traces: [
            trace("data", "dataMean", "dataDeviation", -0.14, colours.ink, colours.paper),
            trace("samples", "sampleMean", "sampleDeviation", 0.14, colours.first, colours.first),
          ],
          layout: layout(colours, {
            xaxis: axis(colours, { title: axisTitle("deviations of the data", colours), zeroline: true }),
            yaxis: axis(colours, {
              range: [columns.length - 0.5, -0.5], tickmode: "array", tickvals: columns.map((_, index) => index),
              ticktext: columns.map((column) => plain(shorten(column.name, length)) + "  "),
              tickfont: { color: colours.ink }, showgrid: false,
            }),
          }),
        };
      });
    }
    """#
}

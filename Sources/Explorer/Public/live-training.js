/** A training that goes on: its progress, its curves and what the model makes of some rows, as they come. */

import { curves } from "./curves.js";
import { button, fill, h, notice } from "./dom.js";
import { listen } from "./events.js";
import { duration, text } from "./numbers.js";
import { showPictures } from "./training-pictures.js";
import { nats } from "./words.js";

const redrawMilliseconds = 250;

const stateWords = { live: "Live", reconnecting: "Reconnecting…", ended: "Ended" };

/** The seconds until the last epoch, by the mean time of those that are done. */
function secondsLeft(history, progress, epochs) {
  if (!history.length || !(epochs > 0)) return NaN;
  const last = history[history.length - 1];
  const begun = progress && progress.epoch > last.epoch ? progress.batch / Math.max(1, progress.batches) : 0;
  return Math.max(0, epochs - last.epoch - begun) * (last.seconds / last.epoch);
}

/**
 * Shows the training.
 *
 * @param {string} address Where the events come from.
 */
export function liveTraining(container, context, address) {
  const { card, announce } = context;
  const history = new Map();
  let [epochs, progress, timer] = [0, null, 0];

  const badge = h("p", { class: "badge", role: "status" });
  const line = h("p", { class: "caption" });
  const bar = h("progress", { max: 1, value: 0, "aria-label": "Epochs done" });
  const best = h("p", { class: "caption" });
  const ended = h("div", { "aria-live": "polite" });
  const pictures = h("section", { class: "stack", "aria-label": "What the model makes of rows" });
  const drawn = curves();
  const known = () => [...history.values()].sort((a, b) => a.epoch - b.epoch);

  const write = () => {
    const done = known();
    const epoch = progress?.epoch ?? done.length;
    const left = secondsLeft(done, progress, epochs);
    line.textContent = [
      epoch ? `epoch ${epoch}${epochs ? ` of ${epochs}` : ""}` : "waiting for the first epoch",
      progress ? `step ${progress.batch} of ${progress.batches}` : null,
      progress?.rowsPerSecond > 0 ? `${text(progress.rowsPerSecond, 3)} rows a second` : null,
      Number.isFinite(left) && left > 0 ? `about ${duration(left)} left` : null,
    ].filter(Boolean).join(" · ");
    const begun = progress ? progress.epoch - 1 + progress.batch / Math.max(1, progress.batches) : done.length;
    bar.hidden = !epochs;
    bar.value = epochs ? Math.min(1, Math.max(begun, done.length) / epochs) : 0;
    const found = done.filter(({ isBest }) => isBest).at(-1);
    best.textContent = found ? `Best so far: epoch ${found.epoch}, ${nats(found.criterion)} nats per row.` : "";
  };
  const draw = () => {
    timer ||= setTimeout(() => {
      timer = 0;
      if (history.size) drawn.show(known());
      write();
    }, redrawMilliseconds);
  };
  const finish = ({ reason, folder }) => {
    dispatchEvent(new CustomEvent("latent-trained"));
    progress = null;
    epochs = known().length;
    draw();
    const views = [["map", "Map"], ["sliders", "Sliders"], ["judge", "Judge"]];
    const buttons = views.map(([view, name], index) =>
      button(name, () => context.navigate(view), { kind: index ? undefined : "main", label: `Load the trained model into ${name}` }));
    fill(ended, notice(`${reason}${folder ? ` The run is in ${folder}.` : ""}`, {
      action: h("div", { class: "buttons" }, buttons),
    }));
    bar.value = 1;
    announce("Training is over.");
  };

  const listening = listen(address, {
    epoch: (event) => { history.set(event.epoch, event); draw(); },
    progress: (event) => {
      progress = event;
      epochs = event.epochs ?? epochs;
      draw();
    },
    pictures: (event) => showPictures(pictures, card, event),
    ended: finish,
  }, (state) => {
    badge.textContent = stateWords[state];
    badge.dataset.state = state;
    if (state === "reconnecting") announce("The explorer does not answer; trying again.");
  });
  badge.textContent = "Connecting…";
  fill(
    container, h("div", { class: "progress" }, badge, line, bar, best), ended,
    h("div", { class: "live" }, drawn.element, pictures));
  return {
    unmount() {
      listening.close();
      clearTimeout(timer);
      drawn.remove();
    },
  };
}

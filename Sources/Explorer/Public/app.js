/** The frame: which runs there are, the tabs of the views, and which view is shown. */

import { api, APIError, keepToken } from "./api.js";
import { button, choice, fill, h, loading, notice } from "./dom.js";
import { chooseTheme, nextTheme, themeChoice } from "./theme.js";
import { views } from "./views.js";
import { counted } from "./words.js";

const place = (id) => document.getElementById(id);
const cards = new Map();
let server = null;
let shown = null;
let isFirst = true;

/** The view, the run and what else the address says: `#map?run=1&row=17`. */
function address() {
  const [id, query] = location.hash.slice(1).split("?");
  const parameters = Object.fromEntries(new URLSearchParams(query ?? ""));
  const runs = server?.runs.length ?? 1;
  const run = Number(parameters.run ?? 0);
  delete parameters.run;
  return {
    view: views.find((view) => view.id === id) ?? defaultView(), run: run >= 0 && run < runs && Number.isInteger(run) ? run : 0,
    parameters,
  };
}

const defaultView = () => (server?.live && views.find((view) => view.id === "training")) || views[0];

/** The address of a view with its run. */
function link(id, run, parameters = {}) {
  const given = Object.entries({ ...(run ? { run } : {}), ...parameters });
  const query = given
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll("%2C", ",")}`)
    .join("&");
  return `#${id}${query ? "?" + query : ""}`;
}

/** Says something to readers who do not see the page. */
function announce(text) {
  place("announcer").textContent = "";
  requestAnimationFrame(() => { place("announcer").textContent = text; });
}

/** The model card of a run, asked for once. */
async function cardOf(run) {
  if (!cards.has(run)) {
    cards.set(run, api.get(`runs/${run}`));
    cards.get(run).catch(() => cards.delete(run));
  }
  return cards.get(run);
}

function drawRuns(run) {
  const { runs } = server;
  if (runs.length === 1) {
    fill(place("runs"), h("p", { class: "run-name", title: runs[0].path }, runs[0].name));
    return;
  }
  fill(place("runs"), choice({
    label: "Run", value: String(run), options: runs.map(({ name }, index) => ({ value: String(index), label: name })),
    onChange: (value) => { location.hash = link(address().view.id, Number(value)); },
  }));
}

function drawTabs({ view, run, parameters }) {
  fill(place("views"), views.map(({ id, title }) =>
    h("a", { dataset: { view: id }, "aria-current": id === view.id ? "page" : null }, title)));
  carryRow(run, parameters.row);
}

/** Lets the tabs lead to the row that is looked at. */
function carryRow(run, row) {
  place("views").querySelectorAll("a").forEach((tab) => { tab.href = link(tab.dataset.view, run, { row }); });
}

const themes = { system: ["◐", "as the system"], light: ["○", "light"], dark: ["●", "dark"] };

function drawTheme() {
  const [sign, name] = themes[themeChoice()];
  const change = () => {
    chooseTheme(nextTheme());
    drawTheme();
    place("theme").firstChild.focus();
    announce(`Colours: ${themes[themeChoice()][1]}.`);
  };
  fill(place("theme"), button(sign, change, {
    kind: "quiet sign", label: `Colours: ${name}. Change`, title: `Colours: ${name}`,
  }));
}

/** What the run is, in one line. */
const summary = (card) => {
  const size = card.kind === "table" ? counted(card.columns.length, "column") : `${card.height} × ${card.width}${card.channels === 3 ? " in colour" : ""}`;
  return [size, counted(card.latents, "latent"), `${card.model.likelihood} likelihood`, `${card.model.encoder} encoder`].join(" · ");
};

/** What the run's folder lacks, folded away. */
const lacks = ({ notes }) => notes?.length
  ? h(
    "details", { class: "lacks" }, h("summary", {}, counted(notes.length, "note on this run", "notes on this run")),
    h("ul", { class: "note" }, notes.map((note) => h("li", {}, note))))
  : null;

async function draw() {
  const { view, run, parameters } = address();
  const mine = {};
  shown?.mounted?.unmount?.();
  shown = mine;
  drawRuns(run);
  drawTabs({ view, run, parameters });
  document.title = `${view.title} · ${server.runs[run].name} · Latent explorer`;
  const about = h("p", { class: "summary" }, "\u00a0");
  const notes = h("div");
  const container = h("div", { class: "view", id: `view-${view.id}` }, loading());
  fill(
    place("main"),
    h("div", { class: "view-head" }, h("h1", {}, view.title), about, h("p", { class: "about" }, view.about)), notes,
    container);
  if (!isFirst) {
    place("main").focus({ preventScroll: true });
    scrollTo(0, 0);
    announce(`${view.title}, ${server.runs[run].name}`);
  }
  isFirst = false;
  try {
    const card = view.needsModel === false && server.runs[run].training ? null : await cardOf(run);
    if (shown !== mine) return;
    about.textContent = card ? summary(card) : "";
    fill(notes, card && lacks(card));
    container.replaceChildren();
    const context = {
      run, card, cards: server.runs, cardOf, live: server.live, parameters, announce,
      views: views.map(({ id, title }) => ({ id, title })), api: api.of(run), server: api,
      navigate: (id, given) => { location.hash = link(id, run, given); },
      keep: (given) => {
        history.replaceState(null, "", link(view.id, run, given));
        carryRow(run, given.row);
      },
      link: (id, given) => link(id, run, given),
    };
    const mounted = await view.mount(container, context);
    if (shown === mine) mine.mounted = mounted;
    else mounted?.unmount?.();
  } catch (error) {
    if (shown !== mine) return;
    fill(container, failure(error, draw));
  }
}

/** What went wrong, with a button that tries again. */
function failure(error, again) {
  if (!(error instanceof APIError)) console.error(error);
  return notice(error.message, { kind: "error", action: button("Try again", again) });
}

function watchBusy() {
  let timer = null;
  addEventListener("latent-busy", ({ detail }) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      place("busy").hidden = detail === 0;
      place("busy").textContent = detail ? "The model is busy; trying again…" : "";
    }, detail ? 150 : 400);
  });
}

/** Asks anew for what the server has, once a training has ended. */
async function renew() {
  cards.clear();
  server = await api.get("/api").catch(() => server);
}

async function start() {
  keepToken();
  drawTheme();
  watchBusy();
  try {
    server = await api.get("/api");
    if (!server.runs.length) throw new APIError(0, "The explorer has no run to show.");
    addEventListener("hashchange", draw);
    addEventListener("latent-trained", renew);
    await draw();
  } catch (error) {
    fill(place("main"), failure(error, start));
  }
}

start();

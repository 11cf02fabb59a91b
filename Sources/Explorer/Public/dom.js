/** Elements and form controls, made in one call each. */

let made = 0;
/** An id that no other element has. */
export const freshID = (name) => `${name}-${(made += 1)}`;

/**
 * Makes an element: `h("p", {class: "notice", onclick: …, dataset: {…}, style: {…}}, "text", child)`.
 * Attributes that are null or false are left out, true ones are empty, `on…` are listeners.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2).toLowerCase(), value);
    else if (name === "style" || name === "dataset") Object.assign(element[name], value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A button; `pressed` makes it one that stays down. */
export function button(text, onClick, { kind, pressed, label, disabled, title } = {}) {
  return h(
    "button",
    {
      type: "button", class: kind, onclick: onClick, disabled, title, "aria-label": label,
      "aria-pressed": pressed === undefined ? null : String(pressed),
    },
    text);
}

/**
 * A slider with its label and its number beside it.
 * @returns {HTMLElement & {value: number, input: HTMLInputElement}} setting `value` moves it without
 *   calling `onInput`, and widens its range where that does not reach so far
 */
export function slider({ label, min, max, step = 0.01, value, onInput = () => {}, format = (number) => number.toFixed(2), note }) {
  const id = freshID("slider");
  const input = h("input", { id, type: "range", min, max, step });
  const output = h("output", { for: id });
  const write = () => {
    output.textContent = format(Number(input.value));
    input.setAttribute("aria-valuetext", output.textContent);
    const share = (number) => `${(100 * (number - input.min)) / (input.max - input.min)}%`;
    const zero = Math.max(0, Number(input.min));
    input.style.setProperty("--low", share(Math.min(zero, input.value)));
    input.style.setProperty("--high", share(Math.max(zero, input.value)));
  };
  input.value = value;
  write();
  input.addEventListener("input", () => { write(); onInput(Number(input.value)); });
  const element = h(
    "div", { class: "slider" },
    h("label", { for: id }, label, note ? h("span", { class: "note" }, note) : null), input, output);
  Object.defineProperty(element, "value", {
    get: () => Number(input.value),
    set: (number) => {
      if (number < input.min) input.min = number;
      if (number > input.max) input.max = number;
      input.value = number;
      write();
    },
  });
  element.input = input;
  return element;
}

/** A list's options, those of a `group` under its name. */
function listed(options) {
  const groups = new Map();
  const result = [];
  for (const { value, label, group } of options) {
    const option = h("option", { value }, label);
    if (!group) { result.push(option); continue; }
    if (!groups.has(group)) {
      groups.set(group, h("optgroup", { label: group }));
      result.push(groups.get(group));
    }
    groups.get(group).append(option);
  }
  return result;
}

/**
 * A drop-down list with its label.
 * @param {{label: string, options: {value: string, label: string, group?: string}[], value: string,
 *   onChange: (value: string) => void}} given
 * @returns {HTMLElement & {value: string, select: HTMLSelectElement}}
 */
export function choice({ label, options, value, onChange = () => {}, hideLabel = false }) {
  const id = freshID("choice");
  const select = h("select", { id }, listed(options));
  if (value !== undefined) select.value = value;
  select.addEventListener("change", () => onChange(select.value));
  const element = h(
    "div", { class: "field" }, h("label", { for: id, class: hideLabel ? "unseen" : null }, label), select);
  Object.defineProperty(element, "value", { get: () => select.value, set: (text) => { select.value = text; } });
  element.select = select;
  return element;
}

/**
 * A few choices beside each other, of which one holds.
 * @returns {HTMLElement & {value: string}}
 */
export function segments({ label, options, value, onChange = () => {}, hideLabel = false }) {
  const name = freshID("segments");
  const inputs = options.map((option) =>
    h("input", {
      type: "radio", name, value: option.value, id: `${name}-${option.value}`, checked: option.value === value,
      onchange: () => onChange(option.value),
    }));
  const element = h(
    "fieldset", { class: "segments" }, h("legend", { class: hideLabel ? "unseen" : null }, label),
    h("div", {}, inputs.map((input, index) => [input, h("label", { for: input.id }, options[index].label)])));
  Object.defineProperty(element, "value", {
    get: () => inputs.find((input) => input.checked)?.value,
    set: (text) => inputs.forEach((input) => { input.checked = input.value === text; }),
  });
  return element;
}

/**
 * A field for a whole number or a text.
 * @returns {HTMLElement & {value: string, input: HTMLInputElement}}
 */
export function field({ label, type = "text", value = "", min, max, placeholder, onChange = () => {}, onEnter }) {
  const id = freshID("field");
  const input = h("input", { id, type, min, max, placeholder, value, autocomplete: "off" });
  input.addEventListener("change", () => onChange(input.value));
  if (onEnter) input.addEventListener("keydown", (event) => event.key === "Enter" && onEnter(input.value));
  const element = h("div", { class: "field" }, h("label", { for: id }, label), input);
  Object.defineProperty(element, "value", { get: () => input.value, set: (text) => { input.value = text; } });
  element.input = input;
  return element;
}

/** A sentence set apart; `kind` is `warning` or `error`; `action` a button that does something about it. */
export const notice = (text, { kind, action } = {}) =>
  h("div", { class: ["notice", kind].filter(Boolean).join(" "), role: kind === "error" ? "alert" : null }, h("p", {}, text), action);

/** What stands where something is on its way. */
export const loading = (text = "Loading…") => h("p", { class: "loading", role: "status" }, text);

/** Puts `children` in place of what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** How the page writes numbers and what it calls things. */

/** A number with so many decimals, with a true minus sign; a dash for what is none. */
export function fixed(value, decimals = 2) {
  if (!Number.isFinite(value)) return "–";
  const text = Math.abs(value).toFixed(decimals);
  return (value < 0 && Number(text) !== 0 ? "−" : "") + text;
}

/** Nats: two decimals, one from 100 on. */
export const nats = (value) => fixed(value, Math.abs(value) >= 100 ? 1 : 2);

/** A count with thin spaces between thousands, as the report writes them. */
export const count = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");

/** `1 row`, `12 rows`. */
export const counted = (value, one, many = one + "s") => `${count(value)} ${value === 1 ? one : many}`;

/** What a row is called: rows count from 0, as they do for `latent` and for other programs. */
export const rowName = (row) => `row ${count(row)}`;

/** What a latent is called: latents count from 1, as in the report. */
export const latentName = (index) => `latent ${index + 1}`;

/** A value of a table's column, with as many decimals as its range deserves. */
export function columnValue(column, value) {
  const range = column.maximum - column.minimum || Math.abs(column.mean) || 1;
  return fixed(value, Math.min(Math.max(2 - Math.floor(Math.log10(range)), 0), 6));
}

/** What the model makes: `picture`, or `row` for a table. */
export const thing = (card) => (card.kind === "table" ? "row" : "picture");

/** How much a latent is used: its divergence in nats, or how far its means vary where the divergence has no parts. */
const use = (card, index) => card.divergence[index] ?? card.spread[index];

/** The same in words. */
export const useWords = (card, index) =>
  (Number.isFinite(card.divergence[index]) && !card.pointPosterior ? `${nats(card.divergence[index])} nats` : `±${fixed(card.spread[index])}`);

/** Latents in the order of their use, the most used first. */
export const byUse = (card) =>
  Array.from({ length: card.latents }, (_, index) => index).sort((a, b) => use(card, b) - use(card, a) || a - b);

/** Why there are no rows to show, in the card's own words where it has some; null where there are rows. */
export function lackOfRows(card) {
  if (card.shownRows > 0) return null;
  return card.notes?.join(" ") || "The data of this run could not be read, so that there are no rows to show.";
}

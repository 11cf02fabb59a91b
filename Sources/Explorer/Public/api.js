/** Talks to the explorer's server. */

import { remember, remembered } from "./storage.js";

/** An answer that is none: its status (0 where nothing answered) and one sentence. */
export class APIError extends Error {
  constructor(status, message) {
    super(message);
    this.name = "APIError";
    this.status = status;
  }
}

const tokenKey = "latent.token";
let given = null;

/** Takes the token out of the address, so that it is in no bookmark and no picture of the screen. */
export function keepToken() {
  const address = new URL(location.href);
  const token = address.searchParams.get("token");
  if (!token) return;
  given = token;
  remember("sessionStorage", tokenKey, token);
  address.searchParams.delete("token");
  history.replaceState(null, "", address.pathname + address.search + address.hash);
}

const token = () => given ?? remembered("sessionStorage", tokenKey);

/** The address of the stream of events, with the token where there is one. */
export const eventsAddress = () => "/api/events" + (token() ? `?token=${encodeURIComponent(token())}` : "");

const attempts = 6;
let busyCount = 0;

/** Tells the frame how many requests wait because the model is busy. */
function setBusy(change) {
  busyCount += change;
  dispatchEvent(new CustomEvent("latent-busy", { detail: busyCount }));
}

const pause = (seconds, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal?.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
  });

async function request(address, options) {
  const headers = { ...(options.body ? { "Content-Type": "application/json" } : {}) };
  if (token()) headers.Authorization = `Bearer ${token()}`;
  let answer;
  try {
    answer = await fetch(address, { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new APIError(0, "The explorer does not answer; it may have ended. Start it again, then reload this page.");
  }
  if (answer.ok) return answer.json();
  const { error } = await answer.json().catch(() => ({}));
  const failure = new APIError(answer.status, error ?? `The explorer answered with status ${answer.status}.`);
  failure.retryAfter = Number(answer.headers.get("Retry-After")) || 1;
  throw failure;
}

/** Asks again for as long as the model is busy, a few times. */
async function patiently(address, options) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request(address, options);
    } catch (error) {
      if (error.status !== 503 || attempt === attempts) throw error;
      setBusy(1);
      try {
        await pause(Math.min(error.retryAfter, 5) * (0.6 + 0.8 * Math.random()), options.signal);
      } finally {
        setBusy(-1);
      }
    }
  }
}

/** Requests below one address; a path that begins with `/` is taken as it stands. */
class API {
  constructor(prefix) {
    this.prefix = prefix;
  }

  /** The requests of a run: `api.of(0).get("map")`. */
  of(run) {
    return new API(`/api/runs/${run}/`);
  }

  address(path) {
    return path.startsWith("/") ? path : (this.prefix + path).replace(/\/$/, "");
  }

  /** @returns {Promise<any>} the parsed answer; rejects with an `APIError` */
  get(path = "", { signal } = {}) {
    return patiently(this.address(path), { signal });
  }

  /** @returns {Promise<any>} the parsed answer; rejects with an `APIError` */
  post(path, body, { signal } = {}) {
    return patiently(this.address(path), { method: "POST", body: JSON.stringify(body), signal });
  }
}

/** The server's own requests; a view's `context.api` has those of its run. */
export const api = new API("/api/");

/**
 * Lets only the newest call through: one runs, the newest of those that came meanwhile waits, those between are dropped.
 * @param {(...arguments) => Promise<void>} fn
 * @param {(error: Error) => void} [onError] told of what fails, apart from what was ended on purpose
 * @returns {((...arguments) => void) & {cancel(): void, idle(): Promise<void>}}
 */
export function newest(fn, onError = () => {}) {
  let running = null;
  let waiting = null;
  const run = async () => {
    while (waiting) {
      const given = waiting;
      waiting = null;
      try {
        await fn(...given);
      } catch (error) {
        if (error.name !== "AbortError") onError(error);
      }
    }
    running = null;
  };
  const call = (...given) => {
    waiting = given;
    running ??= run();
  };
  call.cancel = () => { waiting = null; };
  call.idle = () => running ?? Promise.resolve();
  return call;
}

/** The bytes that base64 text stands for. */
export function bytes(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const result = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) result[index] = text.charCodeAt(index);
  return result;
}

/** The numbers that base64 of little-endian float32 stands for. */
export const floats = (base64) => new Float32Array(bytes(base64).buffer);

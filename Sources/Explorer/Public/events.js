/** Listens to a training that goes on: what the server sends is passed on, and a line that breaks is taken up again. */

const firstWait = 1000;
const longestWait = 10_000;

/**
 * Connects to the events of a training and stays connected until it has ended.
 *
 * A browser takes up a broken line by itself, saying what it has heard last; only where the server refuses does it give up, and then it is asked
 * anew after a pause that grows from one second to ten.
 *
 * @param {string} address Where the events come from.
 * @param {Object<string, function(object): void>} handlers What to do with each kind of event.
 * @param {function("live" | "reconnecting" | "ended"): void} onState Called whenever the state changes.
 * @returns {{close(): void}} Ends listening.
 */
export function listen(address, handlers, onState) {
  let [source, wait, timer, state] = [null, firstWait, 0, ""];
  const change = (next) => {
    if (next !== state) onState((state = next));
  };
  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  const open = () => {
    source = new EventSource(address);
    source.onopen = () => {
      wait = firstWait;
      change("live");
    };
    source.onerror = () => {
      if (!source) return;
      change("reconnecting");
      if (source.readyState !== EventSource.CLOSED) return;
      close();
      timer = setTimeout(open, wait);
      wait = Math.min(longestWait, 2 * wait);
    };
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => {
        const content = JSON.parse(event.data);
        if (name === "ended") {
          close();
          change("ended");
        }
        handle(content);
      });
    }
  };
  open();
  return { close };
}

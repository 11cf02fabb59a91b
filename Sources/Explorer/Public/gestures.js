/** Pointers, wheel and keys on a canvas, as what they mean: a tap, a drag, moving and zooming. */

const tapRadius = 5;

/**
 * Listens on an element; positions are pixels from its upper left corner.
 *
 * One pointer drags (or taps, where it hardly moved); two move and zoom; the wheel zooms.
 *
 * @param {HTMLElement} element
 * @param {{onTap?: Function, onDragStart?: Function, onDrag?: Function, onDragEnd?: Function, onHover?: Function,
 *   onLeave?: Function, onMove: (right: number, down: number) => void, onZoom: (factor: number, left: number, top: number) => void}} handlers
 */
export function listen(element, handlers) {
  const pointers = new Map();
  let start = null;
  let isDrag = false;
  let last = null;
  const at = (event) => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const pair = () => {
    const [[ax, ay], [bx, by]] = [...pointers.values()];
    return { middle: [(ax + bx) / 2, (ay + by) / 2], distance: Math.hypot(ax - bx, ay - by) };
  };
  element.style.touchAction = "none";
  element.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    element.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, at(event));
    if (pointers.size === 1) {
      start = at(event);
      isDrag = false;
    } else if (pointers.size === 2) {
      if (isDrag) handlers.onDragEnd?.(null);
      start = null;
      isDrag = false;
      last = pair();
    }
  });
  element.addEventListener("pointermove", (event) => {
    const position = at(event);
    if (!pointers.has(event.pointerId)) return handlers.onHover?.(position, event);
    pointers.set(event.pointerId, position);
    if (pointers.size === 2) {
      const now = pair();
      handlers.onMove(now.middle[0] - last.middle[0], now.middle[1] - last.middle[1]);
      if (last.distance > 0) handlers.onZoom(now.distance / last.distance, ...now.middle);
      last = now;
    } else if (start) {
      if (!isDrag && Math.hypot(position[0] - start[0], position[1] - start[1]) > tapRadius) {
        isDrag = true;
        last = start;
        handlers.onDragStart?.(start, event);
      }
      if (isDrag) {
        handlers.onDrag?.(position, [position[0] - last[0], position[1] - last[1]], event);
        last = position;
      }
    }
  });
  const end = (event) => {
    if (!pointers.delete(event.pointerId)) return;
    if (start && event.type === "pointerup") {
      if (isDrag) handlers.onDragEnd?.(at(event), event);
      else handlers.onTap?.(at(event), event);
    } else if (isDrag) {
      handlers.onDragEnd?.(null, event);
    }
    start = null;
    isDrag = false;
  };
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);
  element.addEventListener("pointerleave", () => pointers.size || handlers.onLeave?.());
  element.addEventListener("wheel", (event) => {
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 18 : 1;
    handlers.onZoom(Math.exp(-event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.0016)), ...at(event));
  }, { passive: false });
}

/** Calls `draw` once before the next frame, however often it is asked for. */
export function onceAFrame(draw) {
  let pending = 0;
  const ask = () => {
    pending ||= requestAnimationFrame(() => {
      pending = 0;
      draw();
    });
  };
  ask.cancel = () => {
    cancelAnimationFrame(pending);
    pending = 0;
  };
  return ask;
}

export const id = "map";
export const title = "Map";
export const about = "On its way.";
export function mount() { return { unmount() {} }; }

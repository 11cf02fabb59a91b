export const id = "manifold";
export const title = "Manifold";
export const about = "On its way.";
export function mount() { return { unmount() {} }; }

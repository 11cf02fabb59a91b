export const id = "sliders";
export const title = "Sliders";
export const about = "On its way.";
export function mount() { return { unmount() {} }; }

/** The list of views, in the order of their tabs: each module has `id`, `title`, `about` and `mount(container, context)`. */

import * as map from "./views/map.js";
import * as sliders from "./views/sliders.js";
import * as manifold from "./views/manifold.js";

export const views = [map, sliders, manifold];

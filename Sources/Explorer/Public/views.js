/** The list of views, in the order of their tabs: each module has `id`, `title`, `about` and `mount(container, context)`. */

import * as map from "./views/map.js";
import * as sliders from "./views/sliders.js";
import * as manifold from "./views/manifold.js";
import * as morph from "./views/morph.js";
import * as fill from "./views/fill.js";
import * as edit from "./views/edit.js";
import * as judge from "./views/judge.js";
import * as training from "./views/training.js";

export const views = [map, sliders, manifold, morph, fill, edit, judge, training];

#include "CExplorerAssets.h"

// Each file: its bytes here, and a line in the table below.
static const unsigned char api_js[] = {
#embed "../Explorer/Public/api.js"
};
static const unsigned char app_js[] = {
#embed "../Explorer/Public/app.js"
};
static const unsigned char attributes_js[] = {
#embed "../Explorer/Public/attributes.js"
};
static const unsigned char bars_js[] = {
#embed "../Explorer/Public/bars.js"
};
static const unsigned char charts_css[] = {
#embed "../Explorer/Public/charts.css"
};
static const unsigned char charts_js[] = {
#embed "../Explorer/Public/charts.js"
};
static const unsigned char comparison_js[] = {
#embed "../Explorer/Public/comparison.js"
};
static const unsigned char completing_js[] = {
#embed "../Explorer/Public/completing.js"
};
static const unsigned char curves_js[] = {
#embed "../Explorer/Public/curves.js"
};
static const unsigned char dom_js[] = {
#embed "../Explorer/Public/dom.js"
};
static const unsigned char events_js[] = {
#embed "../Explorer/Public/events.js"
};
static const unsigned char fill_picture_js[] = {
#embed "../Explorer/Public/fill-picture.js"
};
static const unsigned char fill_table_js[] = {
#embed "../Explorer/Public/fill-table.js"
};
static const unsigned char findings_js[] = {
#embed "../Explorer/Public/findings.js"
};
static const unsigned char gestures_js[] = {
#embed "../Explorer/Public/gestures.js"
};
static const unsigned char gif_js[] = {
#embed "../Explorer/Public/gif.js"
};
static const unsigned char icon_svg[] = {
#embed "../Explorer/Public/icon.svg"
};
static const unsigned char index_html[] = {
#embed "../Explorer/Public/index.html"
};
static const unsigned char latent_bars_js[] = {
#embed "../Explorer/Public/latent-bars.js"
};
static const unsigned char live_training_js[] = {
#embed "../Explorer/Public/live-training.js"
};
static const unsigned char mask_js[] = {
#embed "../Explorer/Public/mask.js"
};
static const unsigned char measures_js[] = {
#embed "../Explorer/Public/measures.js"
};
static const unsigned char movie_js[] = {
#embed "../Explorer/Public/movie.js"
};
static const unsigned char normal_js[] = {
#embed "../Explorer/Public/normal.js"
};
static const unsigned char numbers_js[] = {
#embed "../Explorer/Public/numbers.js"
};
static const unsigned char observations_js[] = {
#embed "../Explorer/Public/observations.js"
};
static const unsigned char openapi_json[] = {
#embed "../Explorer/Public/openapi.json"
};
static const unsigned char painter_js[] = {
#embed "../Explorer/Public/painter.js"
};
static const unsigned char palette_js[] = {
#embed "../Explorer/Public/palette.js"
};
static const unsigned char points_js[] = {
#embed "../Explorer/Public/points.js"
};
static const unsigned char prose_js[] = {
#embed "../Explorer/Public/prose.js"
};
static const unsigned char row_picker_js[] = {
#embed "../Explorer/Public/row-picker.js"
};
static const unsigned char row_scores_js[] = {
#embed "../Explorer/Public/row-scores.js"
};
static const unsigned char series_js[] = {
#embed "../Explorer/Public/series.js"
};
static const unsigned char storage_js[] = {
#embed "../Explorer/Public/storage.js"
};
static const unsigned char style_css[] = {
#embed "../Explorer/Public/style.css"
};
static const unsigned char theme_js[] = {
#embed "../Explorer/Public/theme.js"
};
static const unsigned char training_pictures_js[] = {
#embed "../Explorer/Public/training-pictures.js"
};
static const unsigned char viewport_js[] = {
#embed "../Explorer/Public/viewport.js"
};
static const unsigned char views_tasks_css[] = {
#embed "../Explorer/Public/views-tasks.css"
};
static const unsigned char views_css[] = {
#embed "../Explorer/Public/views.css"
};
static const unsigned char views_js[] = {
#embed "../Explorer/Public/views.js"
};
static const unsigned char views_edit_js[] = {
#embed "../Explorer/Public/views/edit.js"
};
static const unsigned char views_fill_js[] = {
#embed "../Explorer/Public/views/fill.js"
};
static const unsigned char views_judge_js[] = {
#embed "../Explorer/Public/views/judge.js"
};
static const unsigned char views_manifold_layers_js[] = {
#embed "../Explorer/Public/views/manifold-layers.js"
};
static const unsigned char views_manifold_lattice_js[] = {
#embed "../Explorer/Public/views/manifold-lattice.js"
};
static const unsigned char views_manifold_plot_js[] = {
#embed "../Explorer/Public/views/manifold-plot.js"
};
static const unsigned char views_manifold_js[] = {
#embed "../Explorer/Public/views/manifold.js"
};
static const unsigned char views_map_axes_js[] = {
#embed "../Explorer/Public/views/map-axes.js"
};
static const unsigned char views_map_colours_js[] = {
#embed "../Explorer/Public/views/map-colours.js"
};
static const unsigned char views_map_groups_js[] = {
#embed "../Explorer/Public/views/map-groups.js"
};
static const unsigned char views_map_layers_js[] = {
#embed "../Explorer/Public/views/map-layers.js"
};
static const unsigned char views_map_plot_js[] = {
#embed "../Explorer/Public/views/map-plot.js"
};
static const unsigned char views_map_scores_js[] = {
#embed "../Explorer/Public/views/map-scores.js"
};
static const unsigned char views_map_side_js[] = {
#embed "../Explorer/Public/views/map-side.js"
};
static const unsigned char views_map_js[] = {
#embed "../Explorer/Public/views/map.js"
};
static const unsigned char views_morph_js[] = {
#embed "../Explorer/Public/views/morph.js"
};
static const unsigned char views_sliders_js[] = {
#embed "../Explorer/Public/views/sliders.js"
};
static const unsigned char views_training_js[] = {
#embed "../Explorer/Public/views/training.js"
};
static const unsigned char words_js[] = {
#embed "../Explorer/Public/words.js"
};

#define FILE(name, bytes) {name, bytes, sizeof bytes}

static const ct_public_file files[] = {
    FILE("api.js", api_js),
    FILE("app.js", app_js),
    FILE("attributes.js", attributes_js),
    FILE("bars.js", bars_js),
    FILE("charts.css", charts_css),
    FILE("charts.js", charts_js),
    FILE("comparison.js", comparison_js),
    FILE("completing.js", completing_js),
    FILE("curves.js", curves_js),
    FILE("dom.js", dom_js),
    FILE("events.js", events_js),
    FILE("fill-picture.js", fill_picture_js),
    FILE("fill-table.js", fill_table_js),
    FILE("findings.js", findings_js),
    FILE("gestures.js", gestures_js),
    FILE("gif.js", gif_js),
    FILE("icon.svg", icon_svg),
    FILE("index.html", index_html),
    FILE("latent-bars.js", latent_bars_js),
    FILE("live-training.js", live_training_js),
    FILE("mask.js", mask_js),
    FILE("measures.js", measures_js),
    FILE("movie.js", movie_js),
    FILE("normal.js", normal_js),
    FILE("numbers.js", numbers_js),
    FILE("observations.js", observations_js),
    FILE("openapi.json", openapi_json),
    FILE("painter.js", painter_js),
    FILE("palette.js", palette_js),
    FILE("points.js", points_js),
    FILE("prose.js", prose_js),
    FILE("row-picker.js", row_picker_js),
    FILE("row-scores.js", row_scores_js),
    FILE("series.js", series_js),
    FILE("storage.js", storage_js),
    FILE("style.css", style_css),
    FILE("theme.js", theme_js),
    FILE("training-pictures.js", training_pictures_js),
    FILE("viewport.js", viewport_js),
    FILE("views-tasks.css", views_tasks_css),
    FILE("views.css", views_css),
    FILE("views.js", views_js),
    FILE("views/edit.js", views_edit_js),
    FILE("views/fill.js", views_fill_js),
    FILE("views/judge.js", views_judge_js),
    FILE("views/manifold-layers.js", views_manifold_layers_js),
    FILE("views/manifold-lattice.js", views_manifold_lattice_js),
    FILE("views/manifold-plot.js", views_manifold_plot_js),
    FILE("views/manifold.js", views_manifold_js),
    FILE("views/map-axes.js", views_map_axes_js),
    FILE("views/map-colours.js", views_map_colours_js),
    FILE("views/map-groups.js", views_map_groups_js),
    FILE("views/map-layers.js", views_map_layers_js),
    FILE("views/map-plot.js", views_map_plot_js),
    FILE("views/map-scores.js", views_map_scores_js),
    FILE("views/map-side.js", views_map_side_js),
    FILE("views/map.js", views_map_js),
    FILE("views/morph.js", views_morph_js),
    FILE("views/sliders.js", views_sliders_js),
    FILE("views/training.js", views_training_js),
    FILE("words.js", words_js),
};

ct_public_file ct_public_file_at(long index) {
  if (index < 0 || index >= (long)(sizeof files / sizeof files[0])) return (ct_public_file){0};
  return files[index];
}

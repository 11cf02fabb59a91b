#pragma once
#include "Layers.h"

namespace ct::layers {

/// The pass of a batch through layers.
///
/// Products are of weights by panels of rows turned round, in each of which a column's numbers are neighbours: weights are taken as they are.
/// What is done to a tile of a product (bias, activation, turning round) is done while the tile is in the core's own cache.
class Forward {
public:
  /// Keeps in the layers what the pass backward takes, if it is `kept`.
  Forward(const at::Tensor &x, std::vector<Layer> &layers, const Share &share, bool is_kept)
      : x(x), layers(layers), share(share), is_kept(is_kept), rows(x.size(0)),
        keeps_panels(is_kept && share.sums_by_rows) {
    for (auto &layer : layers) {
      layer.forward = layer.backward = layer.weight;
      widest = std::max(widest, layer.inputs());
      if (!is_kept) continue;
      auto is_given = share.parts == 1 && &layer == &layers[0];
      layer.input = is_given ? x : at::empty({rows, keeps_panels ? layer.inputs() : padded(layer.inputs())}, options_of<float>());
    }
    y = at::empty({rows, layers.back().outputs()}, options_of<float>());
  }

  at::Tensor run() {
    share.is_by_rows ? run_by_rows() : run_by_layers();
    return y;
  }

private:
  /// Rows of a panel where all threads take all rows.
  static constexpr int64_t panel = 64;

  const at::Tensor &x;
  std::vector<Layer> &layers;
  const Share &share;
  bool is_kept;
  int64_t rows, widest = 0;
  /// Whether layers keep their inputs in panels.
  bool keeps_panels;
  at::Tensor y;

  void run_by_rows() {
    multiply<float>(share.parts, [&](int64_t part) {
      share.each(part, [&](int64_t left, int64_t right) {
        auto halves = Halves<float>::own(left, widest);
        Share::blocks(0, x.size(1), [&](int64_t top, int64_t bottom) { turn(halves, {top, bottom, left, right}); });
        for (size_t i = 0; i < layers.size(); ++i) {
          Share::blocks(0, layers[i].outputs(), [&](int64_t top, int64_t bottom) { tile(i, halves, {top, bottom, left, right}); });
        }
      });
    });
  }

  void run_by_layers() {
    auto halves = Halves<float>::shared(rows, widest);
    // By panels first, so that a thread turns the rows that it has gathered.
    auto panels = whole(rows, panel), across = whole(x.size(1), Tiling::most), count = panels * across;
    on_threads(share.parts, [&](int64_t part) {
      for (auto block = count * part / share.parts; block < count * (part + 1) / share.parts; ++block) {
        auto left = block / across * panel, top = block % across * Tiling::most;
        turn(halves, {top, std::min(x.size(1), top + Tiling::most), left, std::min(rows, left + panel)});
      }
    });
    for (size_t i = 0; i < layers.size(); ++i) {
      Tiling tiling(layers[i].outputs(), rows, share.parts, panel);
      multiply<float>(share.parts, [&](int64_t part) {
        tiling.each(part, [&](const Rectangle &r) { tile(i, halves, r); });
      });
    }
  }

  /// The panel of a layer's input whose rows are the columns of a rectangle.
  float *panel_of_input(size_t layer, const Halves<float> &halves, const Rectangle &r) const {
    return keeps_panels ? layers[layer].panel(r.left) : halves.row(layer, r.left);
  }

  /// Where what a layer keeps of a row of its input goes from a number on.
  float *kept(size_t layer, int64_t row, int64_t number) const {
    return layers[layer].input.data_ptr<float>() + row * layers[layer].input_stride() + number;
  }

  /// Turns some of the batch round: the columns `top` to `bottom` of the rows `left` to `right`.
  void turn(const Halves<float> &halves, const Rectangle &r) const {
    auto columns = x.size(1), height = r.height(), width = r.width();
    auto from = x.const_data_ptr<float>() + r.left * columns + r.top;
    auto to = panel_of_input(0, halves, r) + r.top * width;
    kernels::transpose(from, columns, to, width, width, height);
    if (!is_kept || keeps_panels || layers[0].input.is_same(x)) return;
    for (int64_t row = 0; row < width; ++row) kernels::put(from + row * columns, kept(0, r.left + row, r.top), height, share.writing);
  }

  /// activation(x wᵀ + b): the outputs `top` to `bottom` of the panel of rows `left` to `right`.
  void tile(size_t i, const Halves<float> &halves, const Rectangle &r) const {
    const auto &layer = layers[i];
    auto inputs = layer.inputs(), outputs = layer.outputs(), height = r.height(), width = r.width();
    auto is_last = i + 1 == layers.size();
    Tile<float> own;
    auto *to = is_last ? own.numbers : panel_of_input(i + 1, halves, r) + r.top * width;
    auto w = layer.forward.const_data_ptr<float>() + r.top * inputs;
    product(height, width, inputs, w, inputs, panel_of_input(i, halves, r), width, to, width);
    kernels::activate(slope(layer.activation), to, layer.bias.const_data_ptr<float>() + r.top, height, width);
    if (is_last) {
      kernels::transpose(to, width, y.data_ptr<float>() + r.left * outputs + r.top, outputs, height, width);
    } else if (is_kept && !keeps_panels) {
      kernels::transpose(to, width, kept(i + 1, r.left, r.top), layers[i + 1].input_stride(), height, width, share.writing);
    }
  }
};

} // namespace ct::layers

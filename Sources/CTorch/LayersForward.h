#pragma once
#include "Layers.h"

namespace ct::layers {

/// The pass of a batch through layers.
///
/// Second factors of the products are panels of rows turned round, in each of which a column's numbers are neighbours. What is done to a tile
/// of a product (bias, activation, turning round) is done while the tile is in the core's own cache.
template <typename Element> class Forward {
public:
  /// Keeps in the layers what the pass backward takes, if it is `kept`.
  Forward(const at::Tensor &x, std::vector<Layer> &layers, const Share &share, bool is_kept)
      : x(x), layers(layers), share(share), is_kept(is_kept), rows(x.size(0)),
        keeps_panels(is_kept && share.sums_by_rows) {
    round_weights();
    for (auto &layer : layers) {
      widest = std::max(widest, layer.inputs());
      if (!is_kept) continue;
      auto is_given = !is_narrow<Element> && share.parts == 1 && &layer == &layers[0];
      layer.input = is_given ? x : at::empty({rows, keeps_panels ? layer.inputs() : padded(layer.inputs())}, options_of<Element>());
    }
    if (!keeps_panels) {
      for (auto &half : memory) half = at::empty({rows * widest}, options_of<Element>());
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
  /// The input of a layer and of the next one, in panels, by turns, where they are not kept.
  at::Tensor memory[2];
  at::Tensor y;

  void run_by_rows() {
    multiply<Element>(share.parts, [&](int64_t part) {
      share.each(part, [&](int64_t left, int64_t right) {
        Share::blocks(0, x.size(1), [&](int64_t top, int64_t bottom) { turn({top, bottom, left, right}); });
        for (size_t i = 0; i < layers.size(); ++i) {
          Share::blocks(0, layers[i].outputs(), [&](int64_t top, int64_t bottom) { tile(i, {top, bottom, left, right}); });
        }
      });
    });
  }

  void run_by_layers() {
    // By panels first, so that a thread turns the rows that it has gathered.
    auto panels = whole(rows, panel), across = whole(x.size(1), Tiling::most), count = panels * across;
    on_threads(share.parts, [&](int64_t part) {
      for (auto block = count * part / share.parts; block < count * (part + 1) / share.parts; ++block) {
        auto left = block / across * panel, top = block % across * Tiling::most;
        turn({top, std::min(x.size(1), top + Tiling::most), left, std::min(rows, left + panel)});
      }
    });
    for (size_t i = 0; i < layers.size(); ++i) {
      Tiling tiling(layers[i].outputs(), rows, share.parts, panel);
      multiply<Element>(share.parts, [&](int64_t part) {
        tiling.each(part, [&](const Rectangle &r) { tile(i, r); });
      });
    }
  }

  /// The panel of a layer's input whose rows are the columns of a rectangle.
  Element *panel_of_input(size_t layer, const Rectangle &r) const {
    return keeps_panels ? layers[layer].template panel<Element>(r.left) : memory[layer % 2].data_ptr<Element>() + r.left * widest;
  }

  /// Where what a layer keeps of a row of its input goes from a number on.
  Element *kept(size_t layer, int64_t row, int64_t number) const {
    return layers[layer].input.template data_ptr<Element>() + row * layers[layer].input_stride() + number;
  }

  /// Turns some of the batch round: the columns `top` to `bottom` of the rows `left` to `right`.
  void turn(const Rectangle &r) const {
    auto columns = x.size(1), height = r.height(), width = r.width();
    auto from = x.const_data_ptr<float>() + r.left * columns + r.top;
    auto to = panel_of_input(0, r) + r.top * width;
    if constexpr (is_narrow<Element>) {
      Tile<uint16_t> own;
      for (int64_t row = 0; row < width; ++row) kernels::narrow(from + row * columns, own.numbers + row * height, height);
      kernels::transpose(pairs(own.numbers), height / 2, pairs(bits(to)), width, width, height / 2);
      if (!is_kept) return;
      kernels::pair_rows(from, columns, own.numbers, height, width, height);
      for (int64_t row = 0; row < width; row += 2) {
        kernels::put(own.numbers + row * height, bits(kept(0, r.left + row, 2 * r.top)), 2 * height, share.writing);
      }
    } else {
      kernels::transpose(from, columns, to, width, width, height);
      if (!is_kept || keeps_panels || layers[0].input.is_same(x)) return;
      for (int64_t row = 0; row < width; ++row) {
        kernels::put(from + row * columns, kept(0, r.left + row, r.top), height, share.writing);
      }
    }
  }

  /// activation(x wᵀ + b): the outputs `top` to `bottom` of the panel of rows `left` to `right`.
  void tile(size_t i, const Rectangle &r) const {
    const auto &layer = layers[i];
    auto inputs = layer.inputs(), outputs = layer.outputs(), height = r.height(), width = r.width();
    auto is_last = i + 1 == layers.size();
    Tile<float> own;
    auto *to = own.numbers;
    if constexpr (!is_narrow<Element>) to = is_last ? own.numbers : panel_of_input(i + 1, r) + r.top * width;
    auto w = layer.forward.template const_data_ptr<Element>() + r.top * inputs;
    product(height, width, inputs, w, inputs, panel_of_input(i, r), width, to, width);
    r.strips(strip_height<Element>, [&](const Rectangle &strip) { finish(i, to + (strip.top - r.top) * width, strip); });
  }

  /// From the product for some outputs of a panel of rows to what is next done with them.
  void finish(size_t i, float *numbers, const Rectangle &r) const {
    const auto &layer = layers[i];
    auto outputs = layer.outputs(), height = r.height(), width = r.width();
    kernels::activate(slope(layer.activation), numbers, layer.bias.template const_data_ptr<float>() + r.top, height, width);
    if (i + 1 == layers.size()) {
      kernels::transpose(numbers, width, y.data_ptr<float>() + r.left * outputs + r.top, outputs, height, width);
      return;
    }
    auto stride = is_kept ? layers[i + 1].input_stride() : 0;
    if constexpr (is_narrow<Element>) {
      kernels::pair_rows(numbers, width, bits(panel_of_input(i + 1, r) + r.top * width), width, height, width);
      if (!is_kept) return;
      uint16_t narrowed[strip_height<Element> * Tiling::most];
      kernels::narrow(numbers, narrowed, height * width);
      kernels::transpose(pairs(narrowed), width / 2, pairs(bits(kept(i + 1, r.left, 2 * r.top))), stride, height, width / 2,
                         share.writing);
    } else if (is_kept && !keeps_panels) {
      kernels::transpose(numbers, width, kept(i + 1, r.left, r.top), stride, height, width, share.writing);
    }
  }

  /// Rounds the weights, where products take narrow ones and none have been kept.
  void round_weights() const {
    std::vector<Layer *> wide;
    for (auto &layer : layers) {
      auto kept = is_narrow<Element> ? kept_narrow(layer.weight) : NarrowWeights{layer.weight, layer.weight};
      if (!kept.is_defined()) {
        wide.push_back(&layer);
        kept = {at::empty_like(layer.weight, options_of<Element>()), is_kept ? at::empty_like(layer.weight, options_of<Element>()) : at::Tensor()};
      }
      std::tie(layer.forward, layer.backward) = std::tie(kept.forward, kept.backward);
    }
    if constexpr (is_narrow<Element>) {
      if (wide.empty()) return;
      on_threads(share.parts, [&](int64_t part) {
        for (const auto *of : wide) {
          const auto &layer = *of;
          auto columns = layer.inputs(), pairs = layer.outputs() / 2;
          auto first = 2 * (pairs * part / share.parts), count = 2 * (pairs * (part + 1) / share.parts) - first;
          auto from = layer.weight.template const_data_ptr<float>() + first * columns;
          auto forward = bits(layer.forward.template data_ptr<Element>()) + first * columns;
          if (is_kept) {
            kernels::narrow_and_pair(from, forward, bits(layer.backward.template data_ptr<Element>()) + first * columns, count, columns);
          } else {
            kernels::narrow(from, forward, count * columns);
          }
        }
      });
    }
  }
};

} // namespace ct::layers

#pragma once
#include "Layers.h"

namespace ct::layers {

/// The pass of a gradient back through layers.
///
/// First the gradients before each layer's activation, from the last layer to the first; then, of all layers, those in weights and biases.
template <typename Element> class Backward {
public:
  /// From the gradient in what the layers gave, and that itself where the last one has an activation.
  Backward(const at::Tensor &gradient, const at::Tensor &y, const std::vector<Layer> &layers, const Share &share, bool needs_input)
      : gradient(gradient), y(y), layers(layers), share(share), needs_input(needs_input), rows(gradient.size(0)),
        turned_stride(padded(rows)) {
    for (const auto &layer : layers) {
      widest = std::max(widest, layer.outputs());
      if (share.sums_by_rows) {
        sums.push_back(at::empty({share.parts, (layer.inputs() + 1) * layer.outputs()}, options_of<float>()));
      } else {
        transposed.push_back(at::empty({layer.outputs(), turned_stride}, options_of<Element>()));
      }
      weights.push_back(at::empty_like(layer.weight));
      biases.push_back(at::empty_like(layer.bias));
    }
    if (needs_input) input = at::empty({rows, layers[0].inputs()}, options_of<float>());
    widest = padded(widest);
    for (auto &half : memory) half = at::empty({rows * widest}, options_of<Element>());
  }

  void run() {
    share.is_by_rows ? run_by_rows() : run_by_layers();
    // Made here, as each thread has a number of threads of its own.
    std::vector<Tiling> tilings;
    for (const auto &layer : layers) tilings.emplace_back(layer.outputs(), layer.inputs());
    multiply<Element>(share.parts, [&](int64_t part) {
      for (size_t i = 0; i < layers.size(); ++i) {
        tilings[i].each(part, share.parts, [&](int64_t top, int64_t bottom, int64_t left, int64_t right) {
          share.sums_by_rows ? add(i, top, bottom, left, right) : weigh(i, top, bottom, left, right);
        });
      }
    });
  }

  /// The gradients that were looked for; that in the input only where it was asked for.
  std::vector<at::Tensor> weights, biases;
  at::Tensor input;

private:
  const at::Tensor &gradient, &y;
  const std::vector<Layer> &layers;
  const Share &share;
  bool needs_input;
  int64_t rows, turned_stride, widest = 0;
  /// The gradient before a layer's activation, and before the one below, by turns; rows are `widest` numbers apart.
  at::Tensor memory[2];
  /// The same turned round, of every layer: of each output all rows, `turned_stride` numbers from one output to the next.
  std::vector<at::Tensor> transposed;
  /// Of every layer each thread's sums over its rows: the gradient in the weights, `[inputs, outputs]`, and behind it that in the biases.
  std::vector<at::Tensor> sums;

  void run_by_rows() {
    multiply<Element>(share.parts, [&](int64_t part) {
      auto is_first = true;
      share.each(part, [&](int64_t top, int64_t bottom) {
        Share::blocks(0, layers.back().outputs(), [&](int64_t left, int64_t right) { begin(top, bottom, left, right); });
        for (auto i = layers.size(); i-- > 0;) {
          if constexpr (!is_narrow<Element>) {
            if (share.sums_by_rows) sum(i, part, top, bottom, is_first);
          }
          if (i == 0 && !needs_input) continue;
          Share::blocks(0, layers[i].inputs(), [&](int64_t left, int64_t right) { pass(i, top, bottom, left, right); });
        }
        is_first = false;
      });
    });
  }

  void run_by_layers() {
    Tiling tiling(rows, layers.back().outputs());
    on_threads(share.parts, [&](int64_t part) {
      tiling.each(part, share.parts, [&](int64_t top, int64_t bottom, int64_t left, int64_t right) { begin(top, bottom, left, right); });
    });
    for (auto i = layers.size(); i-- > (needs_input ? 0 : 1);) {
      Tiling tiling(rows, layers[i].inputs());
      multiply<Element>(share.parts, [&](int64_t part) {
        tiling.each(part, share.parts, [&](int64_t top, int64_t bottom, int64_t left, int64_t right) { pass(i, top, bottom, left, right); });
      });
    }
  }

  /// Whether the gradient that came is what the last layer's products take.
  bool is_given(size_t i) const {
    return !is_narrow<Element> && i + 1 == layers.size() && layers[i].activation == ct_activation_none;
  }
  int64_t stride(size_t i) const { return is_given(i) ? layers[i].outputs() : widest; }
  Element *before(size_t i) const { return static_cast<Element *>((is_given(i) ? gradient : memory[i % 2]).data_ptr()); }

  /// The gradient before the last activation: rows `top` to `bottom` of the outputs `left` to `right`.
  void begin(int64_t top, int64_t bottom, int64_t left, int64_t right) const {
    auto last = layers.size() - 1;
    auto outputs = layers[last].outputs(), height = bottom - top, width = right - left, corner = top * outputs + left;
    auto from = gradient.const_data_ptr<float>() + corner;
    if constexpr (!is_narrow<Element>) {
      if (is_given(last)) {
        if (share.sums_by_rows) return;
        kernels::transpose(from, outputs, transposed[last].template data_ptr<float>() + left * turned_stride + top,
                           turned_stride, height, width);
        return;
      }
    }
    Tile<float> own;
    for (int64_t r = 0; r < height; ++r) std::copy_n(from + r * outputs, width, own.numbers + r * width);
    if (y.defined()) {
      kernels::times_slope(slope(layers[last].activation), own.numbers, width, y.const_data_ptr<float>() + corner, outputs, height, width);
    }
    keep(last, own.numbers, width, top, bottom, left, right);
  }

  /// From the gradient before a layer's activation to that before the one below, or, of the first layer, that in the input: rows `top` to
  /// `bottom` of the inputs `left` to `right`.
  void pass(size_t i, int64_t top, int64_t bottom, int64_t left, int64_t right) const {
    const auto &layer = layers[i];
    auto inputs = layer.inputs(), outputs = layer.outputs(), height = bottom - top, width = right - left;
    auto g = before(i) + top * stride(i);
    auto w = layer.backward.template const_data_ptr<Element>() + left * (is_narrow<Element> ? 2 : 1);
    if (i == 0) {
      product(height, width, outputs, g, stride(i), w, inputs, input.data_ptr<float>() + top * inputs + left, inputs);
      return;
    }
    Tile<float> own;
    product(height, width, outputs, g, stride(i), w, inputs, own.numbers, width);
    auto activation = slope(layers[i - 1].activation);
    if constexpr (!is_narrow<Element>) {
      if (share.sums_by_rows) {
        Tile<float> turned;
        kernels::transpose(panel_of<float>(layer, top) + left * height, height, turned.numbers, width, width, height);
        kernels::times_slope(activation, own.numbers, width, turned.numbers, width, height, width);
        keep(i - 1, own.numbers, width, top, bottom, left, right);
        return;
      }
    }
    auto below = layer.input.template const_data_ptr<Element>() + top * layer.input_stride();
    if constexpr (is_narrow<Element>) {
      Tile<float> wide;
      kernels::unpair_rows(bits(below) + 2 * left, layer.input_stride(), wide.numbers, height, width);
      kernels::times_slope(activation, own.numbers, width, wide.numbers, width, height, width);
    } else {
      kernels::times_slope(activation, own.numbers, width, below + left, layer.input_stride(), height, width);
    }
    keep(i - 1, own.numbers, width, top, bottom, left, right);
  }

  /// Puts a tile of the gradient before a layer's activation where products take it, as it is and turned round.
  void keep(size_t i, const float *tile, int64_t tile_stride, int64_t top, int64_t bottom, int64_t left, int64_t right) const {
    auto height = bottom - top, width = right - left;
    auto to = before(i) + top * widest + left;
    auto turned = share.sums_by_rows ? nullptr : transposed[i].template data_ptr<Element>() + left * turned_stride + top;
    if constexpr (is_narrow<Element>) {
      for (int64_t r = 0; r < height; ++r) kernels::narrow(tile + r * tile_stride, bits(to) + r * widest, width);
      kernels::transpose(bits(to), widest, bits(turned), turned_stride, height, width);
    } else {
      for (int64_t r = 0; r < height; ++r) std::copy_n(tile + r * tile_stride, width, to + r * widest);
      if (turned) kernels::transpose(tile, tile_stride, turned, turned_stride, height, width);
    }
  }

  /// A thread's sums over its rows `top` to `bottom`, added to those over rows before them unless they are the first.
  void sum(size_t i, int64_t part, int64_t top, int64_t bottom, bool is_first) const {
    const auto &layer = layers[i];
    auto inputs = layer.inputs(), outputs = layer.outputs(), height = bottom - top;
    auto to = sums[i].template data_ptr<float>() + part * sums[i].stride(0);
    auto x = panel_of<Element>(layer, top), g = before(i) + top * stride(i);
    Share::blocks(0, outputs, [&](int64_t left, int64_t right) {
      Share::blocks(0, inputs, [&](int64_t first, int64_t last) {
        product(last - first, right - left, height, x + first * height, height, g + left, stride(i), to + first * outputs + left, outputs,
                !is_first);
      });
    });
    kernels::sum_columns(g, stride(i), to + inputs * outputs, height, outputs, !is_first);
  }

  /// All threads' sums together: outputs `top` to `bottom` and inputs `left` to `right`, and the biases of those outputs.
  void add(size_t i, int64_t top, int64_t bottom, int64_t left, int64_t right) const {
    auto inputs = layers[i].inputs(), outputs = layers[i].outputs(), height = bottom - top, width = right - left;
    auto all = sums[i].template const_data_ptr<float>();
    auto apart = sums[i].stride(0);
    Tile<float> own;
    kernels::sum_tiles(all + left * outputs + top, apart, share.parts, outputs, own.numbers, width, height);
    kernels::transpose(own.numbers, height, weights[i].template data_ptr<float>() + top * inputs + left, inputs, width, height);
    if (left > 0) return;
    kernels::sum_tiles(all + inputs * outputs + top, apart, share.parts, outputs, biases[i].template data_ptr<float>() + top, 1, height);
  }

  /// The gradient in a layer's weights, outputs `top` to `bottom` and inputs `left` to `right`, and in the biases of those outputs.
  void weigh(size_t i, int64_t top, int64_t bottom, int64_t left, int64_t right) const {
    const auto &layer = layers[i];
    auto inputs = layer.inputs();
    auto g = transposed[i].template const_data_ptr<Element>() + top * turned_stride;
    auto x = layer.input.template const_data_ptr<Element>() + left * (is_narrow<Element> ? 2 : 1);
    product(bottom - top, right - left, rows, g, turned_stride, x, layer.input_stride(), weights[i].template data_ptr<float>() + top * inputs + left, inputs);
    if (left > 0) return;
    auto sums = biases[i].template data_ptr<float>() + top;
    if constexpr (is_narrow<Element>) {
      kernels::sum_rows(bits(g), turned_stride, sums, bottom - top, rows);
    } else {
      kernels::sum_rows(g, turned_stride, sums, bottom - top, rows);
    }
  }
};

} // namespace ct::layers

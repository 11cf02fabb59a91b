#pragma once
#include "Descent.h"
#include "Layers.h"

namespace ct::layers {

/// The pass of a gradient back through layers.
///
/// First the gradients before each layer's activation, from the last layer to the first (`run`); then, of all layers, those in weights and
/// biases (`weigh`), or the steps by them.
template <typename Element> class Backward {
public:
  /// From the gradient in what the layers gave, and that itself where the last one has an activation.
  ///
  /// - Parameter steps: On all weights and then all biases; or none.
  Backward(at::Tensor gradient, at::Tensor y, std::vector<Layer> layers, const Share &share, bool needs_input,
           std::vector<const Step *> steps)
      : gradient(std::move(gradient)), y(std::move(y)), layers(std::move(layers)), share(share), needs_input(needs_input),
        steps(std::move(steps)), rows(this->gradient.size(0)), turned_stride(padded(rows)) {
    for (const auto &layer : this->layers) {
      widest = std::max(widest, layer.outputs());
      if (share.sums_by_rows) {
        sums.push_back(at::empty({share.parts, (layer.inputs() + 1) * layer.outputs()}, options_of<float>()));
      } else {
        transposed.push_back(at::empty({layer.outputs(), turned_stride}, options_of<Element>()));
      }
      if (!this->steps.empty()) continue;
      weights.push_back(at::empty({layer.outputs(), layer.inputs()}, options_of<float>()));
      biases.push_back(at::empty({layer.outputs()}, options_of<float>()));
    }
    if (needs_input) input = at::empty({rows, this->layers[0].inputs()}, options_of<float>());
    widest = padded(widest);
  }

  void run() { share.is_by_rows ? run_by_rows() : run_by_layers(); }

  /// A part of what is done with the weights and biases of all layers.
  void weigh(int64_t part, int64_t parts) const {
    if (steps.empty()) {
      for (size_t i = 0; i < layers.size(); ++i) {
        Tiling(layers[i].outputs(), layers[i].inputs(), parts).each(part, [&](const Rectangle &r) { weigh(i, r); });
      }
    } else {
      change(part, parts);
    }
    release<Element>();
  }

  /// Keeps the weights as the next pass takes them, which were rounded as they changed.
  void keep_rounded() const {
    if constexpr (is_narrow<Element>) {
      for (size_t i = 0; i < layers.size(); ++i) {
        NarrowWeights narrow{layers[i].forward, layers[i].backward};
        tell_changed(narrow.forward);
        tell_changed(narrow.backward);
        keep_narrow(steps[i]->parameter, narrow);
      }
    }
  }

  /// The gradients that were looked for; that in the input only where it was asked for.
  std::vector<at::Tensor> weights, biases;
  at::Tensor input;

private:
  at::Tensor gradient, y;
  std::vector<Layer> layers;
  Share share;
  bool needs_input;
  std::vector<const Step *> steps;
  int64_t rows, turned_stride, widest = 0;
  /// The gradient before the activation of every layer turned round: of each output all rows, `turned_stride` numbers from one output to the next.
  std::vector<at::Tensor> transposed;
  /// Of every layer each thread's sums over its rows: the gradient in the weights, `[inputs, outputs]`, and behind it that in the biases.
  std::vector<at::Tensor> sums;

  void run_by_rows() {
    multiply<Element>(share.parts, [&](int64_t part) {
      auto is_first = true;
      share.each(part, [&](int64_t top, int64_t bottom) {
        auto halves = Halves<Element>::own(top, widest);
        Share::blocks(0, layers.back().outputs(), [&](int64_t left, int64_t right) { begin(halves, {top, bottom, left, right}); });
        for (auto i = layers.size(); i-- > 0;) {
          if constexpr (!is_narrow<Element>) {
            if (share.sums_by_rows) sum(i, halves, part, top, bottom, is_first);
          }
          if (i == 0 && !needs_input) continue;
          Share::blocks(0, layers[i].inputs(), [&](int64_t left, int64_t right) { pass(i, halves, {top, bottom, left, right}); });
        }
        is_first = false;
      });
    });
  }

  void run_by_layers() {
    auto halves = Halves<Element>::shared(rows, widest);
    Tiling tiling(rows, layers.back().outputs(), share.parts);
    on_threads(share.parts, [&](int64_t part) {
      tiling.each(part, [&](const Rectangle &r) { begin(halves, r); });
    });
    for (auto i = layers.size(); i-- > (needs_input ? 0 : 1);) {
      Tiling tiling(rows, layers[i].inputs(), share.parts);
      multiply<Element>(share.parts, [&](int64_t part) {
        tiling.each(part, [&](const Rectangle &r) { pass(i, halves, r); });
      });
    }
  }

  /// Whether the gradient that came is what the last layer's products take.
  bool is_given(size_t i) const {
    return !is_narrow<Element> && i + 1 == layers.size() && layers[i].activation == ct_activation_none;
  }
  int64_t stride(size_t i) const { return is_given(i) ? layers[i].outputs() : widest; }
  /// A row of the gradient before a layer's activation.
  const Element *before(size_t i, const Halves<Element> &halves, int64_t row) const {
    return is_given(i) ? static_cast<const Element *>(gradient.const_data_ptr()) + row * stride(i) : halves.row(i, row);
  }

  /// Rows `top` to `bottom` and outputs `left` to `right` of the gradient before the last activation, as products take it and turned round.
  void begin(const Halves<Element> &halves, const Rectangle &r) const {
    auto last = layers.size() - 1;
    auto outputs = layers[last].outputs(), corner = r.top * outputs + r.left, height = r.height(), width = r.width();
    auto from = gradient.const_data_ptr<float>() + corner;
    auto times = [&](float *numbers, int64_t stride) {
      for (int64_t row = 0; row < height; ++row) std::copy_n(from + row * outputs, width, numbers + row * stride);
      kernels::times_slope(slope(layers[last].activation), numbers, stride, y.const_data_ptr<float>() + corner, outputs, height, width);
    };
    auto to = halves.row(last, r.top) + r.left;
    if constexpr (is_narrow<Element>) {
      Tile<float> own;
      if (y.defined()) times(own.numbers, width);
      auto numbers = y.defined() ? own.numbers : from;
      auto stride = y.defined() ? width : outputs;
      for (int64_t row = 0; row < height; ++row) kernels::narrow(numbers + row * stride, bits(to) + row * widest, width);
      turn(last, to, widest, r);
    } else if (is_given(last)) {
      turn(last, from, outputs, r);
    } else {
      times(to, widest);
      turn(last, to, widest, r);
    }
  }

  /// From the gradient before a layer's activation to that before the one below, as products take it and turned round, or, of the first layer,
  /// to that in the input: rows `top` to `bottom` of the inputs `left` to `right`.
  void pass(size_t i, const Halves<Element> &halves, const Rectangle &r) const {
    const auto &layer = layers[i];
    auto inputs = layer.inputs(), height = r.height(), width = r.width(), x_stride = layer.input_stride();
    auto multiply = [&](float *to, int64_t to_stride) {
      auto w = layer.backward.template const_data_ptr<Element>() + r.left * (is_narrow<Element> ? 2 : 1);
      product(height, width, layer.outputs(), before(i, halves, r.top), stride(i), w, inputs, to, to_stride);
    };
    if (i == 0) return multiply(input.data_ptr<float>() + r.top * inputs + r.left, inputs);
    auto activation = slope(layers[i - 1].activation);
    auto to = halves.row(i - 1, r.top) + r.left;
    if constexpr (is_narrow<Element>) {
      auto x = bits(layer.input.template const_data_ptr<Element>()) + r.top * x_stride + 2 * r.left;
      // It comes from memory, for which the product leaves the time.
      constexpr int64_t line = 64 / sizeof(Element);
      for (int64_t row = 0; row < height; row += 2) {
        for (int64_t number = 0; number < 2 * width; number += line) __builtin_prefetch(x + row * x_stride + number);
      }
      Tile<float> own;
      multiply(own.numbers, width);
      r.strips(strip_height, [&](const Rectangle &strip) {
        auto above = strip.top - r.top;
        kernels::narrow_times_slope(activation, own.numbers + above * width, width, x + above * x_stride, x_stride, bits(to + above * widest),
                                    widest, strip.height(), width);
        turn(i - 1, to + above * widest, widest, strip);
      });
    } else {
      multiply(to, widest);
      Tile<float> own;
      auto x = own.numbers;
      if (share.sums_by_rows) {
        kernels::transpose(layer.panel(r.top) + r.left * height, height, x, width, width, height);
        x_stride = width;
      } else {
        x = layer.input.template data_ptr<float>() + r.top * x_stride + r.left;
      }
      kernels::times_slope(activation, to, widest, x, x_stride, height, width);
      turn(i - 1, to, widest, r);
    }
  }

  /// Turns a tile of the gradient before a layer's activation round, unless threads sum over their own rows.
  void turn(size_t i, const Element *from, int64_t stride, const Rectangle &r) const {
    if (share.sums_by_rows) return;
    auto to = transposed[i].template data_ptr<Element>() + r.left * turned_stride + r.top;
    if constexpr (is_narrow<Element>) {
      kernels::transpose(bits(from), stride, bits(to), turned_stride, r.height(), r.width(), share.writing);
    } else {
      kernels::transpose(from, stride, to, turned_stride, r.height(), r.width(), share.writing);
    }
  }

  /// A thread's sums over its rows `top` to `bottom`, added to those over rows before them unless they are the first.
  void sum(size_t i, const Halves<Element> &halves, int64_t part, int64_t top, int64_t bottom, bool is_first) const {
    const auto &layer = layers[i];
    auto inputs = layer.inputs(), outputs = layer.outputs(), height = bottom - top;
    auto to = sums[i].template data_ptr<float>() + part * sums[i].stride(0);
    const float *x = layer.panel(top), *g = before(i, halves, top);
    Share::blocks(0, outputs, [&](int64_t left, int64_t right) {
      Share::blocks(0, inputs, [&](int64_t first, int64_t last) {
        product(last - first, right - left, height, x + first * height, height, g + left, stride(i), to + first * outputs + left, outputs,
                !is_first);
      });
    });
    kernels::sum_columns(g, stride(i), to + inputs * outputs, height, outputs, !is_first);
  }

  /// The gradient in the weights of the outputs `top` to `bottom` and inputs `left` to `right`, and in the biases of those outputs.
  void weigh(size_t i, const Rectangle &r) const {
    auto inputs = layers[i].inputs();
    find(i, r, weights[i].template data_ptr<float>() + r.top * inputs + r.left, inputs);
    if (r.left == 0) find_biases(i, r, biases[i].template data_ptr<float>() + r.top);
  }

  /// Takes the steps on a part of all layers' outputs, which has as many weights as any other.
  ///
  /// Of some outputs at a time all inputs' weights: these lie in a row, and memory is quickest so.
  void change(int64_t part, int64_t parts) const {
    // What comes from memory for an output, of all rows, takes as long as so many weights.
    constexpr int64_t beginning = 24;
    int64_t all = 0, done = 0;
    for (const auto &layer : layers) all += whole(layer.outputs(), Tiling::unit) * (layer.inputs() + beginning);
    for (size_t i = 0; i < layers.size(); ++i) {
      auto inputs = layers[i].inputs(), outputs = layers[i].outputs(), units = whole(outputs, Tiling::unit), work = inputs + beginning;
      auto end = [&](int64_t part) {
        auto unit = std::clamp<int64_t>(whole(all * part / parts - done, work), 0, units);
        return std::min(outputs, unit * Tiling::unit);
      };
      // The gradients of so many weights stay in a core's own cache.
      constexpr int64_t most = 1 << 17;
      auto height = std::clamp(most / inputs / Tiling::unit * Tiling::unit, Tiling::unit, Tiling::most);
      for (auto top = end(part), last = end(part + 1); top < last; top += height) change(i, top, std::min(last, top + height));
      done += units * work;
    }
  }

  /// Takes the steps on the weights and biases of the outputs `top` to `bottom`.
  void change(size_t i, int64_t top, int64_t bottom) const {
    auto inputs = layers[i].inputs();
    auto *gradient = own_memory<float>((bottom - top) * inputs);
    Share::blocks(0, inputs, [&](int64_t left, int64_t right) { find(i, {top, bottom, left, right}, gradient + left, inputs); });
    if constexpr (is_narrow<Element>) {
      // Other threads read the rounded weights alone.
      steps[i]->take(gradient, top * inputs, (bottom - top) * inputs, kernels::Writing::near);
      layers[i].round_weights({top, bottom, 0, inputs}, share.writing);
    } else {
      steps[i]->take(gradient, top * inputs, (bottom - top) * inputs, share.writing);
    }
    find_biases(i, {top, bottom, 0, 1}, gradient);
    steps[layers.size() + i]->take(gradient, top, bottom - top, share.writing);
  }

  /// A tile of the gradient in the weights, its rows so many numbers apart: the rows' sums of the products, or the threads' sums together.
  void find(size_t i, const Rectangle &r, float *to, int64_t stride) const {
    const auto &layer = layers[i];
    if (share.sums_by_rows) {
      auto outputs = layer.outputs();
      Tile<float> own;
      kernels::sum_tiles(sums[i].template const_data_ptr<float>() + r.left * outputs + r.top, sums[i].stride(0), share.parts, outputs,
                         own.numbers, r.width(), r.height());
      kernels::transpose(own.numbers, r.height(), to, stride, r.width(), r.height());
      return;
    }
    auto x = layer.input.template const_data_ptr<Element>() + r.left * (is_narrow<Element> ? 2 : 1);
    product(r.height(), r.width(), rows, turned(i, r), turned_stride, x, layer.input_stride(), to, stride);
  }

  /// The same of the biases.
  void find_biases(size_t i, const Rectangle &r, float *to) const {
    if (share.sums_by_rows) {
      auto all = sums[i].template const_data_ptr<float>() + layers[i].inputs() * layers[i].outputs() + r.top;
      kernels::sum_tiles(all, sums[i].stride(0), share.parts, layers[i].outputs(), to, 1, r.height());
    } else if constexpr (is_narrow<Element>) {
      kernels::sum_rows(bits(turned(i, r)), turned_stride, to, r.height(), rows);
    } else {
      kernels::sum_rows(turned(i, r), turned_stride, to, r.height(), rows);
    }
  }

  /// The outputs `top` to `bottom` of the gradient before a layer's activation.
  const Element *turned(size_t i, const Rectangle &r) const {
    return transposed[i].template const_data_ptr<Element>() + r.top * turned_stride;
  }
};

} // namespace ct::layers

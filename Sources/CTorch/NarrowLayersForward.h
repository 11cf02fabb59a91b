#pragma once
#include "Layers.h"

namespace ct::layers {

/// The pass of a batch through layers whose products take bfloat16.
///
/// Products are of rows by weights, which were turned round and set in pairs when they changed. Weights come from memory: of a first factor a number
/// at a time is taken from several rows, for which such products would wait, of the second whole lines.
class NarrowForward {
public:
  /// Keeps in the layers what the pass backward takes, if it is `kept`.
  NarrowForward(const at::Tensor &x, std::vector<Layer> &layers, const Share &share, bool is_kept)
      : x(x), layers(layers), share(share), is_kept(is_kept), rows(x.size(0)) {
    take_weights();
    for (auto &layer : layers) {
      widest = std::max(widest, padded(layer.inputs()));
      if (is_kept) layer.input = at::empty({rows, padded(layer.inputs())}, options_of<at::BFloat16>());
    }
    y = at::empty({rows, layers.back().outputs()}, options_of<float>());
  }

  at::Tensor run() {
    share.is_by_rows ? run_by_rows() : run_by_layers();
    return y;
  }

private:
  const at::Tensor &x;
  std::vector<Layer> &layers;
  const Share &share;
  bool is_kept;
  int64_t rows, widest = 0;
  at::Tensor y;

  void run_by_rows() {
    multiply<at::BFloat16>(share.parts, [&](int64_t part) {
      share.each(part, [&](int64_t top, int64_t bottom) {
        auto halves = Halves<at::BFloat16>::own(top, widest);
        Share::blocks(0, x.size(1), [&](int64_t left, int64_t right) { begin(halves, {top, bottom, left, right}); });
        for (size_t i = 0; i < layers.size(); ++i) {
          Share::blocks(0, layers[i].outputs(), [&](int64_t left, int64_t right) { tile(i, halves, {top, bottom, left, right}); });
        }
      });
    });
  }

  void run_by_layers() {
    auto halves = Halves<at::BFloat16>::shared(rows, widest);
    Tiling tiling(rows, x.size(1), share.parts);
    on_threads(share.parts, [&](int64_t part) {
      tiling.each(part, [&](const Rectangle &r) { begin(halves, r); });
    });
    for (size_t i = 0; i < layers.size(); ++i) {
      Tiling tiling(rows, layers[i].outputs(), share.parts);
      multiply<at::BFloat16>(share.parts, [&](int64_t part) {
        tiling.each(part, [&](const Rectangle &r) { tile(i, halves, r); });
      });
    }
  }

  /// Rounds some of the batch.
  void begin(const Halves<at::BFloat16> &halves, const Rectangle &r) const {
    r.strips(strip_height, [&](const Rectangle &strip) {
      keep(0, halves, x.const_data_ptr<float>() + strip.top * x.size(1) + strip.left, x.size(1), strip);
    });
  }

  /// activation(x wᵀ + b): the outputs `left` to `right` of the rows `top` to `bottom`.
  void tile(size_t i, const Halves<at::BFloat16> &halves, const Rectangle &r) const {
    const auto &layer = layers[i];
    auto outputs = layer.outputs(), height = r.height(), width = r.width();
    auto is_last = i + 1 == layers.size();
    Tile<float> own;
    auto *to = is_last ? y.data_ptr<float>() + r.top * outputs + r.left : own.numbers;
    auto stride = is_last ? outputs : width;
    product(height, width, layer.inputs(), halves.row(i, r.top), widest, layer.forward.const_data_ptr<at::BFloat16>() + 2 * r.left, outputs, to,
            stride);
    r.strips(strip_height, [&](const Rectangle &strip) {
      auto *numbers = to + (strip.top - r.top) * stride;
      kernels::activate_columns(slope(layer.activation), numbers, stride, layer.bias.const_data_ptr<float>() + r.left, strip.height(), width);
      if (!is_last) keep(i + 1, halves, numbers, stride, strip);
    });
  }

  /// Rounds a strip of a layer's input, for the product forward and the one backward.
  void keep(size_t i, const Halves<at::BFloat16> &halves, const float *from, int64_t from_stride, const Rectangle &r) const {
    auto height = r.height(), width = r.width();
    auto narrowed = bits(halves.row(i, r.top)) + r.left;
    if (!is_kept) {
      for (int64_t row = 0; row < height; ++row) kernels::narrow(from + row * from_stride, narrowed + row * widest, width);
      return;
    }
    const auto &layer = layers[i];
    alignas(64) uint16_t paired[strip_height * Tiling::most];
    kernels::narrow_and_pair(from, from_stride, narrowed, widest, paired, width, height, width);
    auto kept = bits(layer.input.data_ptr<at::BFloat16>()) + r.top * layer.input_stride() + 2 * r.left;
    for (int64_t row = 0; row < height; row += 2) {
      kernels::put(paired + row * width, kept + row * layer.input_stride(), 2 * width, share.writing);
    }
  }

  /// Takes the weights that were rounded as they changed, or rounds them, backward only where that pass follows.
  void take_weights() const {
    std::vector<const Layer *> wide;
    for (auto &layer : layers) {
      auto kept = kept_narrow(layer.weight);
      if (!kept.is_defined()) {
        wide.push_back(&layer);
        kept = NarrowWeights::empty(layer.weight, is_kept);
      }
      layer.forward = kept.forward;
      layer.backward = kept.backward;
    }
    if (wide.empty()) return;
    on_threads(share.parts, [&](int64_t part) {
      for (const auto *layer : wide) {
        Tiling(layer->outputs(), layer->inputs(), share.parts).each(part, [&](const Rectangle &r) { layer->round_weights(r, share.writing); });
      }
    });
  }
};

} // namespace ct::layers

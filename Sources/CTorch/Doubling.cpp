#include "Doubling.h"
#include "Threads.h"

namespace {

using namespace ct;

/// Of each phase and each of its taps, the weights that it is the sum of, as bits.
const kernels::Taps &taps(Doubling doubling) {
  static constexpr kernels::Taps repeated{{{0b001, 0b110}, {0b011, 0b100}}}, transposed{{{0b010, 0b000}, {0b100, 0b001}}};
  return doubling == Doubling::repeated ? repeated : transposed;
}

/// The row of the padded small convolution from which phase a of row i comes is i plus this.
int64_t shift(Doubling doubling, int64_t phase) { return doubling == Doubling::repeated ? phase : 1; }

/// Runs `body(first output, output behind the last)` side by side.
template <typename Body> void each_output(int64_t outputs, int64_t inputs, Body body) { parallel(outputs, grain(16 * inputs), body); }

/// Runs `body(part of the small convolution, pixel of the doubled picture or −1)` for the four parts of each of the small pixels, side by
/// side: a pixel has one phase's outputs after the other's, and at the edges some belong nowhere.
template <typename Body>
void each_part(Doubling doubling, int64_t count, int64_t lines, int64_t columns, int64_t height, int64_t width, Body body) {
  auto place = [&](int64_t small, int64_t phase, int64_t size) {
    auto found = 2 * (small - shift(doubling, phase)) + phase;
    return found < size ? found : -1;
  };
  parallel(count * lines, std::max<int64_t>(1, 512 / std::max<int64_t>(columns, 1)), [&](int64_t first, int64_t last) {
    for (auto line = first; line < last; ++line) {
      for (int64_t column = 0; column < columns; ++column) {
        for (int64_t phase = 0; phase < 4; ++phase) {
          auto y = place(line % lines, phase / 2, height), x = place(column, phase % 2, width);
          body(4 * (line * columns + column) + phase, y < 0 || x < 0 ? -1 : (line / lines * height + y) * width + x);
        }
      }
    }
  });
}

} // namespace

namespace ct {

at::Tensor fold(Doubling doubling, const at::Tensor &weight) {
  auto outputs = weight.size(0), inputs = weight.size(1);
  auto w = weight.stride(3) == 1 && weight.stride(2) == 3 ? weight : weight.contiguous();
  auto folded = at::empty({4 * outputs, inputs, 2, 2}, w.options(), at::MemoryFormat::ChannelsLast);
  each_output(outputs, inputs, [&](int64_t first, int64_t last) {
    for (auto o = first; o < last; ++o) {
      kernels::fold(taps(doubling), w.const_data_ptr<float>() + o * w.stride(0), w.stride(1), folded.data_ptr<float>() + o * 4 * inputs,
                    outputs * 4 * inputs, inputs);
    }
  });
  return folded;
}

at::Tensor unfold(Doubling doubling, const at::Tensor &gradient) {
  auto folded = gradient.contiguous(at::MemoryFormat::ChannelsLast);
  auto outputs = folded.size(0) / 4, inputs = folded.size(1);
  // As the weights themselves lie in memory.
  auto found = doubling == Doubling::transposed ? at::empty({inputs, outputs, 3, 3}, folded.options()).transpose(0, 1)
                                                : at::empty({outputs, inputs, 3, 3}, folded.options());
  each_output(outputs, inputs, [&](int64_t first, int64_t last) {
    for (auto o = first; o < last; ++o) {
      kernels::unfold(taps(doubling), folded.const_data_ptr<float>() + o * 4 * inputs, outputs * 4 * inputs,
                      found.data_ptr<float>() + o * found.stride(0), found.stride(1), inputs);
    }
  });
  return found;
}

at::Tensor spread(Doubling doubling, const at::Tensor &small, int64_t height, int64_t width) {
  auto outputs = small.size(1) / 4;
  auto picture = at::empty({small.size(0), outputs, height, width}, small.options(), at::MemoryFormat::ChannelsLast);
  const auto *from = small.const_data_ptr<float>();
  auto *to = picture.data_ptr<float>();
  each_part(doubling, small.size(0), small.size(2), small.size(3), height, width, [&](int64_t part, int64_t pixel) {
    if (pixel >= 0) std::copy_n(from + part * outputs, outputs, to + pixel * outputs);
  });
  return picture;
}

at::Tensor collect(Doubling doubling, const at::Tensor &picture, int64_t lines, int64_t columns) {
  auto outputs = picture.size(1);
  auto small = at::empty({picture.size(0), 4 * outputs, lines, columns}, picture.options(), at::MemoryFormat::ChannelsLast);
  auto move = [&](const auto *from, auto *to) {
    each_part(doubling, picture.size(0), lines, columns, picture.size(2), picture.size(3), [&](int64_t part, int64_t pixel) {
      if (pixel >= 0) {
        std::copy_n(from + pixel * outputs, outputs, to + part * outputs);
      } else {
        std::fill_n(to + part * outputs, outputs, 0);
      }
    });
  };
  if (picture.scalar_type() == at::kFloat) {
    move(picture.const_data_ptr<float>(), small.data_ptr<float>());
  } else {
    move(picture.const_data_ptr<at::BFloat16>(), small.data_ptr<at::BFloat16>());
  }
  return small;
}

} // namespace ct

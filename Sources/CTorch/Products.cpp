#include "Guard.h"
#include <ATen/core/grad_mode.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <functional>

using namespace ct;

namespace {

thread_local void (*recorder)(ct_product, void *) = nullptr;
thread_local void *recorder_context = nullptr;

using Work = std::function<at::Tensor()>;

/// The median seconds of one run; reading a number waits for the device.
double seconds(const Work &work, int32_t rounds) {
  std::vector<double> found;
  for (int32_t round = -2; round < rounds; ++round) {
    auto start = std::chrono::steady_clock::now();
    auto result = work();
    if (!result.is_cpu()) result.flatten()[0].item();
    if (round < 0) continue;
    found.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::nth_element(found.begin(), found.begin() + found.size() / 2, found.end());
  return found[found.size() / 2];
}

double fastest(const std::vector<Work> &ways, int32_t rounds) {
  auto best = seconds(ways[0], rounds);
  for (size_t i = 1; i < ways.size(); ++i) best = std::min(best, seconds(ways[i], rounds));
  return best;
}

at::TensorOptions factors(const ct_product &p, at::Device device) {
  return at::TensorOptions(device).dtype(p.precision == ct_precision_bfloat16 ? at::kBFloat16 : at::kFloat);
}

double linear(const ct_product &p, at::Device device, int32_t rounds) {
  auto options = factors(p, device);
  auto x = at::randn({p.count, p.inputs}, options), w = at::randn({p.outputs, p.inputs}, options),
       b = at::randn({p.outputs}, options), g = at::randn({p.count, p.outputs}, options), gt = g.t().contiguous();
  auto ways = [&](Work blas, Work onednn) {
    auto has_both = device.is_cpu() && at::globalContext().hasMKLDNN();
    return has_both ? std::vector<Work>{blas, onednn} : std::vector<Work>{blas};
  };
  auto sum = fastest(ways([&] { return at::addmm(b, x, w.t()); }, [&] { return onednn_product(x, w, b); }), rounds);
  sum += fastest(ways([&] { return at::mm(g.t(), x); }, [&] { return onednn_product(gt, x.t(), {}); }), rounds);
  if (p.has_input_gradient) {
    sum += fastest(ways([&] { return at::mm(g, w); }, [&] { return onednn_product(g, w.t(), {}); }), rounds);
  }
  return sum;
}

double convolution(const ct_product &p, at::Device device, int32_t rounds) {
  auto transposed = p.kind == ct_product_transposed;
  std::vector<int64_t> stride{p.stride, p.stride}, padding{p.padding, p.padding}, dilation{1, 1},
      extra{p.extra_height, p.extra_width};
  auto options = factors(p, device);
  auto plain_x = at::randn({p.count, p.inputs, p.height, p.width}, options);
  auto plain_w = at::randn({transposed ? p.inputs : p.outputs, transposed ? p.outputs : p.inputs, p.kernel, p.kernel}, options);
  auto b = at::randn({p.outputs}, options);
  std::array<std::vector<Work>, 3> ways;
  for (auto format : {at::MemoryFormat::Contiguous, at::MemoryFormat::ChannelsLast}) {
    auto x = plain_x.contiguous(format), w = plain_w.contiguous(format);
    auto forward = [=] { return at::convolution(x, w, b, stride, padding, dilation, transposed, extra, 1); };
    auto g = at::randn_like(forward());
    auto backward = [=](bool input, bool weight) {
      auto found = at::convolution_backward(g, x, w, at::OptionalIntArrayRef(), stride, padding, dilation, transposed, extra,
                                            1, {input, weight, false});
      return weight ? std::get<1>(found) : std::get<0>(found);
    };
    ways[0].push_back(forward);
    ways[1].push_back([=] { return backward(false, true); });
    if (p.has_input_gradient) ways[2].push_back([=] { return backward(true, false); });
  }
  double sum = 0;
  for (auto &part : ways) sum += part.empty() ? 0 : fastest(part, rounds);
  return sum;
}

} // namespace

namespace ct {
bool is_recording() { return recorder != nullptr; }
void record(ct_product product) {
  product.precision = ct_get_precision();
  recorder(product, recorder_context);
}
} // namespace ct

extern "C" {

void ct_record_products(void (*record)(ct_product, void *), void *context) {
  recorder = record;
  recorder_context = context;
}

char *ct_product_seconds(ct_product product, ct_device index, int32_t rounds, double *out) {
  return guarded([&] {
    at::NoGradGuard guard;
    auto place = device(index);
    *out = product.kind == ct_product_linear ? linear(product, place, rounds) : convolution(product, place, rounds);
  });
}

} // extern "C"

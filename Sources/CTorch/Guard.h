#pragma once
#include "CTorch.h"
#include "Kernels.h"
#include <ATen/ATen.h>
#include <cstring>

/// What every file of this target shares: handles to objects, and errors to messages.
namespace ct {

inline at::Tensor &ref(ct_tensor tensor) { return *static_cast<at::Tensor *>(tensor.object); }
inline at::Generator &ref(ct_generator generator) { return *static_cast<at::Generator *>(generator.object); }
inline ct_tensor own(at::Tensor tensor) { return {new at::Tensor(std::move(tensor))}; }
inline at::IntArrayRef list(const int64_t *values, size_t count) { return at::IntArrayRef(values, count); }

inline std::vector<at::Tensor> list(const ct_tensor *tensors, size_t count) {
  std::vector<at::Tensor> found;
  found.reserve(count);
  for (size_t i = 0; i < count; ++i) found.push_back(ref(tensors[i]));
  return found;
}

inline at::Device device(ct_device index) {
  return index < 0 ? at::Device(at::kCPU) : at::Device(at::kCUDA, static_cast<at::DeviceIndex>(index));
}
inline at::TensorOptions options(ct_type type, ct_device index) {
  return at::TensorOptions().dtype(static_cast<at::ScalarType>(type)).device(device(index));
}

/// Single precision on the processor: what this target's own loops take.
inline bool is_plain(const at::Tensor &a) { return a.is_cpu() && a.scalar_type() == at::kFloat; }

/// What this thread's products are computed in (Linear.cpp).
bool multiplies_bfloat16();

/// `a` as products take it.
inline at::Tensor factor(const at::Tensor &a) { return multiplies_bfloat16() ? a.to(at::kBFloat16) : a; }

/// Shows a product to whoever records them, in this thread's precision (Products.cpp).
void record(ct_product product);
bool is_recording();

/// x wᵀ + b by oneDNN: plain dense tensors or transposed views of them (Linear.cpp).
at::Tensor onednn_product(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias,
                          const char *activation = "none");
bool has_onednn(const at::Tensor &x);

/// An activation by itself (Linear.cpp).
at::Tensor applied(ct_activation activation, const at::Tensor &y);

/// What the loops call an activation (Fused.cpp).
kernels::Slope slope(ct_activation activation);

/// A gradient before an activation.
struct Before {
  /// Of the activation's input, `[rows, columns]`.
  at::Tensor gradient;
  /// The same, `[columns, rows]`, where it was asked for.
  at::Tensor transposed;
  /// Its sums over rows, `[columns]`.
  at::Tensor sums;
};

/// From the gradient after an activation and the activation's own output, plain contiguous floats, in one pass (Fused.cpp).
///
/// The gradient and its transpose come in the type that products take, the sums as floats.
Before before_activation(ct_activation activation, const at::Tensor &gradient, const at::Tensor &y, bool transposes,
                         at::ScalarType type);

/// activation(a + bias) as floats, of bfloat16 rows (Fused.cpp).
at::Tensor with_bias(ct_activation activation, const at::Tensor &narrow, const at::Tensor &bias);

/// Runs `body`; nothing that it throws passes this line.
template <typename Body> char *guarded(Body body) noexcept {
  try {
    body();
    return nullptr;
  } catch (const c10::Error &error) {
    return strdup(error.what_without_backtrace());
  } catch (const std::exception &error) {
    return strdup(error.what());
  } catch (...) {
    return strdup("unknown error in libtorch");
  }
}

/// Runs `body`, which makes a tensor, and hands that tensor out.
template <typename Body> char *make(ct_tensor *out, Body body) noexcept {
  return guarded([&] { *out = own(body()); });
}

} // namespace ct

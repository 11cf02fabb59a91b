#include "Guard.h"
#include "NarrowWeights.h"

using namespace ct;

extern "C" {

void ct_tensor_free(ct_tensor tensor) { delete static_cast<at::Tensor *>(tensor.object); }

char *ct_tensor_empty(const int64_t *shape, size_t rank, ct_type type, ct_device device, ct_tensor *out) {
  return make(out, [&] { return at::empty(list(shape, rank), options(type, device)); });
}
char *ct_tensor_full(const int64_t *shape, size_t rank, double value, ct_type type, ct_device device, ct_tensor *out) {
  return make(out, [&] { return at::full(list(shape, rank), value, options(type, device)); });
}
char *ct_tensor_arange(double start, double end, double step, ct_type type, ct_device device, ct_tensor *out) {
  return make(out, [&] { return at::arange(start, end, step, options(type, device)); });
}
char *ct_tensor_eye(int64_t size, ct_type type, ct_device device, ct_tensor *out) {
  return make(out, [&] { return at::eye(size, options(type, device)); });
}
char *ct_tensor_over(void *bytes, const int64_t *shape, size_t rank, ct_type type, void *context,
                     void (*release)(void *), ct_tensor *out) {
  return make(out, [&] {
    return at::from_blob(bytes, list(shape, rank), [context, release](void *) { release(context); }, options(type, -1));
  });
}
char *ct_tensor_to(ct_tensor tensor, ct_type type, ct_device index, ct_tensor *out) {
  return make(out, [&] { return ref(tensor).to(options(type, index)); });
}

int64_t ct_tensor_rank(ct_tensor tensor) { return ref(tensor).dim(); }
int64_t ct_tensor_extent(ct_tensor tensor, int64_t dimension) { return ref(tensor).sizes()[dimension]; }
int64_t ct_tensor_count(ct_tensor tensor) { return ref(tensor).numel(); }
ct_type ct_tensor_type(ct_tensor tensor) { return static_cast<ct_type>(ref(tensor).scalar_type()); }
ct_device ct_tensor_device(ct_tensor tensor) { return ref(tensor).is_cpu() ? -1 : ref(tensor).get_device(); }
bool ct_tensor_is_contiguous(ct_tensor tensor) { return ref(tensor).is_contiguous(); }

char *ct_tensor_data(ct_tensor tensor, void **out) {
  return guarded([&] {
    TORCH_CHECK(ref(tensor).is_cpu() && ref(tensor).is_contiguous(), "only a contiguous processor tensor has an address");
    *out = ref(tensor).data_ptr();
    forget_narrow(ref(tensor));
  });
}
char *ct_tensor_item(ct_tensor tensor, double *out) {
  return guarded([&] { *out = ref(tensor).item().toDouble(); });
}
char *ct_tensor_all_finite(ct_tensor tensor, bool *out) {
  return guarded([&] { *out = at::isfinite(ref(tensor)).all().item<bool>(); });
}

} // extern "C"

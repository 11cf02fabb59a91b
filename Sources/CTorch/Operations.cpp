#include "Guard.h"

using namespace ct;

namespace chosen {
at::Tensor clone(const at::Tensor &a) { return a.clone(at::MemoryFormat::Contiguous); }
at::Tensor contiguous(const at::Tensor &a) { return a.contiguous(); }
at::Tensor detach(const at::Tensor &a) { return a.detach(); }
at::Tensor log_sigmoid(const at::Tensor &a) { return at::log_sigmoid(a); }
at::Tensor cholesky(const at::Tensor &a) { return at::linalg_cholesky(a); }
at::Tensor diagonal(const at::Tensor &a) { return a.diagonal(0, -2, -1); }
} // namespace chosen

extern "C" {

#define CT_DEFINE(name)                                                                                                \
  char *ct_tensor_##name(ct_tensor a, ct_tensor *out) {                                                                \
    return make(out, [&] { return at::name(ref(a)); });                                                                \
  }
CT_UNARY(CT_DEFINE)
#undef CT_DEFINE
#define CT_DEFINE(name)                                                                                                \
  char *ct_tensor_##name(ct_tensor a, ct_tensor *out) {                                                                \
    return make(out, [&] { return chosen::name(ref(a)); });                                                            \
  }
CT_UNARY_CHOSEN(CT_DEFINE)
#undef CT_DEFINE
#define CT_DEFINE(name)                                                                                                \
  char *ct_tensor_##name(ct_tensor a, ct_tensor b, ct_tensor *out) {                                                   \
    return make(out, [&] { return at::name(ref(a), ref(b)); });                                                        \
  }
CT_BINARY(CT_DEFINE)
#undef CT_DEFINE
#define CT_DEFINE(name)                                                                                                \
  char *ct_tensor_##name##_scalar(ct_tensor a, double b, ct_tensor *out) {                                             \
    return make(out, [&] { return at::name(ref(a), at::Scalar(b)); });                                                 \
  }
CT_SCALAR(CT_DEFINE)
#undef CT_DEFINE
#define CT_DEFINE(name)                                                                                                \
  char *ct_tensor_##name(ct_tensor a, const int64_t *dimensions, size_t count, bool keep, ct_tensor *out) {            \
    return make(out, [&] { return at::name(ref(a), list(dimensions, count), keep); });                                 \
  }
CT_REDUCTION(CT_DEFINE)
#undef CT_DEFINE
#define CT_DEFINE(name)                                                                                                \
  char *ct_tensor_##name(ct_tensor a, int64_t dimension, ct_tensor *out) {                                             \
    return make(out, [&] { return at::name(ref(a), dimension); });                                                     \
  }
CT_ALONG(CT_DEFINE)
#undef CT_DEFINE

char *ct_tensor_clamp(ct_tensor a, double minimum, double maximum, ct_tensor *out) {
  return make(out, [&] { return at::clamp(ref(a), minimum, maximum); });
}
char *ct_tensor_where(ct_tensor condition, ct_tensor a, ct_tensor b, ct_tensor *out) {
  return make(out, [&] { return at::where(ref(condition), ref(a), ref(b)); });
}
char *ct_tensor_gather(ct_tensor a, int64_t dimension, ct_tensor index, ct_tensor *out) {
  return make(out, [&] { return at::gather(ref(a), dimension, ref(index)); });
}
char *ct_tensor_index_select(ct_tensor a, int64_t dimension, ct_tensor index, ct_tensor *out) {
  return make(out, [&] { return at::index_select(ref(a), dimension, ref(index)); });
}
char *ct_tensor_one_hot(ct_tensor a, int64_t classes, ct_tensor *out) {
  return make(out, [&] { return at::one_hot(ref(a), classes); });
}
char *ct_tensor_reshape(ct_tensor a, const int64_t *shape, size_t rank, ct_tensor *out) {
  return make(out, [&] { return ref(a).reshape(list(shape, rank)); });
}
char *ct_tensor_expand(ct_tensor a, const int64_t *shape, size_t rank, ct_tensor *out) {
  return make(out, [&] { return ref(a).expand(list(shape, rank)); });
}
char *ct_tensor_permute(ct_tensor a, const int64_t *order, size_t rank, ct_tensor *out) {
  return make(out, [&] { return ref(a).permute(list(order, rank)); });
}
char *ct_tensor_narrow(ct_tensor a, int64_t dimension, int64_t start, int64_t length, ct_tensor *out) {
  return make(out, [&] { return ref(a).narrow(dimension, start, length); });
}
char *ct_tensor_select(ct_tensor a, int64_t dimension, int64_t index, ct_tensor *out) {
  return make(out, [&] { return ref(a).select(dimension, index); });
}
char *ct_tensor_concatenate(const ct_tensor *tensors, size_t count, int64_t dimension, ct_tensor *out) {
  return make(out, [&] { return at::cat(list(tensors, count), dimension); });
}
char *ct_tensor_stack(const ct_tensor *tensors, size_t count, int64_t dimension, ct_tensor *out) {
  return make(out, [&] { return at::stack(list(tensors, count), dimension); });
}
char *ct_tensor_eigh(ct_tensor a, ct_tensor *values, ct_tensor *vectors) {
  return guarded([&] {
    auto found = at::linalg_eigh(ref(a));
    *values = own(std::get<0>(found));
    *vectors = own(std::get<1>(found));
  });
}
char *ct_tensor_solve_triangular(ct_tensor a, ct_tensor b, bool upper, ct_tensor *out) {
  return make(out, [&] { return at::linalg_solve_triangular(ref(a), ref(b), upper); });
}
char *ct_tensor_resize(ct_tensor a, int64_t height, int64_t width, ct_tensor *out) {
  const int64_t size[] = {height, width};
  return make(out, [&] { return at::_upsample_bilinear2d_aa(ref(a), list(size, 2), false); });
}
char *ct_tensor_copy(ct_tensor destination, ct_tensor source) {
  return guarded([&] { ref(destination).copy_(ref(source)); });
}
} // extern "C"

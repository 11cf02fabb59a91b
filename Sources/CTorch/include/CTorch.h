#ifndef CTORCH_H
#define CTORCH_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif
#pragma clang assume_nonnull begin

/// An owned reference to a tensor; given back with `ct_tensor_free`.
typedef struct ct_tensor {
  void *_Nullable object;
} ct_tensor;

/// An owned reference to a source of random numbers; given back with `ct_generator_free`.
typedef struct ct_generator {
  void *_Nullable object;
} ct_generator;

/// An owned stream of work on a device, other than its default one; given back with `ct_stream_free`.
typedef struct ct_stream {
  void *_Nullable object;
} ct_stream;

/// An owned graph of work that was captured once; given back with `ct_graph_free`.
typedef struct ct_graph {
  void *_Nullable object;
} ct_graph;

/// An error message that the caller frees with `ct_error_free`, or null for success.
typedef char *_Nullable ct_error;

/// A function that can fail, and says so by its result.
#define CT_FALLIBLE __attribute__((warn_unused_result)) ct_error

/// libtorch's number of an element type.
typedef enum ct_type : int8_t {
  ct_type_uint8 = 0,
  ct_type_int32 = 3,
  ct_type_int64 = 4,
  ct_type_float16 = 5,
  ct_type_float32 = 6,
  ct_type_float64 = 7,
  ct_type_bool = 11,
  ct_type_bfloat16 = 15,
} ct_type;

/// A device: index −1 is the processor, 0 and up a CUDA device.
typedef int32_t ct_device;

// Process

/// Sets what must be set before the first tensor: the allocator keeps freed blocks instead of giving them back.
void ct_initialize(void);
/// Tensors on the processor take blocks that others gave back, from now on (part of `ct_initialize`).
void ct_keep_memory(void);
void ct_error_free(ct_error error);
int32_t ct_threads(void);
void ct_set_threads(int32_t count);
/// The cores that this process may run on.
int32_t ct_cores(void);
/// The number of CUDA devices, 0 where there is none or this libtorch is without CUDA.
int32_t ct_cuda_count(void);
bool ct_gradients_enabled(void);
void ct_set_gradients_enabled(bool enabled);
const char *ct_version(void);

// Making tensors

void ct_tensor_free(ct_tensor tensor);
CT_FALLIBLE ct_tensor_empty(const int64_t *_Nullable shape, size_t rank, ct_type type, ct_device device, ct_tensor *out);
CT_FALLIBLE ct_tensor_full(const int64_t *_Nullable shape, size_t rank, double value, ct_type type, ct_device device, ct_tensor *out);
CT_FALLIBLE ct_tensor_arange(double start, double end, double step, ct_type type, ct_device device, ct_tensor *out);
CT_FALLIBLE ct_tensor_eye(int64_t size, ct_type type, ct_device device, ct_tensor *out);
/// A tensor over memory that it does not own: `release(context)` is called once when the last reference goes.
CT_FALLIBLE ct_tensor_over(void *bytes, const int64_t *_Nullable shape, size_t rank, ct_type type, void *_Nullable context,
                           void (*release)(void *_Nullable context), ct_tensor *out);
CT_FALLIBLE ct_tensor_to(ct_tensor tensor, ct_type type, ct_device device, ct_tensor *out);

// Reading tensors

int64_t ct_tensor_rank(ct_tensor tensor);
int64_t ct_tensor_extent(ct_tensor tensor, int64_t dimension);
int64_t ct_tensor_count(ct_tensor tensor);
ct_type ct_tensor_type(ct_tensor tensor);
ct_device ct_tensor_device(ct_tensor tensor);
bool ct_tensor_is_contiguous(ct_tensor tensor);
/// The address of a contiguous processor tensor's first element.
CT_FALLIBLE ct_tensor_data(ct_tensor tensor, void *_Nullable *_Nonnull out);
CT_FALLIBLE ct_tensor_item(ct_tensor tensor, double *out);
CT_FALLIBLE ct_tensor_all_finite(ct_tensor tensor, bool *out);

// Random numbers

CT_FALLIBLE ct_generator_make(uint64_t seed, ct_device device, ct_generator *out);
void ct_generator_free(ct_generator generator);
CT_FALLIBLE ct_generator_state(ct_generator generator, ct_tensor *out);
CT_FALLIBLE ct_generator_set_state(ct_generator generator, ct_tensor state);
CT_FALLIBLE ct_random_normal(const int64_t *_Nullable shape, size_t rank, ct_type type, ct_device device, ct_generator generator,
                             ct_tensor *out);
CT_FALLIBLE ct_random_uniform(const int64_t *_Nullable shape, size_t rank, ct_type type, ct_device device, ct_generator generator,
                              ct_tensor *out);
CT_FALLIBLE ct_random_permutation(int64_t count, ct_device device, ct_generator generator, ct_tensor *out);
/// Draws 0 or 1 for each probability.
CT_FALLIBLE ct_random_bernoulli(ct_tensor probabilities, ct_generator generator, ct_tensor *out);
/// Draws `count` categories with replacement from each row of weights.
CT_FALLIBLE ct_random_categories(ct_tensor weights, int64_t count, ct_generator generator, ct_tensor *out);

// Mathematics: each row of these lists is one function

#define CT_UNARY(X)                                                                                                    \
  X(neg) X(exp) X(log) X(log1p) X(expm1) X(sqrt) X(square) X(abs) X(sign) X(tanh) X(sigmoid) X(relu) X(silu) X(gelu)   \
  X(elu) X(softplus) X(floor) X(round) X(lgamma) X(digamma) X(erf) X(reciprocal) X(isnan) X(isfinite)   \
  X(logical_not) X(logdet) X(inverse) X(tril)

/// Those whose arguments libtorch has more of.
#define CT_UNARY_CHOSEN(X) X(detach) X(contiguous) X(clone) X(diagonal) X(cholesky) X(log_sigmoid)

#define CT_BINARY(X)                                                                                                   \
  X(add) X(sub) X(mul) X(div) X(maximum) X(minimum) X(matmul) X(eq) X(ne) X(lt) X(le) X(gt) X(ge) X(logical_and)

#define CT_SCALAR(X) X(add) X(sub) X(mul) X(div) X(pow) X(eq) X(lt) X(le) X(gt) X(ge) X(leaky_relu)

/// Over some dimensions.
#define CT_REDUCTION(X) X(sum) X(mean) X(amax) X(amin) X(logsumexp)

/// Along one dimension.
#define CT_ALONG(X) X(softmax) X(log_softmax) X(argmax) X(cumsum) X(unsqueeze) X(squeeze)

#define CT_DECLARE(name) CT_FALLIBLE ct_tensor_##name(ct_tensor a, ct_tensor *out);
CT_UNARY(CT_DECLARE)
CT_UNARY_CHOSEN(CT_DECLARE)
#undef CT_DECLARE
#define CT_DECLARE(name) CT_FALLIBLE ct_tensor_##name(ct_tensor a, ct_tensor b, ct_tensor *out);
CT_BINARY(CT_DECLARE)
#undef CT_DECLARE
#define CT_DECLARE(name) CT_FALLIBLE ct_tensor_##name##_scalar(ct_tensor a, double b, ct_tensor *out);
CT_SCALAR(CT_DECLARE)
#undef CT_DECLARE
#define CT_DECLARE(name)                                                                                               \
  CT_FALLIBLE ct_tensor_##name(ct_tensor a, const int64_t *_Nullable dimensions, size_t count, bool keep, ct_tensor *out);
CT_REDUCTION(CT_DECLARE)
#undef CT_DECLARE
#define CT_DECLARE(name) CT_FALLIBLE ct_tensor_##name(ct_tensor a, int64_t dimension, ct_tensor *out);
CT_ALONG(CT_DECLARE)
#undef CT_DECLARE

CT_FALLIBLE ct_tensor_clamp(ct_tensor a, double minimum, double maximum, ct_tensor *out);
CT_FALLIBLE ct_tensor_where(ct_tensor condition, ct_tensor a, ct_tensor b, ct_tensor *out);
CT_FALLIBLE ct_tensor_gather(ct_tensor a, int64_t dimension, ct_tensor index, ct_tensor *out);
CT_FALLIBLE ct_tensor_index_select(ct_tensor a, int64_t dimension, ct_tensor index, ct_tensor *out);
CT_FALLIBLE ct_tensor_one_hot(ct_tensor a, int64_t classes, ct_tensor *out);
CT_FALLIBLE ct_tensor_reshape(ct_tensor a, const int64_t *_Nullable shape, size_t rank, ct_tensor *out);
CT_FALLIBLE ct_tensor_expand(ct_tensor a, const int64_t *_Nullable shape, size_t rank, ct_tensor *out);
CT_FALLIBLE ct_tensor_permute(ct_tensor a, const int64_t *_Nullable order, size_t rank, ct_tensor *out);
CT_FALLIBLE ct_tensor_narrow(ct_tensor a, int64_t dimension, int64_t start, int64_t length, ct_tensor *out);
CT_FALLIBLE ct_tensor_select(ct_tensor a, int64_t dimension, int64_t index, ct_tensor *out);
CT_FALLIBLE ct_tensor_concatenate(const ct_tensor *tensors, size_t count, int64_t dimension, ct_tensor *out);
CT_FALLIBLE ct_tensor_stack(const ct_tensor *tensors, size_t count, int64_t dimension, ct_tensor *out);
/// Eigenvalues in ascending order and eigenvectors in columns of a symmetric matrix.
CT_FALLIBLE ct_tensor_eigh(ct_tensor a, ct_tensor *values, ct_tensor *vectors);
CT_FALLIBLE ct_tensor_solve_triangular(ct_tensor a, ct_tensor b, bool upper, ct_tensor *out);
/// Antialiased bilinear resizing of `[count, channels, height, width]`.
CT_FALLIBLE ct_tensor_resize(ct_tensor a, int64_t height, int64_t width, ct_tensor *out);
CT_FALLIBLE ct_tensor_copy(ct_tensor destination, ct_tensor source);
/// −Σ over the last dimension of the binary cross-entropy of x and the logits: log p(x).
CT_FALLIBLE ct_bernoulli_log_density(ct_tensor x, ct_tensor logits, ct_tensor *out);

/// −½ Σ over the last dimension of ln 2π + log_variance + (x − mean)² / e^log_variance, the shapes broadcasting: log N(x).
CT_FALLIBLE ct_gaussian_log_density(ct_tensor x, ct_tensor mean, ct_tensor log_variance, ct_tensor *out);
/// Each number 0 with the given probability, else divided by 1 − that probability.
CT_FALLIBLE ct_dropout(ct_tensor a, double probability, ct_generator generator, ct_tensor *out);
/// The same numbers; their gradient is multiplied by what the factor, of a shape that broadcasts, holds when it passes.
CT_FALLIBLE ct_gradient_scaled(ct_tensor a, ct_tensor factor, ct_tensor *out);
/// The mean of all numbers times a factor, a scalar.
CT_FALLIBLE ct_scaled_mean(ct_tensor a, double factor, ct_tensor *out);
/// Sums over the last dimension.
CT_FALLIBLE ct_row_sums(ct_tensor a, ct_tensor *out);
/// The first half of the last dimension, and its second half kept within a range.
CT_FALLIBLE ct_gaussian_parts(ct_tensor features, double minimum, double maximum, ct_tensor *mean, ct_tensor *log_variance);
/// mean + e^(log_variance / 2) · noise, of the noise's shape.
CT_FALLIBLE ct_reparametrized(ct_tensor mean, ct_tensor log_variance, ct_tensor noise, ct_tensor *out);
/// ½ (mean² + e^log_variance − log_variance − 1) of each number.
CT_FALLIBLE ct_standard_normal_divergence(ct_tensor mean, ct_tensor log_variance, ct_tensor *out);
/// (bytes − offset) / scale of some rows of `[count, columns]`, as floats.
CT_FALLIBLE ct_tensor_scaled_rows(ct_tensor bytes, ct_tensor rows, double offset, double scale, ct_tensor *out);

// Layers

typedef enum ct_activation { ct_activation_none, ct_activation_relu, ct_activation_leaky_relu, ct_activation_tanh,
                             ct_activation_sigmoid } ct_activation;

typedef enum ct_products {
  /// The faster on this processor.
  ct_products_best,
  /// libtorch's default.
  ct_products_blas,
  /// oneDNN's, with bias and activation in the same pass.
  ct_products_onednn,
} ct_products;

/// Which matrix products `ct_linear` uses from now on.
void ct_set_products(ct_products products);

typedef enum ct_writing {
  /// As is faster where the threads are.
  ct_writing_measured,
  /// Within the caches.
  ct_writing_near,
  /// Past the caches.
  ct_writing_far,
} ct_writing;

/// How threads write what all of them read from now on; what is computed does not depend on it.
void ct_set_writing(ct_writing writing);

typedef enum ct_precision { ct_precision_float32, ct_precision_bfloat16 } ct_precision;

/// The precision of the products in layers that this thread computes from now on; everything else stays as it is.
void ct_set_precision(ct_precision precision);
ct_precision ct_get_precision(void);
/// Whether the device multiplies in bfloat16 by instructions of its own.
bool ct_has_bfloat16(ct_device device);
typedef struct ct_linear_layer {
  /// `[outputs, inputs]`.
  ct_tensor weight;
  /// `[outputs]`.
  ct_tensor bias;
  ct_activation activation;
} ct_linear_layer;

/// activation(x wᵀ + b) of one layer after another, differentiable in all of them.
CT_FALLIBLE ct_linear(ct_tensor x, const ct_linear_layer *layers, size_t count, ct_tensor *out);

/// The activation of a convolution of `[count, channels, height, width]` with `[outputs, channels, k, k]`.
CT_FALLIBLE ct_convolution(ct_tensor x, ct_tensor weight, ct_tensor bias, int64_t stride, int64_t padding,
                           ct_activation activation, ct_tensor *out);
/// The same of the transposed convolution with `[channels, outputs, k, k]`, its result enlarged below and right by `extra`.
CT_FALLIBLE ct_transposed_convolution(ct_tensor x, ct_tensor weight, ct_tensor bias, int64_t stride, int64_t padding,
                                      int64_t extra_height, int64_t extra_width, ct_activation activation, ct_tensor *out);
/// The same of pictures brought to another size, each pixel the nearest one, and then convolved with stride 1.
CT_FALLIBLE ct_enlarging_convolution(ct_tensor x, ct_tensor weight, ct_tensor bias, int64_t height, int64_t width, int64_t padding,
                                     ct_activation activation, ct_tensor *out);
/// The activation of each channel scaled to mean 0 and variance 1 by its own moments; the running moments follow them in place.
CT_FALLIBLE ct_batch_normalization_training(ct_tensor x, ct_tensor scale, ct_tensor shift, ct_tensor running_mean,
                                            ct_tensor running_variance, double momentum, double epsilon,
                                            ct_activation activation, ct_tensor *out);
/// Each channel scaled by the running moments.
CT_FALLIBLE ct_batch_normalization(ct_tensor x, ct_tensor scale, ct_tensor shift, ct_tensor running_mean,
                                   ct_tensor running_variance, double epsilon, ct_activation activation, ct_tensor *out);

// Products: what a step cannot do without

typedef enum ct_product_kind { ct_product_linear, ct_product_convolution, ct_product_transposed } ct_product_kind;

/// A product of a layer; sizes that its kind does not have are 0.
typedef struct ct_product {
  ct_product_kind kind;
  /// Rows or pictures, and the numbers or channels of each before and after.
  int64_t count, inputs, outputs;
  /// The pictures' size before.
  int64_t height, width;
  int64_t kernel, stride, padding, extra_height, extra_width;
  /// Whether a backward pass has a product for the input's gradient, beside the weight's.
  bool has_input_gradient;
  /// What its factors are rounded to.
  ct_precision precision;
} ct_product;

/// Shows every product that this thread's layers make from now on to `record`; null ends it.
void ct_record_products(void (*_Nullable record)(ct_product product, void *_Nullable context), void *_Nullable context);
/// The seconds of a product forward and backward by itself, each part by the fastest library and layout: medians of `rounds`.
CT_FALLIBLE ct_product_seconds(ct_product product, ct_device device, int32_t rounds, double *out);

// Gradients and optimizers

CT_FALLIBLE ct_tensor_require_gradient(ct_tensor tensor);
bool ct_tensor_requires_gradient(ct_tensor tensor);
/// The gradients of a sum of scalars; a parameter that the loss does not reach gets zeros.
CT_FALLIBLE ct_gradients(ct_tensor loss, const ct_tensor *parameters, size_t count, ct_tensor *out);
/// Scales the gradients in place so that their joint Euclidean norm is at most `maximum`; gives the norm before.
CT_FALLIBLE ct_gradients_clip(const ct_tensor *gradients, size_t count, double maximum, double *norm);

/// One block of single precision, of zeros, for tensors like these, and its parts, which lie there as these do in memory.
CT_FALLIBLE ct_flat(const ct_tensor *tensors, size_t count, ct_tensor *block, ct_tensor *parts);
/// Overwrites tensors with others of the same shapes.
CT_FALLIBLE ct_tensors_copy(const ct_tensor *targets, const ct_tensor *sources, size_t count);

typedef struct ct_adam {
  double learning_rate, beta1, beta2, epsilon, weight_decay;
  /// Weight decay apart from the gradient (AdamW) instead of added to it.
  bool decoupled;
} ct_adam;
/// One step of Adam in one pass; `steps` are float scalars that count from 0.
CT_FALLIBLE ct_adam_step(const ct_tensor *parameters, const ct_tensor *gradients, const ct_tensor *means,
                         const ct_tensor *squares, const ct_tensor *steps, size_t count, ct_adam options);

/// The same by the gradients of a scalar; a parameter that it does not depend on has zeros.
///
/// A part of a parameter may change as soon as its gradient is known. No gradient is there afterwards.
CT_FALLIBLE ct_adam_descend(ct_tensor loss, const ct_tensor *parameters, const ct_tensor *means, const ct_tensor *squares,
                            const ct_tensor *steps, size_t count, ct_adam options);

/// The same in libtorch's own pass, with the learning rate in a float scalar on the parameters' device instead of in `options`.
CT_FALLIBLE ct_adam_step_by(ct_tensor learning_rate, const ct_tensor *parameters, const ct_tensor *gradients,
                            const ct_tensor *means, const ct_tensor *squares, const ct_tensor *steps, size_t count,
                            ct_adam options);

typedef struct ct_sgd {
  double learning_rate, momentum, weight_decay;
  bool nesterov;
} ct_sgd;
/// One step of gradient descent; `momenta` is read where `momentum` is not 0.
CT_FALLIBLE ct_sgd_step(const ct_tensor *parameters, const ct_tensor *gradients, const ct_tensor *momenta, size_t count,
                        ct_sgd options);

// Graphs: work that is captured once and then asked for as a whole

/// Whether work on a device can be captured by this libtorch and this build.
bool ct_has_graphs(ct_device device);
CT_FALLIBLE ct_stream_make(ct_device device, ct_stream *out);
void ct_stream_free(ct_stream stream);
/// Sends this thread's work to the stream, after all that it has asked for so far.
CT_FALLIBLE ct_stream_enter(ct_stream stream);
/// Sends this thread's work to where it went before, after all that the stream was asked for.
CT_FALLIBLE ct_stream_leave(ct_stream stream);
CT_FALLIBLE ct_graph_make(ct_graph *out);
void ct_graph_free(ct_graph graph);
/// From now on what the current stream is asked for is remembered and not done.
CT_FALLIBLE ct_graph_begin(ct_graph graph);
CT_FALLIBLE ct_graph_end(ct_graph graph);
/// Does on the current stream what was remembered, in the same memory.
CT_FALLIBLE ct_graph_replay(ct_graph graph);

#pragma clang assume_nonnull end
#ifdef __cplusplus
}
#endif
#endif

#pragma once
#include <cstdint>

/// Loops over plain memory, each in one pass, compiled for several processors of which the best is chosen when the program starts.
namespace ct::kernels {

/// Where a loop's numbers go.
///
/// A core that writes a line which others have read waits until all of these have let go of it, and they fetch it from this core's cache
/// again. Where cores have caches apart, 1.35 million numbers that 4 cores read are changed in 0.11 ms past the caches and in 0.55 ms
/// within them (Zen 5); reading them takes the same then.
enum class Writing {
  /// In the core's own cache: what this core reads next.
  near,
  /// Past the caches in memory, as far as it is whole lines: what all cores read next. The end of a parallel region waits for it.
  far
};

/// to = a.
void put(const float *a, float *to, int64_t count, Writing writing);
/// The same in bfloat16.
void put(const uint16_t *a, uint16_t *to, int64_t count, Writing writing);

/// ln 2π.
constexpr double log_two_pi = 1.8378770664093453;

/// What a leaky rectifier multiplies numbers below 0 by.
constexpr double leak = 0.01;

/// Rows of D binary log-likelihoods by logits, and their derivatives in the logits.
///
///     out[r] = Σ_d x l − softplus(l),   gradient[r, d] = x − sigmoid(l)
///
/// Row r of the logits goes with row r mod `x_rows` of x; `gradient` may be null.
void bernoulli(const float *x, const float *logits, float *gradient, float *out, int64_t first, int64_t last,
               int64_t x_rows, int64_t dimensions);

/// Rows of D Gaussian log-likelihoods, and the derivatives of their parts in the means.
///
///     out[r] = −½ Σ_d (ln 2π + log σ² + (x − μ)² / σ²),   slope[r, d] = (x − μ) / σ²
///
/// Row r of the means goes with row r mod `x_rows` of x and begins `log_variance_stride` r numbers on in log σ²; `slope` may be null.
void gaussian(const float *x, const float *mean, const float *log_variance, int64_t log_variance_stride, float *slope, float *out,
              int64_t first, int64_t last, int64_t x_rows, int64_t dimensions);

/// From the gradient of such rows and the slopes, which become the gradient in μ; and that in log σ², ½ g ((x − μ)² / σ² − 1),
/// summed over the rows where log σ² is the same for all (`log_variance_stride` 0).
void gaussian_back(const float *gradient, const float *log_variance, int64_t log_variance_stride, float *slope,
                   float *log_variance_gradient, int64_t first, int64_t last, int64_t dimensions);

/// scaled = e^(log σ² / 2) · noise,   z = mean + scaled.
void reparametrize(const float *mean, const float *log_variance, const float *noise, float *scaled, float *z, int64_t count);

/// Of draws k and their gradients: mean = Σ_k gradient,   log_variance = ½ Σ_k gradient · scaled; a draw has `stride` numbers.
void reparametrize_back(const float *gradient, const float *scaled, float *mean, float *log_variance, int64_t draws, int64_t stride,
                        int64_t count);

/// Rows of twice `latents` numbers cut in two, the second part kept within a range; not-a-number stays so.
void gaussian_parts(const float *features, float minimum, float maximum, float *mean, float *log_variance, int64_t rows, int64_t latents);

/// The gradient of the same in the features: 0 where the second part was not within the range.
void gaussian_parts_back(const float *features, float minimum, float maximum, const float *mean, const float *log_variance,
                         float *gradient, int64_t rows, int64_t latents);

/// out = ½ (mean² + σ² − log σ² − 1), and its derivative in log σ², ½ (σ² − 1).
void standard_normal_divergence(const float *mean, const float *log_variance, float *out, float *slope, int64_t count);

/// Of the gradient g of the same, whose rows are so many numbers apart and which may be one number for all of a row: g · mean and g · slope.
void standard_normal_divergence_back(const float *gradient, int64_t row_stride, bool is_by_row, const float *mean,
                                     const float *slope, float *mean_gradient, float *log_variance_gradient, int64_t rows,
                                     int64_t columns);

/// gradient[r, :] *= factor[r].
void scale_rows(float *gradient, const float *factor, int64_t first, int64_t last, int64_t dimensions);

/// What an activation's derivative is computed from its output by.
enum class Slope { none, rectified, leaky, tanh, sigmoid };

/// The gradient before an activation, and its sums over the rows `first` to `last`.
///
///     before[r, c] = gradient[r, c] · slope(y[r, c]),   sums[c] = Σ_r before[r, c]
///
/// Where the slope is 1, y and `before` are not looked at.
void before_activation(Slope slope, const float *gradient, const float *y, float *before, float *sums, int64_t first,
                       int64_t last, int64_t columns);

/// out[i] = a[i] · scale where the i-th of a stream of 16-bit random numbers is at least `threshold`, else 0, from `first`, a multiple of
/// 128, to `last`.
///
/// The numbers are the halves of Philox 4×32-10's words with the seed as its key, those of 16 counters interleaved in every 128 (Salmon et
/// al., “Parallel random numbers: as easy as 1, 2, 3”, 2011): any of them can be had without those before it.
void keep_at_random(const float *a, float *out, uint64_t seed, uint32_t threshold, float scale, int64_t first, int64_t last);

/// Sums over rows of each column's distances from `origin`, and of their squares: rows `first` to `last` of `[rows, columns]`.
void moments(const float *a, const float *origin, float *sums, float *squares, int64_t first, int64_t last, int64_t columns);

/// y = leaky(a · factor + addend) by columns, numbers below 0 multiplied by `below`.
void normalize(const float *a, const float *factor, const float *addend, float below, float *y, int64_t first, int64_t last,
               int64_t columns);

/// Of the gradient g after `normalize` and g′ before its rectifier: Σ g′ and Σ g′ (a − mean) by columns.
void normalize_back_sums(const float *gradient, const float *a, const float *factor, const float *addend, const float *mean,
                         float below, float *sums, float *products, int64_t first, int64_t last, int64_t columns);

/// out = g′ · factor + a · slope + offset by columns.
void normalize_back(const float *gradient, const float *a, const float *factor, const float *addend, const float *slope,
                    const float *offset, float below, float *out, int64_t first, int64_t last, int64_t columns);

/// The nearest bfloat16 of each number, ties to even; not-a-number stays so.
void narrow(const float *a, uint16_t *narrowed, int64_t count);

/// out[r, c] = activation(a[r, c] + bias[c]) of bfloat16 rows; without the activation where it has none of the linear pieces.
void widen_with_bias(Slope activation, const uint16_t *a, const float *bias, float *out, int64_t first, int64_t last,
                     int64_t columns);

/// transposed[c · transposed_stride + r] = a[r · stride + c] of so many rows and columns.
void transpose(const float *a, int64_t stride, float *transposed, int64_t transposed_stride, int64_t rows, int64_t columns,
               Writing writing = Writing::near);
/// The same in bfloat16.
void transpose(const uint16_t *a, int64_t stride, uint16_t *transposed, int64_t transposed_stride, int64_t rows, int64_t columns,
               Writing writing = Writing::near);

/// a[r, c] = activation(a[r, c] + bias[r]) of a contiguous `[rows, columns]`; not-a-number stays so.
void activate(Slope activation, float *a, const float *bias, int64_t rows, int64_t columns);
/// a[r, c] = activation(a[r, c] + bias[c]) of rows so many numbers apart.
void activate_columns(Slope activation, float *a, int64_t stride, const float *bias, int64_t rows, int64_t columns);

/// gradient[r, c] *= slope(y[r, c]).
void times_slope(Slope slope, float *gradient, int64_t stride, const float *y, int64_t y_stride, int64_t rows, int64_t columns);
/// out[r, c] = gradient[r, c] · slope(y[r, c]), rounded to bfloat16, as are the outputs, two rows of which lie side by side as
/// `narrow_and_pair` has them.
void narrow_times_slope(Slope slope, const float *gradient, int64_t stride, const uint16_t *y, int64_t y_stride, uint16_t *out,
                        int64_t out_stride, int64_t rows, int64_t columns);

/// Σ a, summed in double precision.
double sum(const float *a, int64_t count);

/// sums[r] = Σ_c a[r · stride + c].
void sum_rows(const float *a, int64_t stride, float *sums, int64_t rows, int64_t columns);
/// The same of bfloat16.
void sum_rows(const uint16_t *a, int64_t stride, float *sums, int64_t rows, int64_t columns);

/// sums[c] = Σ_r a[r · stride + c], or that added to what is there.
void sum_columns(const float *a, int64_t stride, float *sums, int64_t rows, int64_t columns, bool is_added);

/// sum[r, c] = Σ_p a[p · apart + r · stride + c] of so many parts p, a contiguous `[rows, columns]`.
void sum_tiles(const float *a, int64_t apart, int64_t parts, int64_t stride, float *sum, int64_t rows, int64_t columns);

/// The nearest bfloat16 of rows, as they are and two at a time side by side: paired[r · paired_stride + 2 c + i] = a[r + i, c] for even r and
/// i = 0, 1.
void narrow_and_pair(const float *a, int64_t stride, uint16_t *narrowed, int64_t narrowed_stride, uint16_t *paired, int64_t paired_stride,
                     int64_t rows, int64_t columns);

/// Which of 3 weights in a row each of the 2 taps of each of the 2 phases is the sum of, as bits.
struct Taps {
  unsigned char of[2][2];
};

/// The 3 × 3 weights of one output, each input's a contiguous 9, as the 2 × 2 taps of each of 4 phases, of which each has all inputs.
void fold(const Taps &taps, const float *weights, int64_t input_stride, float *folded, int64_t phase_stride, int64_t inputs);
/// The gradient of the same.
void unfold(const Taps &taps, const float *folded, int64_t phase_stride, float *weights, int64_t input_stride, int64_t inputs);

/// The numbers of a step of Adam that all elements share.
struct Adam {
  float beta1, beta2, epsilon;
  /// η / (1 − β₁ᵗ) and √(1 − β₂ᵗ).
  float rate, root;
  /// What is added to the gradient for each unit of the parameter, and what the parameter is multiplied by.
  float decay, shrinkage;
};

/// p ← s p,   g ← g + w p,   m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²,   p ← p − rate · m / (√v / root + ε), p written as asked
void adam(Adam step, float *p, const float *g, float *m, float *v, int64_t count, Writing writing);

/// Words of state of the Mersenne Twister MT19937 (Matsumoto & Nishimura, “Mersenne Twister”, 1998).
constexpr int64_t twister_size = 624;

/// The next words of a Mersenne Twister, the next of whose state is `next`; both are moved on.
void twister_words(uint32_t *state, int64_t &next, uint32_t *out, int64_t count);

/// out = 1 where a word's lower 24 bits, as a number in [0, 1), are below the probability, else 0.
void below(const uint32_t *words, const float *probabilities, float *out, int64_t count);

/// Numbers of a group of draws from N(0, 1), each half of which is made of both.
constexpr int64_t normal_group = 16;

/// Draws from N(0, 1) of so many words, a multiple of a group: of u and v, the lower 24 bits of a word of a group's first half and of its
/// second as numbers in [0, 1),
///
///     √(−2 ln(1 − u)) cos 2πv,   √(−2 ln(1 − u)) sin 2πv
///
/// (Box & Muller, “A note on the generation of random normal deviates”, 1958), in the order in which libtorch has them.
void normals(const uint32_t *words, float *out, int64_t count);

/// Whether all are in [0, 1].
bool are_probabilities(const float *a, int64_t count);

/// out[d] = (bytes[d] − offset) / scale.
void scale_bytes(const uint8_t *bytes, float *out, int64_t count, float offset, float scale);

} // namespace ct::kernels

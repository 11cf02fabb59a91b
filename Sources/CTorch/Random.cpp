#include "Guard.h"
#include "Threads.h"
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <mutex>

using namespace ct;

namespace {

/// A generator's words, many at a time.
class Words {
public:
  explicit Words(at::Generator &generator)
      : lock(generator.mutex()), source(at::check_generator<at::CPUGeneratorImpl>(generator)), engine(source->engine()),
        data(engine.data()),
        // libtorch counts those that are left, and turns the state before it takes the one behind the last.
        next(data.left_ == 1 ? kernels::twister_size : static_cast<int64_t>(data.next_)) {}
  Words(const Words &) = delete;
  ~Words() {
    data.next_ = static_cast<uint32_t>(next);
    data.left_ = static_cast<int>(kernels::twister_size - next) + 1;
    engine.set_data(data);
    source->set_engine(engine);
  }

  void take(uint32_t *words, int64_t count) { kernels::twister_words(data.state_.data(), next, words, count); }

private:
  std::lock_guard<std::mutex> lock;
  at::CPUGeneratorImpl *source;
  at::mt19937 engine;
  at::mt19937_data_pod data;
  int64_t next;
};

/// What libtorch's `bernoulli` draws, by the same words of the generator.
at::Tensor bernoulli(const at::Tensor &probabilities, at::Generator &generator) {
  auto plain = probabilities.contiguous();
  auto out = at::empty_like(plain);
  Words source(generator);
  constexpr int64_t chunk = 1024;
  uint32_t words[chunk];
  for (int64_t first = 0; first < plain.numel(); first += chunk) {
    auto count = std::min(chunk, plain.numel() - first);
    source.take(words, count);
    kernels::below(words, plain.const_data_ptr<float>() + first, out.data_ptr<float>() + first, count);
  }
  return out;
}

/// What libtorch's `randn` draws, up to rounding, by the same words of the generator.
void normal(at::Tensor &out, at::Generator &generator) {
  constexpr auto group = kernels::normal_group;
  auto count = out.numel(), whole = count / group * group;
  // Those that are left over are the last ones of a group of its own, which draws anew for others before them too.
  auto all = whole + (whole < count ? count - whole + group : 0);
  auto words = at::empty({all}, out.options().dtype(at::kInt));
  auto *w = reinterpret_cast<uint32_t *>(words.data_ptr<int32_t>());
  Words(generator).take(w, all);
  auto *numbers = out.data_ptr<float>();
  parallel(whole / group, grain(group), [&](int64_t first, int64_t last) {
    kernels::normals(w + first * group, numbers + first * group, (last - first) * group);
  });
  if (whole < count) kernels::normals(w + all - group, numbers + count - group, group);
}

} // namespace

extern "C" {

char *ct_generator_make(uint64_t seed, ct_device index, ct_generator *out) {
  return guarded([&] {
    if (index < 0) {
      *out = {new at::Generator(at::detail::createCPUGenerator(seed))};
    } else {
      auto generator = at::detail::getCUDAHooks().getNewGenerator(static_cast<at::DeviceIndex>(index));
      generator.set_current_seed(seed);
      *out = {new at::Generator(std::move(generator))};
    }
  });
}
void ct_generator_free(ct_generator generator) { delete static_cast<at::Generator *>(generator.object); }

char *ct_generator_state(ct_generator generator, ct_tensor *out) {
  return make(out, [&] {
    std::lock_guard<std::mutex> lock(ref(generator).mutex());
    return ref(generator).get_state();
  });
}
char *ct_generator_set_state(ct_generator generator, ct_tensor state) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(ref(generator).mutex());
    ref(generator).set_state(ref(state));
  });
}
char *ct_random_normal(const int64_t *shape, size_t rank, ct_type type, ct_device device, ct_generator generator,
                       ct_tensor *out) {
  return make(out, [&] {
    auto made = at::empty(list(shape, rank), options(type, device));
    if (!is_plain(made) || made.numel() < kernels::normal_group) return made.normal_(0, 1, ref(generator));
    normal(made, ref(generator));
    return made;
  });
}
char *ct_random_uniform(const int64_t *shape, size_t rank, ct_type type, ct_device device, ct_generator generator,
                        ct_tensor *out) {
  return make(out, [&] { return at::rand(list(shape, rank), ref(generator), options(type, device)); });
}
char *ct_random_permutation(int64_t count, ct_device device, ct_generator generator, ct_tensor *out) {
  return make(out, [&] { return at::randperm(count, ref(generator), options(ct_type_int64, device)); });
}
char *ct_random_bernoulli(ct_tensor probabilities, ct_generator generator, ct_tensor *out) {
  return make(out, [&] {
    const auto &p = ref(probabilities);
    auto fits = is_plain(p) && !p.requires_grad() && kernels::are_probabilities(p.contiguous().const_data_ptr<float>(), p.numel());
    return fits ? bernoulli(p, ref(generator)) : at::bernoulli(p, ref(generator));
  });
}
char *ct_random_categories(ct_tensor weights, int64_t count, ct_generator generator, ct_tensor *out) {
  return make(out, [&] { return at::multinomial(ref(weights), count, true, ref(generator)); });
}

} // extern "C"

#include "Guard.h"
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <mutex>

using namespace ct;

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
  return make(out, [&] { return at::randn(list(shape, rank), ref(generator), options(type, device)); });
}
char *ct_random_uniform(const int64_t *shape, size_t rank, ct_type type, ct_device device, ct_generator generator,
                        ct_tensor *out) {
  return make(out, [&] { return at::rand(list(shape, rank), ref(generator), options(type, device)); });
}
char *ct_random_permutation(int64_t count, ct_device device, ct_generator generator, ct_tensor *out) {
  return make(out, [&] { return at::randperm(count, ref(generator), options(ct_type_int64, device)); });
}
char *ct_random_bernoulli(ct_tensor probabilities, ct_generator generator, ct_tensor *out) {
  return make(out, [&] { return at::bernoulli(ref(probabilities), ref(generator)); });
}
char *ct_random_categories(ct_tensor weights, int64_t count, ct_generator generator, ct_tensor *out) {
  return make(out, [&] { return at::multinomial(ref(weights), count, true, ref(generator)); });
}

} // extern "C"

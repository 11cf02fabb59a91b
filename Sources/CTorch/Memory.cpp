#include "CTorch.h"
#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <array>
#include <cstdlib>
#include <mutex>
#include <unordered_map>
#include <vector>

/// Memory of tensors, kept for the next tensor of the same size.
///
/// The steps of a training ask for the same sizes again and again. Blocks that were handed out before have their pages, and cost neither
/// a search nor a merge with their neighbours.
namespace {

class KeptMemory final : public c10::Allocator {
public:
  c10::DataPtr allocate(size_t bytes) override {
    if (bytes == 0) return {nullptr, nullptr, &give_back, c10::Device(c10::DeviceType::CPU)};
    auto granule = bytes < large ? alignment : page;
    auto *block = take((bytes + granule - 1) / granule * granule);
    // libtorch also asks for bare memory, where a block's address is all there is to give it back by.
    return {block, block, &give_back, c10::Device(c10::DeviceType::CPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &give_back; }
  void copy_data(void *destination, const void *source, size_t count) const override {
    default_copy_data(destination, source, count);
  }

  static KeptMemory &shared() {
    static auto *memory = new KeptMemory; // tensors may outlive everything
    return *memory;
  }

private:
  /// Vector instructions want their numbers on such addresses; a block's size stands so far before it.
  static constexpr size_t alignment = 64;
  /// Sizes of blocks are whole numbers of the alignment, and of large ones, whole pages.
  static constexpr size_t page = 4096, large = 1 << 15;
  /// Bytes that are kept at the most while no tensor has them.
  static constexpr size_t most = size_t(1) << 29;

  std::mutex mutex;
  /// Blocks that no tensor has: small ones by how many times the alignment they have, and large ones by their size.
  std::array<std::vector<char *>, large / alignment + 1> kept_small;
  std::unordered_map<size_t, std::vector<char *>> kept_large;
  size_t bytes = 0;

  std::vector<char *> &kept(size_t size) { return size <= large ? kept_small[size / alignment] : kept_large[size]; }

  static size_t &size_of(char *block) { return *reinterpret_cast<size_t *>(block - alignment); }

  char *take(size_t size) {
    {
      std::lock_guard<std::mutex> lock(mutex);
      if (auto &blocks = kept(size); !blocks.empty()) {
        auto *block = blocks.back();
        blocks.pop_back();
        bytes -= size;
        return block;
      }
    }
    void *memory = nullptr;
    if (posix_memalign(&memory, alignment, size + alignment) != 0) {
      release();
      TORCH_CHECK(posix_memalign(&memory, alignment, size + alignment) == 0, "there is no memory for ", size, " bytes");
    }
    auto *block = static_cast<char *>(memory) + alignment;
    size_of(block) = size;
    return block;
  }

  static void give_back(void *address) {
    if (!address) return;
    auto *block = static_cast<char *>(address);
    auto size = size_of(block);
    auto &memory = shared();
    {
      std::lock_guard<std::mutex> lock(memory.mutex);
      if (memory.bytes + size <= most) {
        memory.kept(size).push_back(block);
        memory.bytes += size;
        return;
      }
    }
    memory.release();
    free(block - alignment);
  }

  /// Gives all that is kept back to the system.
  void release() {
    std::lock_guard<std::mutex> lock(mutex);
    auto free_all = [](std::vector<char *> &blocks) {
      for (auto *block : blocks) free(block - alignment);
      blocks.clear();
    };
    for (auto &blocks : kept_small) free_all(blocks);
    for (auto &[size, blocks] : kept_large) free_all(blocks);
    kept_large.clear();
    bytes = 0;
  }
};

} // namespace

void ct_keep_memory(void) { c10::SetCPUAllocator(&KeptMemory::shared(), 1); }

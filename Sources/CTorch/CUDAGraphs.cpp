#include "Graphs.h"
#ifdef CT_CUDA_GRAPHS
#include <ATen/core/GraphImplInterface.h>
#include <ATen/cuda/CUDAGraph.h>

namespace {

/// libtorch's graphs of CUDA behind its interface for all devices, with which libtorch 2.13 itself registers XPU alone.
class CUDAGraphs final : public at::GraphImplInterface {
public:
  explicit CUDAGraphs(const at::GraphImplArgs &arguments) : graph(arguments.keep_graph) {}

  void capture_begin(at::MempoolId_t pool, at::GraphCaptureMode mode) override { graph.capture_begin(pool, native(mode)); }
  void capture_end() override { graph.capture_end(); }
  void instantiate() override { graph.instantiate(); }
  void replay() override { graph.replay(); }
  void reset() override { graph.reset(); }
  at::MempoolId_t pool() const override { return graph.pool(); }
  void enable_debug_mode() override { graph.enable_debug_mode(); }
  void debug_dump(const std::string &path) override { graph.debug_dump(path); }

private:
  mutable at::cuda::CUDAGraph graph;

  static cudaStreamCaptureMode native(at::GraphCaptureMode mode) {
    switch (mode) {
    case at::GraphCaptureMode::ThreadLocal: return cudaStreamCaptureModeThreadLocal;
    case at::GraphCaptureMode::Relaxed: return cudaStreamCaptureModeRelaxed;
    default: return cudaStreamCaptureModeGlobal;
    }
  }
};

} // namespace

void ct::offer_cuda_graphs() {
  static const bool offered = [] {
    if (at::has_graph_impl(c10::DeviceType::CUDA)) return false;
    at::GraphImplRegistry()->Register(
        c10::DeviceTypeName(c10::DeviceType::CUDA, /*lower_case=*/false),
        [](const at::GraphImplArgs &arguments) -> std::unique_ptr<at::GraphImplInterface> {
          return std::make_unique<CUDAGraphs>(arguments);
        });
    return true;
  }();
  (void)offered;
}
#else
void ct::offer_cuda_graphs() {}
#endif

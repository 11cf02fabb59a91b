#pragma once

namespace ct {

/// Registers CUDA's graphs with libtorch where it has not done so itself and this build found CUDA's headers (CUDAGraphs.cpp).
void offer_cuda_graphs();

} // namespace ct

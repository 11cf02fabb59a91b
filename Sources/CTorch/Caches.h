#pragma once
#include "Kernels.h"

namespace ct {

/// How numbers that all of `parts` threads, where it is more than 1, read next are best written: past the caches, where cores have caches apart.
///
/// On which cores threads run is the system's choice, and in a virtual machine its host's, which changes: it is measured again every second.
/// What is computed does not depend on it. To be asked outside of parallel regions.
kernels::Writing writing_for_all(int64_t parts);

} // namespace ct

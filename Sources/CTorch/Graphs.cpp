#include "Graphs.h"
#include "Guard.h"
#include <ATen/accelerator/Graph.h>
#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>

using namespace ct;

namespace {

/// A stream other than the default one, whose work follows what was asked for before and comes before what is asked for later.
struct Side {
  c10::Stream stream, outer;

  explicit Side(at::Device device)
      : stream(c10::impl::VirtualGuardImpl(device.type()).getStreamFromGlobalPool(device)), outer(stream) {}

  void enter() {
    c10::impl::VirtualGuardImpl guard(stream.device_type());
    outer = guard.getStream(stream.device());
    order(outer, stream);
    guard.exchangeStream(stream);
  }
  void leave() {
    order(stream, outer);
    c10::impl::VirtualGuardImpl(stream.device_type()).exchangeStream(outer);
  }

private:
  static void order(const c10::Stream &before, const c10::Stream &after) {
    c10::Event event(before.device_type());
    event.record(before);
    event.block(after);
  }
};

at::accelerator::Graph &ref(ct_graph graph) { return *static_cast<at::accelerator::Graph *>(graph.object); }
Side &ref(ct_stream stream) { return *static_cast<Side *>(stream.object); }

} // namespace

extern "C" {

bool ct_has_graphs(ct_device index) {
  if (index < 0) return false;
  offer_cuda_graphs();
  return at::has_graph_impl(device(index).type());
}

char *ct_stream_make(ct_device index, ct_stream *out) {
  return guarded([&] { *out = {new Side(device(index))}; });
}
void ct_stream_free(ct_stream stream) { delete static_cast<Side *>(stream.object); }
char *ct_stream_enter(ct_stream stream) {
  return guarded([&] { ref(stream).enter(); });
}
char *ct_stream_leave(ct_stream stream) {
  return guarded([&] { ref(stream).leave(); });
}

char *ct_graph_make(ct_graph *out) {
  return guarded([&] {
    offer_cuda_graphs();
    *out = {new at::accelerator::Graph()};
  });
}
void ct_graph_free(ct_graph graph) { delete static_cast<at::accelerator::Graph *>(graph.object); }
char *ct_graph_begin(ct_graph graph) {
  return guarded([&] { ref(graph).capture_begin(); });
}
char *ct_graph_end(ct_graph graph) {
  return guarded([&] { ref(graph).capture_end(); });
}
char *ct_graph_replay(ct_graph graph) {
  return guarded([&] { ref(graph).replay(); });
}

} // extern "C"

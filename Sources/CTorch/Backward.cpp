#include "Backward.h"
#include <ATen/core/grad_mode.h>
#include <queue>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/engine.h>
#include <unordered_map>

using torch::autograd::Node;
using torch::autograd::variable_list;

namespace {

/// A walk through the graph that led to a scalar, the node that was made last first, on this thread.
///
/// libtorch's engine takes the same nodes in the same order. It is made for many threads and devices and keeps and restores all of a thread's
/// state at every node, which takes as long as a small node itself.
class Walk {
public:
  Walk(const at::Tensor &loss, const std::vector<at::Tensor> &parameters) : root(loss.grad_fn().get()) {
    for (const auto &parameter : parameters) leaves.push_back(torch::autograd::impl::grad_accumulator(parameter));
    for (const auto &leaf : leaves) found[leaf.get()];
    look();
    if (!places[root].is_needed) return;
    take(root, loss.output_nr(), at::ones_like(loss));
    std::priority_queue<Node *, std::vector<Node *>, Earlier> ready;
    ready.push(root);
    while (!ready.empty()) {
      auto *node = ready.top();
      ready.pop();
      auto outputs = run(node);
      for (size_t i = 0; i < outputs.size(); ++i) {
        const auto &edge = node->next_edge(i);
        auto *next = edge.function.get();
        if (auto leaf = found.find(next); leaf != found.end()) {
          if (outputs[i].defined()) add(leaf->second, std::move(outputs[i]));
        } else if (edge.is_valid() && places[next].is_needed) {
          if (outputs[i].defined()) take(next, edge.input_nr, std::move(outputs[i]));
          if (--places[next].awaited == 0) ready.push(next);
        }
      }
    }
  }

  at::Tensor gradient(size_t index) const { return found.at(leaves[index].get()); }

private:
  struct Place {
    bool is_needed = false;
    /// Edges that lead here and have not been passed.
    int64_t awaited = 0;
    variable_list inputs;
  };
  struct Earlier {
    bool operator()(const Node *a, const Node *b) const { return a->sequence_nr() < b->sequence_nr(); }
  };

  Node *root;
  std::vector<c10::intrusive_ptr<Node>> leaves;
  std::unordered_map<Node *, at::Tensor> found;
  std::unordered_map<Node *, Place> places;

  /// Finds out which nodes lead to a parameter, those behind a node before itself.
  void look() {
    std::vector<std::pair<Node *, size_t>> path{{root, 0}};
    places[root];
    while (!path.empty()) {
      auto *node = path.back().first;
      if (path.back().second < node->num_outputs()) {
        auto *next = node->next_edge(path.back().second++).function.get();
        if (next && !found.contains(next) && places.try_emplace(next).second) path.emplace_back(next, 0);
        continue;
      }
      path.pop_back();
      auto &place = places[node];
      for (const auto &edge : node->next_edges()) {
        auto *next = edge.function.get();
        if (!next) continue;
        place.is_needed = place.is_needed || found.contains(next) || places[next].is_needed;
      }
      if (!place.is_needed) continue;
      for (const auto &edge : node->next_edges()) {
        if (auto *next = edge.function.get(); next && !found.contains(next)) ++places[next].awaited;
      }
    }
  }

  static void add(at::Tensor &sum, at::Tensor gradient) {
    sum = sum.defined() ? at::add(sum, gradient) : std::move(gradient);
  }

  void take(Node *node, size_t input, at::Tensor gradient) {
    auto &inputs = places[node].inputs;
    if (inputs.size() < node->num_inputs()) inputs.resize(node->num_inputs());
    add(inputs[input], std::move(gradient));
  }

  /// What a node makes of what came to it, in the shapes and types of the tensors that it belongs to; what it kept for that is let go.
  variable_list run(Node *node) {
    auto inputs = std::move(places[node].inputs);
    inputs.resize(node->num_inputs());
    node->will_release_variables();
    auto outputs = (*node)(std::move(inputs));
    node->release_variables();
    torch::autograd::validate_outputs(node->next_edges(), outputs, [&](const std::string &message) {
      return node->name() + " gave an unfit gradient: " + message;
    });
    return outputs;
  }
};

} // namespace

std::vector<at::Tensor> ct::gradients(const at::Tensor &loss, const std::vector<at::Tensor> &parameters) {
  auto is_leaf = [](const at::Tensor &parameter) { return parameter.is_leaf() && parameter.requires_grad(); };
  if (!loss.is_cpu() || !loss.grad_fn() || !std::all_of(parameters.begin(), parameters.end(), is_leaf)) {
    return torch::autograd::grad({loss}, parameters, {}, std::nullopt, false, true);
  }
  at::NoGradGuard guard;
  Walk walk(loss, parameters);
  std::vector<at::Tensor> found;
  for (size_t i = 0; i < parameters.size(); ++i) found.push_back(walk.gradient(i));
  return found;
}

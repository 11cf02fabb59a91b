#include "Backward.h"
#include "Descent.h"
#include "Threads.h"
#include <ATen/core/grad_mode.h>
#include <queue>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/engine.h>
#include <unordered_map>

using torch::autograd::Node;
using torch::autograd::variable_list;
using ct::Remainder;
using ct::Step;

namespace {

/// A walk through the graph that led to a scalar, the node that was made last first, on this thread.
///
/// libtorch's engine takes the same nodes in the same order. It is made for many threads and devices and keeps and restores all of a thread's
/// state at every node, which takes as long as a small node itself.
class Walk {
public:
  /// - Parameter steps: Those to be taken, one for each parameter, which outlive the walk; or none.
  Walk(const at::Tensor &loss, const std::vector<at::Tensor> &parameters, const Step *steps = nullptr)
      : loss(loss), root(loss.grad_fn().get()), steps(steps) {
    for (const auto &parameter : parameters) {
      ends.push_back(torch::autograd::impl::grad_accumulator(parameter));
      leaves[ends.back().get()].parameter = ends.size() - 1;
    }
    look();
  }

  void run() {
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
        if (auto leaf = leaves.find(next); leaf != leaves.end()) {
          if (outputs[i].defined()) add(leaf->second.gradient, std::move(outputs[i]));
        } else if (edge.is_valid() && places[next].is_needed) {
          if (outputs[i].defined()) take(next, edge.input_nr, std::move(outputs[i]));
          if (--places[next].awaited == 0) ready.push(next);
        }
      }
    }
  }

  at::Tensor gradient(size_t parameter) const { return leaves.at(ends[parameter].get()).gradient; }
  bool is_handed_over(size_t parameter) const { return leaves.at(ends[parameter].get()).is_handed_over; }

  std::vector<const Step *> hand_over(size_t first, size_t count) {
    std::vector<Leaf *> found;
    for (auto i = first; i < first + count && steps; ++i) {
      auto leaf = leaves.find(running->next_edge(i).function.get());
      if (leaf == leaves.end() || leaf->second.edges != 1) return {};
      found.push_back(&leaf->second);
    }
    std::vector<const Step *> handed;
    for (auto *leaf : found) {
      leaf->is_handed_over = true;
      handed.push_back(steps + leaf->parameter);
    }
    return handed;
  }

  /// What nodes left, in their order.
  std::vector<Remainder> remainders;

private:
  struct Place {
    bool is_needed = false;
    /// Edges that lead here and have not been passed.
    int64_t awaited = 0;
    variable_list inputs;
  };
  struct Leaf {
    size_t parameter = 0;
    /// Nodes that have a part in its gradient.
    int64_t edges = 0;
    bool is_handed_over = false;
    at::Tensor gradient;
  };
  struct Earlier {
    bool operator()(const Node *a, const Node *b) const { return a->sequence_nr() < b->sequence_nr(); }
  };

  const at::Tensor &loss;
  Node *root, *running = nullptr;
  const Step *steps;
  /// Of each parameter.
  std::vector<c10::intrusive_ptr<Node>> ends;
  std::unordered_map<Node *, Leaf> leaves;
  std::unordered_map<Node *, Place> places;

  /// Finds out which nodes lead to a parameter, those behind a node before itself.
  void look() {
    std::vector<std::pair<Node *, size_t>> path{{root, 0}};
    places[root];
    while (!path.empty()) {
      auto *node = path.back().first;
      if (path.back().second < node->num_outputs()) {
        auto *next = node->next_edge(path.back().second++).function.get();
        if (next && !leaves.contains(next) && places.try_emplace(next).second) path.emplace_back(next, 0);
        continue;
      }
      path.pop_back();
      auto &place = places[node];
      for (const auto &edge : node->next_edges()) {
        auto *next = edge.function.get();
        if (!next) continue;
        place.is_needed = place.is_needed || leaves.contains(next) || places[next].is_needed;
      }
      if (!place.is_needed) continue;
      for (const auto &edge : node->next_edges()) {
        auto *next = edge.function.get();
        if (auto leaf = leaves.find(next); leaf != leaves.end()) {
          ++leaf->second.edges;
        } else if (next) {
          ++places[next].awaited;
        }
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
    running = node;
    auto outputs = (*node)(std::move(inputs));
    node->release_variables();
    torch::autograd::validate_outputs(node->next_edges(), outputs, [&](const std::string &message) {
      return node->name() + " gave an unfit gradient: " + message;
    });
    return outputs;
  }
};

/// The walk of this thread that takes steps.
thread_local Walk *walking = nullptr;

/// Whether parameters' gradients are found by a walk.
bool can_walk(const at::Tensor &loss, const std::vector<at::Tensor> &parameters) {
  auto is_leaf = [](const at::Tensor &parameter) { return parameter.is_leaf() && parameter.requires_grad(); };
  return loss.is_cpu() && loss.grad_fn() && std::all_of(parameters.begin(), parameters.end(), is_leaf);
}

/// A gradient as optimizers take it: zeros where there is none, and in memory as the parameter is.
///
/// Their passes go through memory in parallel, and a convolution's derivatives may lie there in another order.
at::Tensor filled(const at::Tensor &gradient, const at::Tensor &parameter) {
  if (!gradient.defined()) return at::zeros_like(parameter);
  return gradient.strides() == parameter.strides() ? gradient : at::empty_like(parameter).copy_(gradient);
}

} // namespace

namespace ct {

std::vector<at::Tensor> gradients(const at::Tensor &loss, const std::vector<at::Tensor> &parameters) {
  std::vector<at::Tensor> found;
  if (can_walk(loss, parameters)) {
    at::NoGradGuard guard;
    Walk walk(loss, parameters);
    walk.run();
    for (size_t i = 0; i < parameters.size(); ++i) found.push_back(walk.gradient(i));
  } else {
    found = torch::autograd::grad({loss}, parameters, {}, std::nullopt, false, true);
  }
  at::NoGradGuard guard;
  for (size_t i = 0; i < parameters.size(); ++i) found[i] = filled(found[i], parameters[i]);
  return found;
}

void descend(const at::Tensor &loss, const std::vector<Step> &steps) {
  std::vector<at::Tensor> parameters;
  for (const auto &step : steps) parameters.push_back(step.parameter);
  if (!can_walk(loss, parameters)) return take(steps, gradients(loss, parameters));
  at::NoGradGuard guard;
  Walk walk(loss, parameters, steps.data());
  {
    walking = &walk;
    struct End {
      ~End() { walking = nullptr; }
    } end;
    walk.run();
  }
  int64_t parts = at::get_num_threads();
  if (!walk.remainders.empty()) {
    on_threads(parts, [&](int64_t part) {
      for (const auto &remainder : walk.remainders) remainder.work(part, parts);
    });
  }
  std::vector<Step> others;
  std::vector<at::Tensor> found;
  for (size_t i = 0; i < steps.size(); ++i) {
    if (walk.is_handed_over(i)) {
      tell_changed(steps[i].parameter);
    } else {
      others.push_back(steps[i]);
      found.push_back(filled(walk.gradient(i), steps[i].parameter));
    }
  }
  take(others, found);
  for (const auto &remainder : walk.remainders) remainder.end();
}

std::vector<const Step *> hand_over(size_t first_output, size_t count) {
  return walking ? walking->hand_over(first_output, count) : std::vector<const Step *>();
}

void leave(Remainder remainder) { walking->remainders.push_back(std::move(remainder)); }

} // namespace ct

#pragma once
#include <optional>
#include <torch/csrc/autograd/functions/utils.h>

/// Derivatives of this target's own operations.
namespace ct {

using torch::autograd::variable_list;

/// A node of the graph of gradients, by an operation that has as members what it keeps for its pass backward:
///
///     variable_list backward(variable_list gradients);   // in its inputs, by those in its outputs
///
/// libtorch's `Function` keeps that by names and in wraps, and takes as long for it as the loops of a small operation do.
template <typename Operation> class OperationNode final : public torch::autograd::Node {
public:
  OperationNode(Operation operation, torch::autograd::edge_list edges) : Node(std::move(edges)), operation(std::move(operation)) {}

  std::string name() const override { return c10::demangle(typeid(Operation).name()); }
  void release_variables() override { operation.reset(); }

protected:
  variable_list apply(variable_list &&gradients) override {
    TORCH_CHECK(operation, "the gradients of ", name(), " were asked for a second time");
    return operation->backward(std::move(gradients));
  }

private:
  std::optional<Operation> operation;
};

/// Makes what an operation computed differentiable in its inputs, as far as these are.
///
/// What it keeps is nobody else's to change, or a `SavedVariable`, and not the output itself.
template <typename Operation, typename... Inputs>
void attach(const variable_list &outputs, Operation operation, const Inputs &...inputs) {
  if (!torch::autograd::compute_requires_grad(inputs...)) return;
  auto node = c10::make_intrusive<OperationNode<Operation>>(std::move(operation), torch::autograd::collect_next_edges(inputs...));
  for (const auto &output : outputs) torch::autograd::set_history(output, node);
}

} // namespace ct

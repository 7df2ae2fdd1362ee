#pragma once

#include <memory>
#include <string_view>

#include "unroll/training/language_task.h"
#include "unroll/training/trainer.h"

namespace unroll::testing {

/// A trainer of a language model, and what tests look at in its task.
class LanguageTrainer : public Trainer {
 public:
  LanguageTrainer(const ModelConfig& model, const TrainConfig& config, std::u32string_view text,
                  const StartingModel* start = nullptr)
      : LanguageTrainer(std::make_shared<LanguageTask>(model, config, text, start), config) {}

  const std::shared_ptr<LanguageModel<float>>& model() const { return task_->model(); }
  const std::shared_ptr<const Vocabulary>& vocabulary() const { return task_->vocabulary(); }
  std::span<const TokenId> tokens(Part part) const { return task_->tokens(part); }
  std::unique_ptr<TaskEvaluation> evaluate(Part part) const { return task_->evaluate(part); }

 private:
  LanguageTrainer(std::shared_ptr<LanguageTask> task, const TrainConfig& config)
      : Trainer(task, config), task_(std::move(task)) {}

  std::shared_ptr<LanguageTask> task_;
};

}  // namespace unroll::testing

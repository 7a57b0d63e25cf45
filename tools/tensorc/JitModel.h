//===- JitModel.h - A compiled model, loaded to be called -------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TOOLS_TENSORC_JITMODEL_H
#define TENSORC_TOOLS_TENSORC_JITMODEL_H

#include "compiler/artifact/Model.h"
#include "compiler/pipeline/Pipeline.h"

#include "llvm/Support/Error.h"

#include <memory>

namespace llvm::orc {
class LLJIT;
} // namespace llvm::orc

namespace tensorc::tool {

/// Memory as compiled models want it: aligned and zeroed.
class Memory {
public:
  explicit Memory(size_t bytes);
  ~Memory();
  Memory(Memory &&other) noexcept;
  Memory &operator=(Memory &&other) noexcept;
  char *data() const { return pointer; }
  size_t size() const { return bytes; }

private:
  char *pointer;
  size_t bytes;
};

/// The object of a finished compilation, in this process.
class JitModel {
public:
  /// `compilation`, of phase `Object`, must outlive the result.
  static llvm::Expected<std::unique_ptr<JitModel>>
  load(compiler::Compilation &compilation);
  ~JitModel();

  const compiler::Model &model() const { return description; }
  const compiler::ModelFunction *find(llvm::StringRef function) const;
  /// Calls `function` with its inputs and outputs, in this order, and sizes, in
  /// that of its symbols; an error says what the function reports.
  llvm::Error call(llvm::StringRef function, void *state,
                   llvm::ArrayRef<void *> buffers,
                   llvm::ArrayRef<int64_t> sizes = {});

private:
  explicit JitModel(const compiler::Model &description);
  llvm::Error addTrampolines();

  const compiler::Model &description;
  std::unique_ptr<llvm::orc::LLJIT> jit;
};

} // namespace tensorc::tool

#endif // TENSORC_TOOLS_TENSORC_JITMODEL_H

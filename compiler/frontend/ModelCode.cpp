//===- ModelCode.cpp - Where code of the user's runs ----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/frontend/ModelCode.h"

namespace tensorc::compiler {

static ModelCode::Watcher watcher = nullptr;

void ModelCode::setWatcher(Watcher chosen) { watcher = chosen; }

ModelCode::ModelCode(const std::string &doing) {
  if (watcher)
    watcher(doing.c_str());
}

ModelCode::~ModelCode() {
  if (watcher)
    watcher(nullptr);
}

} // namespace tensorc::compiler

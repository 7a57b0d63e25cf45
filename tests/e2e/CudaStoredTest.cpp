//===- CudaStoredTest.cpp - GPU programs against values of PyTorch --------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The models of OracleTest.cpp, DTypesTest.cpp and RandomHalvesTest.cpp,
// compiled for GPUs when this was built, as the device runtime runs them.
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Dense.h"
#include "tensorc/abi_cuda.h"
#include "tests/e2e/Gpu.h"
#include "tests/e2e/StoredModel.h"

#include <algorithm>
#include <gtest/gtest.h>

using namespace tensorc;
using namespace tensorc::test;

extern "C" {
extern const tensorc_cuda_program stored_float64_cuda, stored_float32_cuda,
    stored_float16_cuda, stored_bfloat16_cuda, stored_dtypes_cuda,
    stored_chains_cuda;
}

namespace {

std::size_t byte_count(const Tensor &tensor) {
  return std::size_t(tensor.numel()) * size_of(tensor.dtype());
}

/// A program on the device.
class DeviceProgram {
public:
  explicit DeviceProgram(const tensorc_cuda_program &program)
      : program(program) {
    if (tensorc_rt_cuda_open(&program, 0, &model))
      ADD_FAILURE() << tensorc_rt_last_error();
  }
  ~DeviceProgram() { tensorc_rt_cuda_close(model); }
  bool is_open() const { return model; }

  /// The outputs of a function, which have these types; a failure of the test
  /// where it fails.
  TensorList call(const ModelExport::Function &function,
                  const std::vector<TensorType> &types) {
    std::vector<const void *> inputs;
    for (const auto &[name, example] : function.inputs)
      inputs.push_back(address(*example.impl()));
    TensorList results;
    std::vector<void *> outputs;
    for (const TensorType &type : types) {
      results.push_back(make_dense(type, kCPU));
      outputs.push_back(address(*results.back().impl()));
      // Whatever isn't written is wrong.
      std::fill_n(address(*results.back().impl()), byte_count(results.back()),
                  char(0x5a));
    }
    std::int32_t index =
        tensorc_rt_cuda_find_function(&program, function.name.c_str());
    if (index < 0 || !fits(program.codes[0].functions[index], results) ||
        tensorc_rt_cuda_run(model, index, inputs.data(), outputs.data())) {
      ADD_FAILURE() << function.name << ": " << tensorc_rt_last_error();
      return {};
    }
    return results;
  }

private:
  static bool fits(const tensorc_cuda_function &function,
                   const TensorList &outputs) {
    bool fit = function.output_count == outputs.size();
    for (std::size_t i = 0; fit && i < outputs.size(); ++i)
      fit = function.outputs[i].bytes == byte_count(outputs[i]);
    EXPECT_TRUE(fit) << function.name << " has other outputs";
    return fit;
  }

  const tensorc_cuda_program &program;
  tensorc_cuda_model *model = nullptr;
};

void expect_same_bits(const TensorList &first, const TensorList &second,
                      const std::string &function) {
  ASSERT_EQ(first.size(), second.size()) << function;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const char *bytes = address(*first[i].impl());
    if (!std::equal(bytes, bytes + byte_count(first[i]),
                    address(*second[i].impl())))
      ADD_FAILURE() << function << " gives other bits when it is called again";
  }
}

struct Program {
  std::string name;
  const tensorc_cuda_program *program;
};
void PrintTo(const Program &program, std::ostream *out) {
  *out << program.name;
}

class CudaStoredTest : public testing::TestWithParam<Program> {
protected:
  void SetUp() override { use_gpu("stored_" + GetParam().name); }
  void TearDown() override { leave_gpu(); }
};

TEST_P(CudaStoredTest, GivesWhatIsStored) {
  std::unique_ptr<StoredModel> stored = stored_model(GetParam().name);
  Results results;
  {
    DeviceProgram program(*GetParam().program);
    ASSERT_TRUE(program.is_open());
    const auto &functions = stored->model.functions();
    for (const ModelExport::Function &function : functions)
      results[function.name] =
          program.call(function, stored->outputs[function.name]);
    // Again, after others have used the workspace.
    for (auto function = functions.rbegin(); function != functions.rend();
         ++function)
      expect_same_bits(results[function->name],
                       program.call(*function, stored->outputs[function->name]),
                       function->name);
  }
  stored->check(results, "cuda");
}

INSTANTIATE_TEST_SUITE_P(
    Of, CudaStoredTest,
    testing::Values(Program{"float64", &stored_float64_cuda},
                    Program{"float32", &stored_float32_cuda},
                    Program{"float16", &stored_float16_cuda},
                    Program{"bfloat16", &stored_bfloat16_cuda},
                    Program{"dtypes", &stored_dtypes_cuda},
                    Program{"chains", &stored_chains_cuda}),
    [](const auto &info) { return info.param.name; });

} // namespace

//===- CodeTest.cpp - Which code a device gets ----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/cuda/CudaTest.h"

#include <cstring>

namespace cuda = tensorc::rt::cuda;

namespace {

class CodeTest : public FakeCudaTest {
protected:
  /// PTX that the fake can tell apart.
  static std::string ptx(const std::string &mark) {
    return "// " + mark + "\n" + kTestPtx;
  }
  /// The target whose image is loaded on a device of capability `sm`, or "".
  std::string chosen(int sm) {
    fake.sm = sm;
    for (const std::string &image : images) {
      // Only this one fails to load: does it matter?
      fake.imageResults = {
          {image.substr(0, image.find('\n') + 1), cuda::kLaunchFailed}};
      OpenModel model(toy);
      if (model.status)
        return "";
      Values batch = numbers(1);
      if (model.train(batch, batch))
        return image.substr(3, image.find('\n') - 3);
    }
    return "none";
  }

  std::vector<std::string> images;
};

} // namespace

TEST_F(CodeTest, TheBestThatRuns) {
  for (const char *mark : {"sm_80", "sm_90", "sm_90a", "sm_100f", "sm_120a"})
    images.push_back(ptx(mark));
  std::vector<tensorc_cuda_module> modules;
  for (const std::string &image : images)
    modules.push_back({image.c_str(), image.size() + 1, nullptr, 0});
  std::vector<tensorc_cuda_code> codes(images.size(), toy.code);
  std::pair<int, char> targets[] = {
      {80, 0}, {90, 0}, {90, 'a'}, {100, 'f'}, {120, 'a'}};
  for (std::size_t i = 0; i < images.size(); ++i) {
    codes[i].modules = &modules[i];
    codes[i].sm = targets[i].first;
    codes[i].suffix = targets[i].second;
  }
  toy.program.codes = codes.data();
  toy.program.code_count = codes.size();

  EXPECT_EQ(chosen(75), "");
  EXPECT_EQ(words(), "model `toy` has no code for CUDA device 0 (`Fake`, "
                     "sm_75), only for sm_80, sm_90, sm_90a, sm_100f, sm_120a");
  EXPECT_EQ(chosen(80), "sm_80");
  EXPECT_EQ(chosen(89), "sm_80");
  EXPECT_EQ(chosen(90), "sm_90a");
  EXPECT_EQ(chosen(100), "sm_100f");
  EXPECT_EQ(chosen(103), "sm_100f");
  EXPECT_EQ(chosen(120), "sm_120a");
  EXPECT_EQ(chosen(121), "sm_90");
}

TEST_F(CodeTest, CubinFirst) {
  images = {ptx("cubin"), ptx("ptx")};
  toy.module = {images[1].c_str(), images[1].size() + 1, images[0].c_str(),
                images[0].size()};
  EXPECT_EQ(chosen(80), "cubin");
  EXPECT_EQ(chosen(89), "cubin");
  EXPECT_EQ(chosen(90), "ptx") << "of another major version";

  // A cubin that the driver can't use.
  fake.sm = 80;
  fake.imageResults = {{"// cubin", cuda::kNoBinaryForGpu}};
  OpenModel model(toy);
  ASSERT_OK(model.status);
  Values batch = numbers(1);
  EXPECT_OK(model.train(batch, batch));
  model.close();

  toy.module.ptx = nullptr;
  EXPECT_EQ(chosen(86), "cubin");
  EXPECT_EQ(chosen(90), "");
  EXPECT_EQ(words(), "model `toy` has no code for CUDA device 0 (`Fake`, "
                     "sm_90), only for sm_80");
}

TEST_F(CodeTest, DriverTooOldForThePtx) {
  fake.version = 12040;
  fake.imageResults = {{"\n.version", cuda::kUnsupportedPtxVersion}};
  OpenModel model(toy);
  ASSERT_OK(model.status);
  Values batch = numbers(1);
  EXPECT_EQ(model.train(batch, batch), TENSORC_ERROR_NO_DEVICE);
  EXPECT_EQ(words(),
            "model `toy`: the driver, CUDA 12.4, is too old for its "
            "sm_80 code: CUDA_ERROR_UNSUPPORTED_PTX_VERSION (as told)");
}

TEST_F(CodeTest, PtxThatIsWrong) {
  fake.imageResults = {{"\n.version", cuda::kInvalidPtx}};
  OpenModel model(toy);
  ASSERT_OK(model.status);
  Values batch = numbers(1);
  EXPECT_EQ(model.train(batch, batch), TENSORC_ERROR_DEVICE);
#if defined(FAKE_CUDA_OLD)
  const char *call = "cuModuleLoadDataEx";
#else
  const char *call = "cuLibraryLoadData";
#endif
  EXPECT_EQ(words(), std::string("model `toy`: CUDA device 0 (`Fake`): `") +
                         call +
                         "` failed: CUDA_ERROR_INVALID_PTX (as told): ptxas "
                         "fatal: as told");
}

TEST_F(CodeTest, KernelThatIsMissing) {
  toy.kernels[1].name = "nobody";
  OpenModel model(toy);
  ASSERT_OK(model.status);
  Values batch = numbers(1);
  EXPECT_EQ(model.train(batch, batch), TENSORC_ERROR_DEVICE);
  EXPECT_NE(words().find("model `toy`, kernel `nobody`"), std::string::npos)
      << words();
}

TEST_F(CodeTest, ModulesAreLoadedWhenNeeded) {
  OpenModel model(toy);
  ASSERT_OK(model.status);
  EXPECT_EQ(fake.live["library"] + fake.live["module"], 0);
  Values out;
  EXPECT_OK(model.infer(out));
  EXPECT_OK(model.infer(out));
  EXPECT_EQ(fake.live["library"] + fake.live["module"], 1);
#if defined(FAKE_CUDA_OLD)
  EXPECT_EQ(fake.countCalls("cuModuleGetFunction"), 1);
#else
  EXPECT_EQ(fake.countCalls("cuFuncLoad"), 1);
#endif
}

TEST_F(CodeTest, AbiMismatch) {
  tensorc_cuda_model *none;
  EXPECT_EQ(tensorc_rt_cuda_open(nullptr, 0, &none),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(words(), "the GPU program is a null pointer");
  auto expectMismatch = [&](const std::string &expected) {
    EXPECT_EQ(OpenModel(toy).status, TENSORC_ERROR_ABI_MISMATCH);
    EXPECT_EQ(words(), expected);
  };
  toy.program.magic = 1;
  expectMismatch("not a tensorc GPU program: expected magic 0x55434e54, "
                 "received 0x00000001");
  toy.program.magic = TENSORC_CUDA_MAGIC;
  std::string mine = std::to_string(TENSORC_ABI_MAJOR) + "." +
                     std::to_string(TENSORC_ABI_MINOR);
  std::string bytes = std::to_string(sizeof(tensorc_cuda_program));
  toy.program.abi_minor = 99;
  expectMismatch("the GPU program was compiled for ABI " +
                 std::to_string(TENSORC_ABI_MAJOR) + ".99 (" + bytes +
                 " bytes), this runtime has ABI " + mine + " (" + bytes +
                 " bytes)");
  toy.program.abi_minor = TENSORC_ABI_MINOR;
  toy.program.struct_size = 8;
  EXPECT_EQ(OpenModel(toy).status, TENSORC_ERROR_ABI_MISMATCH);
  toy.program.struct_size = sizeof(tensorc_cuda_program);
  toy.model.magic = 0;
  EXPECT_EQ(OpenModel(toy).status, TENSORC_ERROR_ABI_MISMATCH);
  EXPECT_TRUE(fake.calls.empty()) << "before anything is asked of the driver";
}

TEST_F(CodeTest, DamagedPrograms) {
  using Damage = void (*)(TestProgram &);
  const Damage damages[] = {
      [](TestProgram &t) { t.program.code_count = 0; },
      [](TestProgram &t) { t.code.constants = nullptr; },
      [](TestProgram &t) { t.code.constant_bytes = ~0ull; },
      [](TestProgram &t) { t.module.ptx = nullptr; },
      [](TestProgram &t) { t.module.ptx_bytes -= 1; },
      [](TestProgram &t) { t.module.ptx_bytes = 0; },
      [](TestProgram &t) { t.kernels[0].module = 1; },
      [](TestProgram &t) { t.kernels[0].name = nullptr; },
      [](TestProgram &t) { t.functions[0].name = nullptr; },
      [](TestProgram &t) { t.functions[0].workspace_bytes = ~0ull; },
      [](TestProgram &t) { t.functions[0].workspace_bytes = 32; },
      [](TestProgram &t) { t.inputs[0].bytes = ~0ull; },
      [](TestProgram &t) { t.outputs[1].name = nullptr; },
      [](TestProgram &t) { t.trainLaunches[0].kernel = 3; },
      [](TestProgram &t) { t.trainLaunches[0].grid[1] = 0; },
      [](TestProgram &t) { t.trainLaunches[0].block[2] = 0; },
      [](TestProgram &t) { t.trainLaunches[0].argument_count = 257; },
      [](TestProgram &t) { t.stepArguments[0].kind = 7; },
      [](TestProgram &t) { t.stepArguments[0].offset = 4001; },
      [](TestProgram &t) { t.stepArguments[1].index = 2; },
      [](TestProgram &t) { t.stepArguments[1].offset = 4001; },
      [](TestProgram &t) { t.biasArguments[2].index = 2; },
      [](TestProgram &t) { t.biasArguments[2].offset = 4001; },
      [](TestProgram &t) { t.shiftArguments[1].offset = 4001; },
      [](TestProgram &t) { t.checkArguments[1].offset = 4; },
      [](TestProgram &t) { t.program.check_count = 1; },
  };
  for (std::size_t i = 0; i < std::size(damages); ++i) {
    TestProgram damaged;
    damages[i](damaged);
    EXPECT_EQ(OpenModel(damaged).status, TENSORC_ERROR_ABI_MISMATCH) << i;
    EXPECT_EQ(words(),
              "model `toy` describes its GPU code wrongly: is it damaged?");
  }
  EXPECT_TRUE(fake.calls.empty());
}

TEST_F(CodeTest, CodesThatDisagree) {
  tensorc_cuda_code codes[] = {toy.code, toy.code};
  toy.program.codes = codes;
  toy.program.code_count = 2;
  EXPECT_EQ(OpenModel(toy).status, TENSORC_OK);
  codes[1].function_count = 1;
  EXPECT_EQ(OpenModel(toy).status, TENSORC_ERROR_ABI_MISMATCH);
  tensorc_cuda_function functions[] = {toy.functions[1], toy.functions[0]};
  codes[1].function_count = 2;
  codes[1].functions = functions;
  EXPECT_EQ(OpenModel(toy).status, TENSORC_ERROR_ABI_MISMATCH);
}

//===- StateTest.cpp - Loading and saving a model's state ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/rt/TestModel.h"

#include <sys/stat.h>
#include <unistd.h>

namespace {

class State : public FolderTest {
protected:
  int32_t save(TestModel &test) {
    return tensorc_rt_save_state(&test.model, test.state(), path.c_str());
  }
  int32_t load(TestModel &test) {
    return tensorc_rt_load_state(&test.model, test.state(), path.c_str());
  }
  /// Loading must fail in these words, and leave the state as it was.
  void expectFailure(int32_t status, const std::string &words) {
    TestModel test, untouched;
    test.fill(9);
    untouched.fill(9);
    EXPECT_EQ(load(test), status);
    EXPECT_EQ(tensorc_rt_last_error(), path + ": " + words);
    EXPECT_TRUE(test.sameState(untouched));
  }

  const std::string path = at("a.safetensors");
};

TEST_F(State, HasAPath) {
  TestModel test;
  for (auto use : {tensorc_rt_save_state(&test.model, test.state(), ""),
                   tensorc_rt_load_state(&test.model, test.state(), "")})
    EXPECT_EQ(use, TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_STREQ(tensorc_rt_last_error(),
               "expected the path of a file, received \"\"");
}

TEST_F(State, ComesBack) {
  TestModel saved, loaded;
  saved.fill(5);
  ASSERT_EQ(save(saved), TENSORC_OK) << tensorc_rt_last_error();
  EXPECT_EQ(filesInFolder(), 1u);
  ASSERT_EQ(load(loaded), TENSORC_OK) << tensorc_rt_last_error();
  EXPECT_TRUE(loaded.sameState(saved));
}

TEST_F(State, HasOneForm) {
  TestModel saved;
  saved.fill(5);
  ASSERT_EQ(save(saved), TENSORC_OK);
  // In the state's order; the data with the widest elements first.
  std::string header =
      R"({"conv1.weight":{"dtype":"F32","shape":[6,1,3,3],)"
      R"("data_offsets":[8,224]},)"
      R"("fc.weight":{"dtype":"F32","shape":[2,0],"data_offsets":[224,224]},)"
      R"("mask":{"dtype":"BOOL","shape":[3],"data_offsets":[224,227]},)"
      R"("step":{"dtype":"I64","shape":[],"data_offsets":[0,8]}})";
  while (header.size() % 8)
    header += ' ';
  std::string data(saved.memory + 384, 8);
  data.append(saved.memory, 216).append(saved.memory + 320, 3);
  EXPECT_EQ(read(path), withHeader(header, data));
}

/// The header of a file that fits the test model, in an order of its own.
constexpr const char *kConv =
    R"("conv1\u002eweight":{"dtype":"F32","shape":[6,1,3,3],)"
    R"("data_offsets":[11,227]})";
constexpr const char *kFc =
    R"("fc.weight":{"dtype":"F32","shape":[2,0],"data_offsets":[11,11]})";
constexpr const char *kMask =
    R"("mask":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]})";
constexpr const char *kStep =
    R"("step":{"data_offsets":[3,11],"shape":[],"dtype":"I64"})";

std::string join(std::initializer_list<const char *> members) {
  std::string header;
  for (const char *member : members)
    header += (header.empty() ? "{" : ",\n ") + std::string(member);
  return header + "}";
}

TEST_F(State, IsTakenFromAnyOrderWithOthersAround) {
  std::string data(232, '\2');
  write(path, withHeader(join({R"("__metadata__":{"format":"pt"})", kStep,
                               R"("x":{"dtype":"F8_E4M3","shape":[5],)"
                               R"("data_offsets":[227,232]})",
                               kFc, kConv, kMask}),
                         data));
  TestModel test;
  ASSERT_EQ(load(test), TENSORC_OK) << tensorc_rt_last_error();
  EXPECT_EQ(test.memory[215], 2);
  EXPECT_EQ(test.memory[216], 0);
  EXPECT_EQ(test.memory[384], 2);
  EXPECT_EQ(test.memory[320], 1) << "true is 1 for compiled code";
}

TEST_F(State, MustBeAllThere) {
  write(path,
        withHeader(join({R"("conv2.weight":{"dtype":"F32","shape":[6,1,3,3],)"
                         R"("data_offsets":[11,227]})",
                         kFc, kMask, kStep}),
                   std::string(227, 'x')));
  expectFailure(TENSORC_ERROR_FORMAT, "tensor `conv1.weight` is missing");
}

/// Collects what a load tells.
struct Report {
  std::vector<std::string> missing, unexpected;
  static void add(void *self, int32_t what, const char *name) {
    auto *report = static_cast<Report *>(self);
    (what == TENSORC_LOAD_MISSING ? report->missing : report->unexpected)
        .push_back(name);
  }
};

/// Fills in `report`, where there is one.
int32_t loadReporting(TestModel &test, const std::string &path, bool strict,
                      Report *report = nullptr) {
  return tensorc_rt_load_state_report(&test.model, test.state(), path.c_str(),
                                      strict, report ? &Report::add : nullptr,
                                      report);
}

TEST_F(State, MayBeThereInPart) {
  write(path, withHeader(join({R"("x":{"dtype":"F8_E4M3","shape":[5],)"
                               R"("data_offsets":[11,16]})",
                               kMask, kStep,
                               R"("y":{"dtype":"BOOL","shape":[0],)"
                               R"("data_offsets":[16,16]})"}),
                         std::string(16, '\2')));
  TestModel test, expected;
  for (TestModel *model : {&test, &expected})
    model->fill(9);
  std::memset(expected.memory + 320, 1, 3);
  std::memset(expected.memory + 384, 2, 8);
  Report report;
  ASSERT_EQ(loadReporting(test, path, /*strict=*/false, &report), TENSORC_OK)
      << tensorc_rt_last_error();
  EXPECT_TRUE(test.sameState(expected));
  std::vector<std::string> missing{"conv1.weight", "fc.weight"},
      unexpected{"x", "y"};
  EXPECT_EQ(report.missing, missing);
  EXPECT_EQ(report.unexpected, unexpected);
  EXPECT_EQ(loadReporting(test, path, /*strict=*/false), TENSORC_OK);
  expectFailure(TENSORC_ERROR_FORMAT, "tensor `conv1.weight` is missing");

  // What is there must fit.
  write(path, withHeader(R"({"step":{"dtype":"F64","shape":[],)"
                         R"("data_offsets":[0,8]}})",
                         std::string(8, 'x')));
  EXPECT_EQ(loadReporting(test, path, /*strict=*/false), TENSORC_ERROR_FORMAT);
  EXPECT_EQ(tensorc_rt_last_error(),
            path + ": tensor `step` has dtype F64, expected I64");
  EXPECT_TRUE(test.sameState(expected));
}

/// Tied weights: two names of the mask's memory.
struct TiedModel : TestModel {
  tensorc_tensor_desc tied[6];
  TiedModel() {
    std::copy(descs, descs + 4, tied);
    tied[4] = tied[5] = descs[2];
    tied[4].name = "tied.mask";
    tied[5].name = "other.mask";
    model.state = tied;
    model.state_count = 6;
  }
};
constexpr const char *kTied =
    R"("tied.mask":{"dtype":"BOOL","shape":[3],"data_offsets":[227,230]})";

TEST_F(State, OfSeveralNamesIsTakenByAnyOfThem) {
  std::string data(227, '\0');
  TiedModel test;
  // The first, another one, and two that agree.
  data[0] = 1;
  write(path, withHeader(join({kConv, kFc, kMask, kStep}), data));
  ASSERT_EQ(load(test), TENSORC_OK) << tensorc_rt_last_error();
  EXPECT_EQ(test.memory[320], 1);
  std::string second =
      R"("other.mask":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]})";
  data[0] = 0;
  write(path, withHeader(join({kConv, kFc, second.c_str(), kStep}), data));
  ASSERT_EQ(load(test), TENSORC_OK) << tensorc_rt_last_error();
  EXPECT_EQ(test.memory[320], 0);
  data[0] = 1;
  write(path, withHeader(join({kConv, kFc, kMask, kTied, kStep}),
                         data + data.substr(0, 3)));
  Report report;
  ASSERT_EQ(loadReporting(test, path, /*strict=*/true, &report), TENSORC_OK)
      << tensorc_rt_last_error();
  EXPECT_EQ(test.memory[320], 1);
  EXPECT_EQ(report.missing, std::vector<std::string>());
  EXPECT_EQ(report.unexpected, std::vector<std::string>());
  const tensorc_tensor_desc *found =
      tensorc_rt_find_state(&test.model, "other.mask");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->offset, 320u);
}

TEST_F(State, OfSeveralNamesMustHaveOneValue) {
  std::string data(230, '\0');
  data[229] = 1;
  write(path, withHeader(join({kConv, kFc, kMask, kTied, kStep}), data));
  TiedModel test, untouched;
  test.fill(9);
  untouched.fill(9);
  EXPECT_EQ(load(test), TENSORC_ERROR_FORMAT);
  EXPECT_EQ(tensorc_rt_last_error(),
            path + ": tensors `mask` and `tied.mask` differ, expected the same "
                   "values: the model has one tensor for both");
  EXPECT_TRUE(test.sameState(untouched));
}

TEST_F(State, OfSeveralNamesIsMissedAndSavedOnce) {
  TiedModel test;
  const char *rest =
      R"("other":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]})";
  write(path,
        withHeader(join({kConv, kFc, kStep, rest}), std::string(227, '\0')));
  EXPECT_EQ(load(test), TENSORC_ERROR_FORMAT);
  EXPECT_EQ(tensorc_rt_last_error(), path + ": tensor `mask` is missing");
  Report report;
  ASSERT_EQ(tensorc_rt_load_state_report(&test.model, test.state(),
                                         path.c_str(), /*strict=*/0,
                                         &Report::add, &report),
            TENSORC_OK);
  EXPECT_EQ(report.missing, std::vector<std::string>{"mask"});
  TestModel plain;
  for (TestModel *model : {static_cast<TestModel *>(&test), &plain})
    model->fill(3);
  ASSERT_EQ(save(test), TENSORC_OK);
  std::string saved = read(path);
  ASSERT_EQ(save(plain), TENSORC_OK);
  EXPECT_EQ(saved, read(path));
}

TEST_F(State, TellsOfTensorsThatTheModelLacks) {
  write(path, withHeader(join({R"("x":{"dtype":"F8_E4M3","shape":[5],)"
                               R"("data_offsets":[227,232]})",
                               kFc, kConv, kMask, kStep}),
                         std::string(232, '\1')));
  TestModel test;
  Report report;
  ASSERT_EQ(loadReporting(test, path, /*strict=*/true, &report), TENSORC_OK)
      << tensorc_rt_last_error();
  EXPECT_TRUE(report.missing.empty());
  EXPECT_EQ(report.unexpected, std::vector<std::string>{"x"});
}

TEST_F(State, MustBeAligned) {
  TestModel test;
  for (size_t shift : {1, 32}) {
    void *shifted = test.memory + shift;
    EXPECT_EQ(tensorc_rt_load_state(&test.model, shifted, path.c_str()),
              TENSORC_ERROR_INVALID_ARGUMENT);
    EXPECT_STREQ(tensorc_rt_last_error(),
                 "the state is not aligned to 64 bytes");
    EXPECT_EQ(tensorc_rt_save_state(&test.model, shifted, path.c_str()),
              TENSORC_ERROR_INVALID_ARGUMENT);
    EXPECT_EQ(filesInFolder(), 0u);
  }
}

TEST_F(State, MustHaveItsShape) {
  write(path,
        withHeader(join({R"("conv1.weight":{"dtype":"F32","shape":[6,1,5,5],)"
                         R"("data_offsets":[11,611]})",
                         kFc, kMask, kStep}),
                   std::string(611, 'x')));
  expectFailure(TENSORC_ERROR_FORMAT,
                "tensor `conv1.weight` has shape [6, 1, 5, 5], expected "
                "[6, 1, 3, 3]");
  write(path, withHeader(join({kConv, kFc, kMask,
                               R"("step":{"dtype":"I64","shape":[1],)"
                               R"("data_offsets":[3,11]})"}),
                         std::string(227, 'x')));
  expectFailure(TENSORC_ERROR_FORMAT,
                "tensor `step` has shape [1], expected []");
}

TEST_F(State, MustHaveItsType) {
  write(path, withHeader(join({kConv, kFc, kMask,
                               R"("step":{"dtype":"F64","shape":[],)"
                               R"("data_offsets":[3,11]})"}),
                         std::string(227, 'x')));
  expectFailure(TENSORC_ERROR_FORMAT,
                "tensor `step` has dtype F64, expected I64");
}

TEST_F(State, MustBeInAFile) {
  expectFailure(TENSORC_ERROR_IO, "can't open: no such file or directory");
  mkdir(path.c_str(), 0777);
  expectFailure(TENSORC_ERROR_IO, "not a regular file");
  rmdir(path.c_str());
  // Must not wait for a writer.
  mkfifo(path.c_str(), 0666);
  expectFailure(TENSORC_ERROR_IO, "not a regular file");
}

TEST_F(State, IsOnlySavedToAFile) {
  TestModel test;
  mkdir(path.c_str(), 0777);
  EXPECT_EQ(save(test), TENSORC_ERROR_IO);
  EXPECT_EQ(tensorc_rt_last_error(), path + ": not a regular file");
  EXPECT_EQ(tensorc_rt_save_state(&test.model, test.state(), "/dev/full"),
            TENSORC_ERROR_IO);
  EXPECT_STREQ(tensorc_rt_last_error(), "/dev/full: not a regular file");
  EXPECT_EQ(filesInFolder(), 1u);
}

TEST_F(State, ArgumentsAreChecked) {
  TestModel test;
  EXPECT_EQ(tensorc_rt_load_state(&test.model, nullptr, "x"),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_STREQ(tensorc_rt_last_error(), "the state is a null pointer");
  EXPECT_EQ(tensorc_rt_save_state(&test.model, test.state(), nullptr),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_STREQ(tensorc_rt_last_error(), "the path is a null pointer");

  test.descs[1].offset = test.model.state_bytes + 1;
  EXPECT_EQ(save(test), TENSORC_ERROR_ABI_MISMATCH);
  EXPECT_STREQ(
      tensorc_rt_last_error(),
      "model `test` describes its state `fc.weight` wrongly: is it damaged?");
  test.descs[1].offset = 256;
  test.descs[1].dtype = 10;
  EXPECT_EQ(load(test), TENSORC_ERROR_ABI_MISMATCH);
  test.descs[1].dtype = TENSORC_F32;
  test.descs[3].bytes = 4;
  EXPECT_EQ(load(test), TENSORC_ERROR_ABI_MISMATCH);
}

TEST_F(State, NamesAreWrittenSoThatTheyComeBack) {
  TestModel saved, loaded;
  saved.fill(2);
  saved.descs[0].name = loaded.descs[0].name = "a \"quoted\"\\\n\x01 näme";
  ASSERT_EQ(save(saved), TENSORC_OK) << tensorc_rt_last_error();
  ASSERT_EQ(load(loaded), TENSORC_OK) << tensorc_rt_last_error();
  EXPECT_TRUE(loaded.sameState(saved));
  EXPECT_NE(read(path).find(R"("a \"quoted\"\\\u000a\u0001 näme":)"),
            std::string::npos);
}

TEST_F(State, NamesThatWouldNotComeBackAreRefused) {
  struct {
    const char *name, *words;
  } cases[] = {{"fc.weight", "tensor `fc.weight` is there twice"},
               {"__metadata__",
                "tensor `__metadata__` has a name that the format reserves"},
               {"\xff", "tensor `\xff` has a name that isn't UTF-8"},
               {"\xf0\x9f", "tensor `\xf0\x9f` has a name that isn't UTF-8"}};
  for (auto &[name, words] : cases) {
    TestModel test;
    test.descs[0].name = name;
    EXPECT_EQ(save(test), TENSORC_ERROR_INVALID_ARGUMENT);
    EXPECT_EQ(tensorc_rt_last_error(), path + ": " + words);
    EXPECT_EQ(filesInFolder(), 0u);
  }
}

TEST_F(State, KeepsLinksAndPermissions) {
  TestModel test;
  std::string link = at("link.safetensors");
  write(path, "old");
  chmod(path.c_str(), 0640);
  ASSERT_EQ(symlink("a.safetensors", link.c_str()), 0);
  ASSERT_EQ(tensorc_rt_save_state(&test.model, test.state(), link.c_str()),
            TENSORC_OK);
  struct stat status;
  ASSERT_EQ(lstat(link.c_str(), &status), 0);
  EXPECT_TRUE(S_ISLNK(status.st_mode));
  ASSERT_EQ(lstat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0640u);
  EXPECT_EQ(load(test), TENSORC_OK);

  unlink(path.c_str());
  EXPECT_EQ(tensorc_rt_save_state(&test.model, test.state(), link.c_str()),
            TENSORC_ERROR_IO);
  EXPECT_EQ(tensorc_rt_last_error(),
            link + ": can't follow the link: no such file or directory");
}

TEST_F(State, MayBeSavedInTheCurrentFolderUnderALongName) {
  TestModel test;
  std::string name(255, 'n');
  char before[4096];
  ASSERT_NE(getcwd(before, sizeof(before)), nullptr);
  ASSERT_EQ(chdir(folder.c_str()), 0);
  EXPECT_EQ(tensorc_rt_save_state(&test.model, test.state(), name.c_str()),
            TENSORC_OK)
      << tensorc_rt_last_error();
  EXPECT_EQ(
      tensorc_rt_save_state(&test.model, test.state(), (name + "n").c_str()),
      TENSORC_ERROR_IO);
  EXPECT_EQ(tensorc_rt_save_state(&test.model, test.state(),
                                  std::string(5000, 'p').c_str()),
            TENSORC_ERROR_IO);
  EXPECT_EQ(filesInFolder(), 1u);
  ASSERT_EQ(chdir(before), 0);
}

} // namespace

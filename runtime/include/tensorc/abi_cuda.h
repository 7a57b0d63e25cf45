//===- abi_cuda.h - The contract between GPU code and the runtime ---------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the object of a model compiled for CUDA holds, and the functions of
// `libtensorc_rt` that run it. C11 and C++. Versioned with abi.h.
//
// A compiled GPU program is constant data, no host code: for each function the
// list of its launches in order, each argument being a place in a region
// (state, workspace, constants, an input, an output) or a size of the call. The
// runtime allocates the regions once, so that all addresses are fixed, and
// replays the list as one CUDA graph. Why: docs/cuda-runtime.md.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_ABI_CUDA_H
#define TENSORC_ABI_CUDA_H

#include "tensorc/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

//===----------------------------------------------------------------------===//
// What an object holds
//===----------------------------------------------------------------------===//

/// First word of every `tensorc_cuda_program`: "TNCU" in memory order.
#define TENSORC_CUDA_MAGIC 0x55434e54u
/// Alignment in bytes of the regions on the device. Tensors inside state,
/// workspace and constants keep `TENSORC_ALIGNMENT` at least; inputs and
/// outputs start at multiples of this.
#define TENSORC_CUDA_ALIGNMENT 256
/// What separates a status from the number of the check that set it.
#define TENSORC_CUDA_CHECK_UNIT 256
/// Most arguments of one launch.
#define TENSORC_CUDA_MAX_ARGUMENTS 256

/// One translation unit of kernels. PTX, cubin or both; where both are there,
/// the cubin is tried first.
typedef struct tensorc_cuda_module {
  const char *ptx;    ///< text, NUL-terminated; null when there is none
  uint64_t ptx_bytes; ///< with the terminator
  const void *cubin;  ///< an ELF image for the code's `sm`, or null
  uint64_t cubin_bytes;
} tensorc_cuda_module;

/// A kernel: `.visible .entry name` of a module. Each parameter is 8 bytes
/// (`.u64`), or a scalar of 1, 2, 4 or 8 bytes for `TENSORC_CUDA_VALUE` and
/// `TENSORC_CUDA_SIZE`.
typedef struct tensorc_cuda_kernel {
  const char *name;
  uint32_t module; ///< index into the code's modules
  uint32_t reserved;
} tensorc_cuda_kernel;

/// What an argument of a launch is.
typedef enum tensorc_cuda_argument_kind {
  TENSORC_CUDA_STATE = 0,     ///< address: the state region + `offset`
  TENSORC_CUDA_WORKSPACE = 1, ///< address: the workspace + `offset`
  TENSORC_CUDA_CONSTANTS = 2, ///< address: the constants + `offset`, read only
  TENSORC_CUDA_INPUT = 3,     ///< address: input `index` + `offset`, read only
  TENSORC_CUDA_OUTPUT = 4,    ///< address: output `index` + `offset`
  TENSORC_CUDA_STATUS = 5,    ///< address: the function's status, one i32
  TENSORC_CUDA_VALUE = 6, ///< a scalar, its bits in the low ones of `offset`
  TENSORC_CUDA_SIZE = 7   ///< a scalar: size `index` of the function; since 2.1
} tensorc_cuda_argument_kind;

/// An argument. `index` is 0 unless its kind says otherwise.
///
/// A kernel that finds an index or label out of range stores
/// `TENSORC_ERROR_INDEX_OUT_OF_RANGE` in the status, plus
/// `TENSORC_CUDA_CHECK_UNIT` times the number of the check that failed (0 where
/// it has none), and touches nothing that isn't its own. Where several fail, it
/// is the number of one of them. The host reads the status when it next waits
/// for the device.
typedef struct tensorc_cuda_argument {
  int32_t kind; ///< a `tensorc_cuda_argument_kind`
  uint32_t index;
  uint64_t offset; ///< bytes, or the scalar
} tensorc_cuda_argument;

/// One launch. Those of a function run one after another.
typedef struct tensorc_cuda_launch {
  uint32_t kernel; ///< index into the code's kernels
  /// 0, or 1 + the number of the size that `grid[0]` is, at least 1: then any
  /// grid is right, and this one suits the call. Since version 2.1.
  uint32_t blocks;
  uint32_t grid[3];      ///< in blocks
  uint32_t block[3];     ///< in threads
  uint32_t cluster[3];   ///< in blocks; 0 or 1 each when there are no clusters
  uint32_t shared_bytes; ///< dynamic shared memory
  const tensorc_cuda_argument *arguments;
  uint64_t argument_count;
} tensorc_cuda_launch;

/// An input or output: row-major, densely packed.
typedef struct tensorc_cuda_buffer {
  const char *name;
  uint64_t bytes; ///< at most, where calls say sizes
} tensorc_cuda_buffer;

/// An exported function as it runs on one target.
typedef struct tensorc_cuda_function {
  const char *name; ///< without the model's prefix
  const tensorc_cuda_buffer *inputs;
  const tensorc_cuda_buffer *outputs;
  const tensorc_cuda_launch *launches;
  uint64_t input_count;
  uint64_t output_count;
  uint64_t launch_count;
  uint64_t workspace_bytes;
} tensorc_cuda_function;

/// All code for one target. Schedules differ from target to target, and so do
/// launches, workspaces and constants; the functions are the same and in the
/// same order in each.
typedef struct tensorc_cuda_code {
  int32_t sm;     ///< compute capability, 10 × major + minor: 80, 90, 100
  int32_t suffix; ///< 0, 'a' (this capability alone) or 'f' (this family)
  const tensorc_cuda_module *modules;
  const tensorc_cuda_kernel *kernels;
  const tensorc_cuda_function *functions;
  const void *constants;
  uint64_t module_count;
  uint64_t kernel_count;
  uint64_t function_count;
  uint64_t constant_bytes;
} tensorc_cuda_code;

/// A size that each call says: a multiple of `divisor` from `min` to `max`.
typedef struct tensorc_cuda_symbol {
  const char *name;
  int64_t min, max, divisor;
} tensorc_cuda_symbol;

/// How a size is computed.
typedef enum tensorc_cuda_size_op {
  TENSORC_CUDA_SIZE_NUMBER = 0, ///< `second`
  TENSORC_CUDA_SIZE_SYMBOL = 1, ///< what the call says for symbol `first`
  /// Of the sizes `first` and `second`, both earlier ones.
  TENSORC_CUDA_SIZE_ADD = 2,
  TENSORC_CUDA_SIZE_MULTIPLY = 3,
  TENSORC_CUDA_SIZE_DIVIDE = 4, ///< rounded to zero, by 1 at least
  TENSORC_CUDA_SIZE_MINIMUM = 5
} tensorc_cuda_size_op;

typedef struct tensorc_cuda_size {
  int32_t op; ///< a `tensorc_cuda_size_op`
  uint32_t first;
  int64_t second;
} tensorc_cuda_size;

/// What a function computes of the sizes that a call says, for the launches of
/// all codes. All is empty for one whose sizes are numbers.
typedef struct tensorc_cuda_sizes {
  const tensorc_cuda_symbol *symbols; ///< in the order of the call
  const tensorc_cuda_size *sizes;
  /// Which of the sizes the bytes are of each input, then of each output.
  const uint32_t *buffers;
  uint64_t symbol_count;
  uint64_t size_count;
} tensorc_cuda_sizes;

/// Constant description of a model's GPU code: the `<prefix>_cuda` symbol of
/// its object. Immutable and shared by all threads.
typedef struct tensorc_cuda_program {
  uint32_t magic;
  uint32_t abi_major;
  uint32_t abi_minor;
  uint32_t struct_size; ///< `sizeof(tensorc_cuda_program)` of the producer
  const tensorc_model *model; ///< name and state
  const tensorc_cuda_code *codes;
  uint64_t code_count;
  const char *const *checks; ///< what is wrong where check 1, 2, ... fails
  uint64_t check_count;
  /// For each function; null where all sizes are numbers. Since version 2.1.
  const tensorc_cuda_sizes *sizes;
} tensorc_cuda_program;

//===----------------------------------------------------------------------===//
// Models on a device
//===----------------------------------------------------------------------===//

/// A model on a device: its state, workspace, staging buffers, streams, loaded
/// kernels and captured graphs. One thread at a time may use a model; distinct
/// models may be used by distinct threads at the same time, on one device too.
///
/// Every function that takes one fails with `TENSORC_ERROR_DEVICE_LOST` once
/// the device is lost, at least until all that is open on it is closed; with
/// `TENSORC_ERROR_DEVICE_OUT_OF_MEMORY` it can be called again when there is
/// memory; `TENSORC_ERROR_DEVICE` is any other refusal of the driver.
typedef struct tensorc_cuda_model tensorc_cuda_model;

/// Opens `program`, which must outlive the model, on the device `ordinal`. The
/// state is zeros. Fails with `TENSORC_ERROR_NO_DEVICE` when there is no
/// driver, no such device, or no code for it inside. `TENSORC_CUDA_DRIVER` in
/// the environment names another driver library than `libcuda.so.1`;
/// `TENSORC_CUDA_GRAPHS=0` launches kernel by kernel.
int32_t tensorc_rt_cuda_open(const tensorc_cuda_program *program,
                             int32_t ordinal, tensorc_cuda_model **model);
/// Waits for the device and gives back all of the model. Null is fine.
void tensorc_rt_cuda_close(tensorc_cuda_model *model);

/// The index of the exported function `name`, or -1.
int32_t tensorc_rt_cuda_find_function(const tensorc_cuda_program *program,
                                      const char *name);

/// Runs a function. `inputs` are read before this returns; they are uploaded
/// while earlier steps still run. `outputs` may be null, and each of them: what
/// isn't null is filled in, for which this waits for the step; with nothing
/// asked for it doesn't wait. Fails with `TENSORC_ERROR_INVALID_ARGUMENT` where
/// the function has sizes that a call says.
///
/// A failure of the step itself may come back from a later call that waits.
/// After one, the state is what it was, or partly updated, unless the failure
/// is `TENSORC_ERROR_DEVICE_OUT_OF_MEMORY` or
/// `TENSORC_ERROR_INVALID_ARGUMENT`: then it is what it was.
int32_t tensorc_rt_cuda_run(tensorc_cuda_model *model, int32_t function,
                            const void *const *inputs, void *const *outputs);

/// The same for a function of sizes that a call says: `symbols`, as many as it
/// has, in their order. Fails with `TENSORC_ERROR_INVALID_ARGUMENT` where one
/// is out of its range. Inputs and outputs are of these sizes; memory on the
/// device is had once, for the greatest. What is captured is kept for the eight
/// last used combinations of sizes.
int32_t tensorc_rt_cuda_run_sized(tensorc_cuda_model *model, int32_t function,
                                  const int64_t *symbols,
                                  const void *const *inputs,
                                  void *const *outputs);

/// Waits for the steps so far and reads an output of the last run of
/// `function`: `bytes` of its description, or of that run's sizes. Fails with
/// `TENSORC_ERROR_INVALID_ARGUMENT` when that never ran.
int32_t tensorc_rt_cuda_read_output(tensorc_cuda_model *model, int32_t function,
                                    int32_t output, void *destination);

/// Waits for the steps so far and copies `bytes` of the state at `offset`.
int32_t tensorc_rt_cuda_read_state(tensorc_cuda_model *model, uint64_t offset,
                                   uint64_t bytes, void *destination);
/// Replaces `bytes` of the state at `offset`, after the steps so far and before
/// the next.
int32_t tensorc_rt_cuda_write_state(tensorc_cuda_model *model, uint64_t offset,
                                    uint64_t bytes, const void *source);

/// Waits for the steps so far and reports how they fared.
int32_t tensorc_rt_cuda_synchronize(tensorc_cuda_model *model);

//===----------------------------------------------------------------------===//
// Devices
//===----------------------------------------------------------------------===//

/// How many devices there are. Fails with `TENSORC_ERROR_NO_DEVICE`, and
/// `*count` 0, when there is none; the words say why.
int32_t tensorc_rt_cuda_device_count(int32_t *count);

typedef struct tensorc_cuda_device_info {
  char name[128];
  int32_t sm; ///< 10 × major + minor
  int32_t multiprocessors;
  int32_t driver_version; ///< 1000 × major + 10 × minor
  int32_t reserved;
  uint64_t total_bytes;
} tensorc_cuda_device_info;

/// Describes a device without making a context on it.
int32_t tensorc_rt_cuda_device_info(int32_t ordinal,
                                    tensorc_cuda_device_info *info);

/// A device's primary context and its caching allocator, shared by all models
/// and other users in this process. Any thread may use it at any time.
typedef struct tensorc_cuda_device tensorc_cuda_device;

/// Opening twice gives the same device; each is closed once. With the last user
/// gone, models included, its cached memory and its context go back.
int32_t tensorc_rt_cuda_device_open(int32_t ordinal,
                                    tensorc_cuda_device **device);
void tensorc_rt_cuda_device_close(tensorc_cuda_device *device);

/// Device memory at a multiple of `TENSORC_CUDA_ALIGNMENT`; contents undefined.
/// When there is none, the cache is given back and the driver asked again
/// before this fails with `TENSORC_ERROR_DEVICE_OUT_OF_MEMORY`; the words say
/// how much was asked for and how much is free. 0 bytes are address 0.
int32_t tensorc_rt_cuda_alloc(tensorc_cuda_device *device, uint64_t bytes,
                              uint64_t *address);
/// Keeps the memory for the next allocation. All work on it must be done. 0 is
/// fine.
int32_t tensorc_rt_cuda_free(tensorc_cuda_device *device, uint64_t address);
/// Gives cached memory that is not in use back to the driver.
int32_t tensorc_rt_cuda_empty_cache(tensorc_cuda_device *device);

/// Copies between host and device, and waits until it is done.
int32_t tensorc_rt_cuda_upload(tensorc_cuda_device *device, uint64_t address,
                               const void *source, uint64_t bytes);
int32_t tensorc_rt_cuda_download(tensorc_cuda_device *device, void *destination,
                                 uint64_t address, uint64_t bytes);

/// The allocator's statistics, in bytes and calls.
typedef struct tensorc_cuda_memory {
  uint64_t in_use; ///< handed out, as rounded up
  uint64_t peak_in_use;
  uint64_t reserved; ///< had from the driver, cached or in use
  uint64_t peak_reserved;
  uint64_t allocations;    ///< calls that were given memory
  uint64_t cache_hits;     ///< of these, without asking the driver
  uint64_t cache_releases; ///< times the cache went back for want of memory
} tensorc_cuda_memory;

void tensorc_rt_cuda_memory(tensorc_cuda_device *device,
                            tensorc_cuda_memory *memory);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // TENSORC_ABI_CUDA_H

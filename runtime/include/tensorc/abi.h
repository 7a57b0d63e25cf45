//===- abi.h - The contract between compiled models and the runtime -------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one header that generated code and the thin runtime (`libtensorc_rt`)
// share. C11 and C++, standard includes only. A model object refers to nothing
// but libc, libm and the `tensorc_rt_*` functions declared here.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_ABI_H
#define TENSORC_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Version of this contract. A runtime runs objects of the same major version
/// and of a minor version up to its own.
#define TENSORC_ABI_MAJOR 2
#define TENSORC_ABI_MINOR 1
/// First word of every `tensorc_model`: "TNSC" in memory order.
#define TENSORC_ABI_MAGIC 0x43534e54u
/// Alignment in bytes of the state and workspace regions, and of every tensor
/// in them.
#define TENSORC_ALIGNMENT 64

/// What every fallible function returns. `tensorc_rt_last_error` has the words.
typedef enum tensorc_status {
  TENSORC_OK = 0,
  TENSORC_ERROR_INVALID_ARGUMENT = 1,
  TENSORC_ERROR_OUT_OF_MEMORY = 2,
  TENSORC_ERROR_IO = 3,                 ///< the operating system refused
  TENSORC_ERROR_FORMAT = 4,             ///< a file is not what it should be
  TENSORC_ERROR_INDEX_OUT_OF_RANGE = 5, ///< a label, index or divisor of inputs
  TENSORC_ERROR_ABI_MISMATCH = 6,       ///< object and runtime do not fit
  TENSORC_ERROR_UNSUPPORTED_CPU = 7,    ///< no code for this machine inside
  // From the functions of abi_cuda.h.
  TENSORC_ERROR_NO_DEVICE = 8,            ///< none that the model can run on
  TENSORC_ERROR_DEVICE_OUT_OF_MEMORY = 9, ///< can be tried again
  TENSORC_ERROR_DEVICE_LOST = 10,         ///< all work on the device is void
  TENSORC_ERROR_DEVICE = 11               ///< the driver refused
} tensorc_status;

/// Element types, in the order of `dialects/graph` and of `tensorc::DType`.
typedef enum tensorc_dtype {
  TENSORC_BOOL = 0,
  TENSORC_U8 = 1,
  TENSORC_I8 = 2,
  TENSORC_I16 = 3,
  TENSORC_I32 = 4,
  TENSORC_I64 = 5,
  TENSORC_F16 = 6,
  TENSORC_BF16 = 7,
  TENSORC_F32 = 8,
  TENSORC_F64 = 9
} tensorc_dtype;

/// What a state tensor is for.
typedef enum tensorc_state_role {
  TENSORC_PARAMETER = 0, ///< trained, part of `state_dict`
  TENSORC_BUFFER = 1,    ///< updated but not trained, part of `state_dict`
  TENSORC_OPTIMIZER = 2  ///< momentum, learning rate, step count
} tensorc_state_role;

/// One named tensor inside the state region: row-major, densely packed, at
/// `offset` bytes from the region's start.
typedef struct tensorc_tensor_desc {
  const char *name;
  const int64_t *shape; ///< `rank` sizes; may be null when `rank` is 0
  uint64_t offset;
  uint64_t bytes;
  int32_t dtype; ///< a `tensorc_dtype`
  int32_t rank;
  int32_t role; ///< a `tensorc_state_role`
  int32_t reserved;
} tensorc_tensor_desc;

/// Constant description of a compiled model, the `<prefix>_model` symbol of its
/// object. Immutable and shared by all threads.
typedef struct tensorc_model {
  uint32_t magic;
  uint32_t abi_major;
  uint32_t abi_minor;
  uint32_t struct_size; ///< `sizeof(tensorc_model)` of the producer
  const char *name;
  const char *content_hash; ///< hex digest of everything compiled in
  const tensorc_tensor_desc *state;
  uint64_t state_count;
  uint64_t state_bytes;
  int32_t cpu; ///< the least `tensorc_cpu` it has code for; 0: none
  int32_t reserved;
} tensorc_model;

/// One compiled kernel: does share `task` of `task_count` of the work. Buffers
/// are in the order of the kernel's operands; `sizes` holds the dynamic sizes
/// and strides (null when all are static). Tasks of a kernel write disjoint
/// memory and the result doesn't depend on which thread ran which. Returns a
/// `tensorc_status`.
typedef int32_t (*tensorc_kernel_fn)(void *const *buffers, const int64_t *sizes,
                                     int64_t task, int64_t task_count);

/// Runs all `task_count` tasks of `kernel` on the current thread pool, the
/// caller taking part, and returns when all are done: the first status that
/// isn't `TENSORC_OK` in task order, else `TENSORC_OK`.
int32_t tensorc_rt_launch(tensorc_kernel_fn kernel, void *const *buffers,
                          const int64_t *sizes, int64_t task_count);

/// Threads that `tensorc_rt_launch` may use, caller included. Default: the
/// number of CPUs this process may run on, or `TENSORC_NUM_THREADS`. 0 restores
/// the default. Not to be called while a launch is under way.
void tensorc_rt_set_num_threads(int32_t count);
int32_t tensorc_rt_num_threads(void);

/// The caller's own thread pool: runs `body(context, i)` for all `i` in
/// [0, count) and returns when all are done.
typedef void (*tensorc_parallel_for_fn)(void *pool, int64_t count,
                                        void (*body)(void *context, int64_t i),
                                        void *context);
/// Replaces the runtime's pool by the caller's; a null `parallel_for` restores
/// the runtime's. Not to be called while a launch is under way.
void tensorc_rt_set_thread_pool(tensorc_parallel_for_fn parallel_for,
                                void *pool);

/// Whether this thread treats denormal floating-point numbers as zero, in what
/// it computes and in what it launches (the pool's threads take the launching
/// thread's floating-point mode). Off unless set, as IEEE 754 asks; denormals
/// cost over 100 cycles each, and momentum of units that have died decays into
/// them.
void tensorc_rt_set_flush_denormals(int32_t on);

/// The processors that code is made for. Those of one architecture have numbers
/// that differ in the last byte only, and each has what lower ones have.
typedef enum tensorc_cpu {
  TENSORC_CPU_X86_64_V1 = 0x001, ///< the levels of the x86-64 psABI
  TENSORC_CPU_X86_64_V2 = 0x002,
  TENSORC_CPU_X86_64_V3 = 0x003,
  TENSORC_CPU_X86_64_V4 = 0x004,
  TENSORC_CPU_AARCH64 = 0x101 ///< Armv8-A with NEON
} tensorc_cpu;

/// The best `tensorc_cpu` that this machine is, 0 where it is none; no better
/// than what the environment variable `TENSORC_CPU` names (`x86-64-v3`, for
/// testing). Cheap: read once.
int32_t tensorc_rt_cpu(void);
/// Whether this machine runs what is for `cpu`, a `tensorc_cpu`.
int32_t tensorc_rt_cpu_supports(int32_t cpu);

/// Fails with `TENSORC_ERROR_ABI_MISMATCH` or `TENSORC_ERROR_UNSUPPORTED_CPU`
/// when this runtime and machine can't run `model`; runs no code of it.
int32_t tensorc_rt_check_model(const tensorc_model *model);

/// What an entry point expects of its arguments: the state, the workspace, the
/// inputs, the outputs. In memory this is followed by their bytes, a `uint64_t`
/// each, 0 for what isn't looked at; then by names, each with its null byte:
/// the function's, as C has it, the inputs' and the outputs'.
typedef struct tensorc_call {
  uint32_t input_count;
  uint32_t output_count;
  int32_t cpu;           ///< as in `tensorc_model`
  int32_t updates_state; ///< whether the function writes to its state
} tensorc_call;

/// For entry points, before anything runs: fails with
/// `TENSORC_ERROR_INVALID_ARGUMENT` where an argument is null, or isn't aligned
/// (state and workspace), or where one that the function writes to overlaps
/// another; with `TENSORC_ERROR_UNSUPPORTED_CPU` where there is no code for
/// this machine.
int32_t tensorc_rt_check_call(const tensorc_call *call, void *const *arguments);
/// The same where the call says how many bytes the arguments have: `bytes`, a
/// number for each, and not what follows `call`. Since minor version 1.
int32_t tensorc_rt_check_sized_call(const tensorc_call *call,
                                    void *const *arguments,
                                    const uint64_t *bytes);

/// Reads every state tensor of `model` from the safetensors file `path` into
/// `state` (`state_bytes`, aligned). Tensors of the file that the model doesn't
/// have are ignored; one that is missing or of another shape or dtype is an
/// error that names it, and leaves `state` as it was.
int32_t tensorc_rt_load_state(const tensorc_model *model, void *state,
                              const char *path);

/// What `tensorc_rt_load_state_report` leaves alone.
typedef enum tensorc_load_report {
  TENSORC_LOAD_MISSING = 0,   ///< state of the model that the file lacks
  TENSORC_LOAD_UNEXPECTED = 1 ///< a tensor of the file that the model lacks
} tensorc_load_report;
/// Takes the name of a tensor, which lives as long as the call, and a
/// `tensorc_load_report`.
typedef void (*tensorc_load_report_fn)(void *context, int32_t what,
                                       const char *name);
/// As `tensorc_rt_load_state`, and tells `report` (which may be null) of each
/// tensor that it leaves alone, before the first byte of the state is written.
/// Where `strict` is 0, tensors that are missing in the file are among these,
/// and keep what they hold; one of another shape or dtype is an error still.
int32_t tensorc_rt_load_state_report(const tensorc_model *model, void *state,
                                     const char *path, int32_t strict,
                                     tensorc_load_report_fn report,
                                     void *context);
/// Writes the state as a safetensors file, atomically: a crash at any moment
/// leaves the old file or the new one, whole.
int32_t tensorc_rt_save_state(const tensorc_model *model, const void *state,
                              const char *path);
/// The description of the state tensor `name`, or null.
const tensorc_tensor_desc *tensorc_rt_find_state(const tensorc_model *model,
                                                 const char *name);

/// Zero-filled memory aligned to `TENSORC_ALIGNMENT`; null when there is none.
void *tensorc_rt_alloc(size_t bytes);
void tensorc_rt_free(void *memory);

/// The words for the last failure on this thread: valid until the next failing
/// call on the same thread. Never null.
const char *tensorc_rt_last_error(void);
/// Records a failure (printf-style) and returns `status`: for generated code.
int32_t tensorc_rt_fail(int32_t status, const char *format, ...);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // TENSORC_ABI_H

#include <tensorc/abi.h>
#include <tensorc/data/idx.h>

#include <cstdio>

// Sets the threads through the runtime and reads an IDX file that is in memory.
int main() {
  tensorc_rt_set_num_threads(1);
  const unsigned char file[] = {0, 0, 8, 1, 0, 0, 0, 2, 7, 8};
  auto array = tensorc::data::parse_idx(file, sizeof(file), "memory");
  std::printf("%d threads, %d elements\n", int(tensorc_rt_num_threads()),
              int(array.bytes.size()));
}

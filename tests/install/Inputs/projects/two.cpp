// Two models in one program.
#include "scale.h"
#include "shift.h"

#include <cstdio>

int main() {
  scale::Model first;
  shift::Model second;
  const float x[] = {1, 2, 3, 4};
  float y[4], z[4];
  first.run(x, y);
  second.run(y, z);
  std::printf("%g %g %g %g\n", z[0], z[1], z[2], z[3]);
}

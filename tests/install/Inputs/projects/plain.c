/* A model in C: no C++ compiler is asked for. */
#include "shift.h"

#include <stdio.h>

int main(void) {
  const float x[] = {1, 2, 3, 4};
  float y[4];
  if (shift_run(NULL, NULL, x, y) || !shift_run(NULL, NULL, NULL, y))
    return 1;
  printf("%g %g, then: %s\n", y[0], y[3], tensorc_rt_last_error());
  return 0;
}

#include "fitted.h"

#include <cmath>
#include <cstdio>

// Learns y = 3 x - 1 with a model that was compiled by tensorc_add_model.
int main(int argc, char **argv) {
  if (argc != 2)
    return 2;
  fitted::Model model;
  model.load(argv[1]);
  float x[8], y[8], loss = 0;
  for (int i = 0; i < 8; ++i) {
    x[i] = float(i) / 8.0f;
    y[i] = 3.0f * x[i] - 1.0f;
  }
  for (int step = 0; step < 2000; ++step)
    model.fit(x, y, &loss);
  float predicted[8];
  model.predict(x, predicted);
  bool close = true;
  for (int i = 0; i < 8; ++i)
    close &= std::fabs(predicted[i] - y[i]) < 1e-3f;
  std::printf("loss below 1e-6: %s, predictions close: %s\n",
              loss < 1e-6f ? "yes" : "no", close ? "yes" : "no");
}

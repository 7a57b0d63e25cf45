#include <tensorc/tensorc.h>
using namespace tensorc;

TENSORC_MODEL(model) {
  model.function("twice", {{"x", zeros({4})}}, [](const TensorList &in) {
    return Outputs{{"y", in[0] * 2}};
  });
}

// The functions whose accuracy is measured, of one operand and of two.
#define ACCURACY_UNARY(F)                                                      \
  F(exp)                                                                       \
  F(exp2)                                                                      \
  F(expm1)                                                                     \
  F(log)                                                                       \
  F(log1p)                                                                     \
  F(log2)                                                                      \
  F(sin)                                                                       \
  F(cos)                                                                       \
  F(tan)                                                                       \
  F(tanh)                                                                      \
  F(erf) F(sqrt) F(rsqrt) F(reciprocal) F(sigmoid) F(silu) F(softplus) F(gelu)
#define ACCURACY_BINARY(F) F(pow) F(atan2) F(remainder)

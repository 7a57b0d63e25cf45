constexpr double kFactor = 2;

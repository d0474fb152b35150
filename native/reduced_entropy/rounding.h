// Coefficients of one combination, rounded so that their sum stays.
#pragma once

#include <cmath>
#include <cstddef>

namespace quench::reduced_entropy {

/// The level that a combination starts from, or a correction ends at, and whether coefficients are rounded to float32
/// there.
struct Rounding {
  double alpha;
  double sigma;
  double single;
};

/// Rounds the coefficients on x, the first, and on predictions to float32 where `single` is not 0.
///
/// Late in sampling x / alpha and the predictions are nearly one vector, and the coefficients rounded each by itself
/// would move all its elements alike. So their sum is kept: the smallest, whose own rounding is finest, takes up the
/// errors of the others. x stands back while it is mostly noise.
///
/// Without it the float32 error on nearly equal predictions exceeds that of a plain transcription, and
/// test/solver/evodiff.test.ts fails.
inline void roundTogether(const Rounding& at, double* coefficients, std::size_t count) {
  if (at.single == 0) return;
  double left = 0;
  std::size_t finest = at.sigma < at.alpha / 2 ? 0 : 1;
  for (std::size_t i = 0; i < count; ++i) {
    const double exact = coefficients[i];
    const double worth = i == 0 ? at.alpha : 1;  // of a vector in units of a prediction
    const double size = std::abs(exact) * worth;
    if (i > 0 && size < std::abs(coefficients[finest]) * (finest == 0 ? at.alpha : 1)) finest = i;
    coefficients[i] = static_cast<float>(exact);
    left += (exact - coefficients[i]) * worth;
  }
  coefficients[finest] += left / (finest == 0 ? at.alpha : 1);
}

}  // namespace quench::reduced_entropy

// The formulas of reduced entropy in one form, for the operation that runs them row by row.
#pragma once

#include <cstddef>

namespace quench::reduced_entropy {

struct Decision;

/// What a row's inner products decide. All is float64; sizes are numbers of them.
struct Formula {
  /// The same for all rows.
  std::size_t constants;
  /// Inner products of a row; 0 for a formula that needs none.
  std::size_t products;
  /// What a row keeps from step to step, read and written.
  std::size_t kept;
  /// What is written for a row: coefficients of vectors, and what an observer may be told.
  std::size_t coefficients;
  std::size_t measured;
  /// Rows begin ... end - 1; `products` are those of row `begin` and the following.
  void (*run)(const Decision& decision, const double* products, std::size_t begin, std::size_t end);
};

/// A formula with what it reads and writes.
struct Decision {
  const Formula* formula;
  std::size_t rows;
  const double* constants;
  /// Row by row.
  double* kept;
  /// Number by number, each for all rows.
  double* coefficients;
  double* measured;
};

/// By the number that lib/native/formulas.ts gives them; nullptr for others.
const Formula* formulaAt(std::size_t number);

}  // namespace quench::reduced_entropy

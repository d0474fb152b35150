// EVODiff's correction as its authors' EDM sampler computes it, with clip(z) = clamp(z, -2, 2). Balanced differences
// D1 = m0 - a m1 and D2 = m_t - c m0 take the place of plain ones, and
//
//     eta*  = clip(<V+U, V-U>/<V-U, V-U>)/2,  U = D1/(r h),  V = r D2/h,        eta = logistic|eta*|/2
//     B     = r (1 - eta) D2 - (eta/r) D1
//     zeta* = clip(<P, D1>/<D1, D1>)/(h sigma_t),  P = (sigma_t h/(2 r_i)) (D1 - B),   zeta = logistic(|zeta*| - mu)
//     x_t   = x_E + (sigma_t h/(2 zeta)) B = x_P + (sigma_t h/(2 zeta)) B - (sigma_t h/(2 r_i)) D1,
//
// with x_E the DDIM step and x_P the probe.
//
// All of it follows from the three inner products of D1 and D2, and those from the Gram matrix of (m0, d, u), d = m0 -
// m1, u = m_t - m0: late in sampling the predictions are nearly equal, a - 1, c - 1, D1 and D2 are small differences of
// large things, and in this basis they are formed element by element, where nothing cancels. <m0,d> and <d,d> were
// measured in the step before, with its m0 and u.
#pragma once

#include "ratio.h"
#include "rounding.h"

namespace quench::reduced_entropy {

/// What the formulas know of a step, the same for all rows.
struct BalancedStep {
  double h;
  /// sigma_t, and rho = sigma_t/sigma_s.
  double sigma;
  double rho;
  /// By how much the step before exceeds this one.
  double r;
  /// b of a and c, and the share in them of what is measured.
  double balance;
  double weight;
  /// What takes coefficients in the formulas' variables to coefficients on x, and on predictions.
  double keep;
  double lift;
  Rounding rounding;
};

/// What a row keeps from step to step.
struct BalancedRow {
  /// <m1,m1>, <m1,d> and <d,d> before a step.
  double m1m1;
  double m1d;
  double dd;
  /// a - 1, from its probe on.
  double aMinusOne;
};

/// a - 1 with a = (1-w) b + w clip(<m0,m1>/<m1,m1>), b = sqrt(rho_n/rho_{n-1}); the ratio is 1 + <m0 - m1, m1>/<m1,m1>,
/// and 1 where m1 is zero. c - 1 is the same of m_t and m0.
inline double balanceMinusOne(const BalancedStep& now, double oldWithChange, double oldSquared) {
  const double ratioMinusOne = oldSquared > 0 ? std::clamp(oldWithChange / oldSquared, -3.0, 1.0) : 0;
  return (1 - now.weight) * (now.balance - 1) + now.weight * ratioMinusOne;
}

/// sigma_t h/(2 r_i), the coefficient of D1 in the probe and in P; r_i = clamp(r logistic(|a|/4), r/4, 3r/2).
inline double probeWeight(const BalancedStep& now, double a) {
  return now.sigma * now.h / (2 * std::clamp(logistic(std::abs(a) / 4) * now.r, now.r / 4, 1.5 * now.r));
}

/// The coefficients of x, m0 and m1 in the probe.
struct BalancedProbe {
  using Constants = BalancedStep;
  using Kept = BalancedRow;
  static constexpr std::size_t products = 0;
  static constexpr std::size_t coefficients = 3;
  static constexpr std::size_t measured = 0;

  static void row(const Constants& now, const double*, BalancedRow& kept, double* on, double*) {
    kept.aMinusOne = balanceMinusOne(now, kept.m1d, kept.m1m1);
    const double a = 1 + kept.aMinusOne;
    const double onD1 = probeWeight(now, a);
    on[0] = now.keep;
    on[1] = now.lift * (now.sigma * now.h + onD1);
    on[2] = -now.lift * onD1 * a;
    roundTogether(now.rounding, on, 3);
  }
};

/// The coefficients of x_P, m_t, m1 and m0 in x_t, from the products of (m0, d, u) with u.
struct BalancedCorrection {
  struct Constants {
    BalancedStep step;
    /// mu.
    double shift;
    /// Not 0 in runs of more than 20 steps.
    double longRun;
  };
  using Kept = BalancedRow;
  /// <m0,m0> and then those with u.
  static constexpr std::size_t products = 4;
  static constexpr std::size_t coefficients = 4;
  /// a, c, eta, zeta, eta* and zeta*, the last two before they are clipped.
  static constexpr std::size_t measured = 6;

  static void row(const Constants& constants, const double* withU, BalancedRow& kept, double* on, double* factors) {
    const BalancedStep& now = constants.step;
    const double h = now.h, sigma = now.sigma, r = now.r;
    const double m0m0 = withU[0], m0u = withU[1], du = withU[2], uu = withU[3];
    const double dd = kept.dd, m0d = kept.m1d + dd, aMinusOne = kept.aMinusOne;
    kept = {m0m0, m0u, uu, aMinusOne};
    const double a = 1 + aMinusOne;
    const double cMinusOne = balanceMinusOne(now, m0u, m0m0);
    const double c = 1 + cMinusOne;

    // D1 = a d - (a-1) m0 and D2 = u - (c-1) m0.
    const double d1d1 = a * a * dd - 2 * a * aMinusOne * m0d + aMinusOne * aMinusOne * m0m0;
    const double d1d2 = a * (du - cMinusOne * m0d) - aMinusOne * (m0u - cMinusOne * m0m0);
    const double d2d2 = uu - 2 * cMinusOne * m0u + cMinusOne * cMinusOne * m0m0;

    // V and U, both times r h: r^2 D2 and D1.
    const double vv = r * r * r * r * d2d2;
    const double vu = r * r * d1d2;
    const double etaRatio = ratioOrOne(vv - d1d1, vv - 2 * vu + d1d1);
    const double eta = 0.5 * logistic(std::abs(0.5 * clip(etaRatio)));

    const double bd1 = r * (1 - eta) * d1d2 - eta / r * d1d1;
    const double onProbe = probeWeight(now, a);
    const double zetaRatio = ratioOrOne(onProbe * (d1d1 - bd1), d1d1);
    const double shifted = std::abs(clip(zetaRatio) / (h * sigma)) - constants.shift;
    const double zeta = logistic(constants.longRun != 0 ? -shifted * consistency(now, m0d, dd) : shifted);

    // (sigma_t h/(2 zeta)) B - (sigma_t h/(2 r_i)) D1 as onD1 D1 + onD2 D2.
    const double weight = sigma * h / (2 * zeta);
    const double onD1 = -weight * eta / r - onProbe;
    const double onD2 = weight * r * (1 - eta);
    on[0] = 1;
    on[1] = now.lift * onD2;
    on[2] = -now.lift * onD1 * a;
    on[3] = now.lift * (onD1 - onD2 * c);
    roundTogether(now.rounding, on, 4);
    const double found[]{a, c, eta, zeta, 0.5 * etaRatio, zetaRatio / (h * sigma)};
    std::copy(found, found + measured, factors);
  }

  /// With more than 20 steps: logistic(q (2 - rho^2)), q = clip(<m0,D>/<D,D>), D = (m0 - m1)/h.
  static double consistency(const BalancedStep& now, double m0d, double dd) {
    return logistic(clip(ratioOrOne(now.h * m0d, dd)) * (2 - now.rho * now.rho));
  }
};

}  // namespace quench::reduced_entropy

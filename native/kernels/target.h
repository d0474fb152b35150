// Compiler-dependent spellings used by the kernels, in one place.
#pragma once

// A body marked so is inlined into the instance for each instruction set (instruction_set.h), which
// is what lets one text be compiled for several of them inside one translation unit.
#if defined(__GNUC__) || defined(__clang__)
#define QUENCH_ALWAYS_INLINE [[gnu::always_inline]] inline
#elif defined(_MSC_VER)
#define QUENCH_ALWAYS_INLINE __forceinline
#else
#define QUENCH_ALWAYS_INLINE inline
#endif

#if defined(__GNUC__) || defined(__clang__)
#define QUENCH_ALWAYS_INLINE_LAMBDA __attribute__((always_inline))
#else
#define QUENCH_ALWAYS_INLINE_LAMBDA
#endif

// Arithmetic of one element or one lane. A CUDA build compiles the same text for the device.
#if defined(__CUDACC__)
#define QUENCH_HOST_DEVICE __host__ __device__
#else
#define QUENCH_HOST_DEVICE
#endif

// The iterations of the loop that follows touch different elements, even where the output is the
// same array as an input: without this the compiler guards the vector loop with overlap checks.
#if defined(__clang__)
#define QUENCH_INDEPENDENT_ITERATIONS _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define QUENCH_INDEPENDENT_ITERATIONS _Pragma("GCC ivdep")
#else
#define QUENCH_INDEPENDENT_ITERATIONS
#endif

// The short loop that follows is to be vectorised, not unrolled into single elements first.
#if defined(__GNUC__) && !defined(__clang__)
#define QUENCH_KEEP_LOOP _Pragma("GCC unroll 1")
#else
#define QUENCH_KEEP_LOOP
#endif

// Unrolls the short loop over terms, vectors or rounds that follows, before the loop around it is vectorised.
#if defined(__CUDA_ARCH__)
#define QUENCH_UNROLL _Pragma("unroll")
#elif defined(__CUDACC__)
#define QUENCH_UNROLL
#elif defined(__clang__) || defined(__GNUC__)
#define QUENCH_UNROLL _Pragma("GCC unroll 9")
#else
#define QUENCH_UNROLL
#endif

// Features are listed rather than named by arch=x86-64-v3 / v4, because GCC refuses to inline a
// baseline body into a function of another arch. FMA is among them for the
// one place that asks for it (gram.cpp): the build forbids the compiler to contract by itself.
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__)) && !defined(QUENCH_BASELINE_ONLY)
#define QUENCH_MULTIVERSION 1
#define QUENCH_TARGET_AVX2 [[gnu::target("avx2,bmi,bmi2,lzcnt,movbe,f16c,fma")]]
#if defined(__clang__)
#define QUENCH_TARGET_AVX512 \
  [[gnu::target("avx2,bmi,bmi2,lzcnt,movbe,f16c,fma,avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]]
#else
#define QUENCH_TARGET_AVX512                                                            \
  [[gnu::target(                                                                        \
      "avx2,bmi,bmi2,lzcnt,movbe,f16c,fma,avx512f,avx512bw,avx512cd,avx512dq,avx512vl," \
      "prefer-vector-width=512")]]
#endif
#else
#define QUENCH_MULTIVERSION 0
#endif

namespace quench {

/// Keeps GCC from taking an array of lanes apart into single numbers, which it then gathers into vectors again before
/// every block and of which it leaves some in memory during the loop.
template <typename Lanes>
QUENCH_ALWAYS_INLINE void keepWhole([[maybe_unused]] Lanes* array) {
#if defined(__GNUC__) || defined(__clang__)
  asm volatile("" : : "r"(array) : "memory");
#endif
}

}  // namespace quench

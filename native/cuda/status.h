// Every CUDA call's status is looked at; one that is not success is thrown.
#pragma once

#include <cuda_runtime.h>

namespace quench::cuda {

struct Failure {
  const char* call;
  cudaError_t status;
};

inline void check(cudaError_t status, const char* call) {
  if (status != cudaSuccess) throw Failure{call, status};
}

}  // namespace quench::cuda

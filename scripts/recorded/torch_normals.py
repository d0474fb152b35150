"""Records what PyTorch's CPU generator draws, for test/native/torch-normals.test.ts.

    python3 scripts/recorded/torch_normals.py > test/recorded/torch-normals.json

Needs PyTorch on x86-64 with AVX2; recorded with 1.13.1 (Debian 12, GCC 12.2), CPU capability AVX2. Each record is one
generator, seeded once, and the tensors drawn from it one after the other: their sizes, the first and last value of
each as bits, and the SHA-256 of all their float32 bytes.
"""

import hashlib
import json

import torch


def bits(value):
    return f"{value.view(torch.int32).item() & 0xFFFFFFFF:08x}"


def record(seed, sizes):
    generator = torch.Generator("cpu").manual_seed(seed)
    digest = hashlib.sha256()
    ends = []
    for size in sizes:
        drawn = torch.randn(size, generator=generator, dtype=torch.float32)
        digest.update(drawn.numpy().tobytes())
        ends.append([bits(drawn[0]), bits(drawn[-1])])
    return {"seed": str(seed), "sizes": sizes, "ends": ends, "sha256": digest.hexdigest()}


seeds = [0, 1, 42, 123456789, 2**32 - 1, 2**40 + 5, 2**63 + 11]
records = [record(seed, [size]) for seed in seeds for size in (1, 2, 15, 16, 17, 47, 48, 1000, 3 * 64 * 64)]
records += [record(7, [size]) for size in range(1, 41)]
# A generator keeps the second normal of a scalar pair across draws of other kinds.
records += [record(seed, [5, 3, 20, 7, 48, 1, 1, 16, 9, 1000]) for seed in seeds]
records += [record(seed, [4 * 64 * 64] * 5) for seed in (0, 42)]

header = {"torch": torch.__version__, "capability": "AVX2", "dtype": "float32"}
lines = ",\n".join(json.dumps(item, separators=(",", ":")) for item in records)
print(json.dumps(header)[:-1] + ', "records": [\n' + lines + "\n]}")

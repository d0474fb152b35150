import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { openCuda } from "../../lib/device/index.js";
import { gaussianMixture, QuenchError, sample, vpLinear } from "../../lib/index.js";
import { buildEmulation, builtAddon, emulatedCard, hasCmake } from "./emulation.js";

const folder = mkdtempSync(join(tmpdir(), "quench-cuda-"));

function refusal(open: () => unknown): { code: string; message: string } {
  try {
    open();
  } catch (error) {
    if (error instanceof QuenchError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error("expected a refusal");
}

describe("where there is no card", () => {
  afterEach(() => {
    delete process.env.QUENCH_CUDA_ADDON;
  });

  it("the addon is not built", () => {
    const path = join(folder, "absent.node");
    const { code, message } = refusal(() => openCuda(path));
    expect(code).toBe("CUDA_NOT_BUILT");
    expect(message).toContain(path);
    expect(message).toContain("build it in a clone");
    expect(message).toContain("QUENCH_CUDA_ADDON");
  });

  it("the addon cannot be loaded", () => {
    const path = join(folder, "broken.node");
    writeFileSync(path, "not a library");
    const { code, message } = refusal(() => openCuda(path));
    expect(code).toBe("CUDA_NOT_LOADABLE");
    expect(message).toContain(path);
  });

  it("sample() says so before any model call, and the CPU goes on working", async () => {
    process.env.QUENCH_CUDA_ADDON = join(folder, "absent.node");
    let calls = 0;
    const mixture = gaussianMixture({
      weights: [1],
      means: [[0, 1]],
      stds: [0.3],
      shape: [2],
      process: vpLinear(),
    });
    const counting = {
      ...mixture,
      evaluate: (batch: Parameters<typeof mixture.evaluate>[0]) => {
        calls++;
        return mixture.evaluate(batch);
      },
    };
    await expect(sample(counting, { device: "cuda" })).rejects.toMatchObject({
      code: "CUDA_NOT_BUILT",
      where: "device",
    });
    expect(calls).toBe(0);
    await expect(sample(counting, { device: "gpu" as "cuda" })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
    expect((await sample(counting, { steps: 3 })).data).toHaveLength(2);
  });

  describe.skipIf(!hasCmake)("as emulated", () => {
    beforeAll(buildEmulation, 300_000);

    it.each([
      ["driver=none", "CUDA_NO_DRIVER", /driver/],
      ["devices=0", "CUDA_NO_DEVICE", /no card/],
    ])("%s", (settings, code, message) => {
      const refused = refusal(() => emulatedCard(settings));
      expect(refused.code).toBe(code);
      expect(refused.message).toMatch(message);
    });
  });

  // The real addon, where somebody built it: CUDA's own runtime without a driver, and with one that sees no card.
  const hasDriver = existsSync("/proc/driver/nvidia");
  const hasCompiler = spawnSync("cc", ["--version"]).status === 0;
  describe.skipIf(!existsSync(builtAddon) || hasDriver || process.platform !== "linux")(
    "as nvcc built it",
    () => {
      it("no driver", () => {
        expect(refusal(() => openCuda(builtAddon)).code).toBe("CUDA_NO_DRIVER");
      });

      it.skipIf(!hasCompiler)("a driver that sees no card", () => {
        writeFileSync(
          join(folder, "driver.c"),
          `#include <string.h>
         int cuInit(unsigned flags) { return 100; }
         int cuDriverGetVersion(int *version) { *version = 13000; return 0; }
         static int refuse(void) { return 100; }
         int cuGetProcAddress_v2(const char *name, void **found, int version, unsigned long long flags, int *status) {
           *found = strcmp(name, "cuInit") == 0 ? (void *)cuInit
             : strcmp(name, "cuDriverGetVersion") == 0 ? (void *)cuDriverGetVersion
             : strcmp(name, "cuGetProcAddress") == 0 ? (void *)cuGetProcAddress_v2
             : (void *)refuse;
           if (status) *status = 0;
           return 0;
         }
         int cuGetProcAddress(const char *name, void **found, int version, unsigned long long flags) {
           return cuGetProcAddress_v2(name, found, version, flags, 0);
         }`,
        );
        execFileSync("cc", [
          "-shared",
          "-fPIC",
          "-o",
          join(folder, "libcuda.so.1"),
          join(folder, "driver.c"),
        ]);
        const script = `try { require(${JSON.stringify(builtAddon)}).open(); } catch (error) { console.log(error.code, error.status); }`;
        const env = { ...process.env, LD_LIBRARY_PATH: folder };
        expect(execFileSync(process.execPath, ["-e", script], { env, encoding: "utf8" })).toBe(
          "QUENCH_CUDA cudaErrorNoDevice\n",
        );
      });
    },
  );
});

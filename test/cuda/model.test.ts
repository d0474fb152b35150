import { once } from "node:events";
import { expect, it } from "vitest";
import { loadModel, sample } from "../../lib/index.js";
import { onCard } from "./emulation.js";

it.skipIf(onCard)(
  "a model asked onto a card runs on the CPU with a warning where onnxruntime-node has no card",
  async () => {
    const warned = once(process, "warning", { signal: AbortSignal.timeout(20_000) });
    const model = await loadModel("models/digits", { session: { device: "cuda" } });
    const plain = await loadModel("models/digits");
    try {
      expect((await warned)[0]).toMatchObject({ code: "QUENCH_MODEL_ON_CPU" });
      const request = { steps: 2, labels: 3 };
      expect((await sample(model, request)).data).toEqual((await sample(plain, request)).data);
    } finally {
      await model.close();
      await plain.close();
    }
  },
);

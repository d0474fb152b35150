import { expect, test } from "vitest";
import type { ModelDescription, Samples } from "../../dist/index.js";
import { encodeSamples } from "../../dist/server/answer.js";

test("a large PNG is packed outside the server's thread", async () => {
  const shape = [512, 3, 32, 32];
  const data = Float32Array.from({ length: 512 * 3 * 1024 }, (_, i) => Math.sin(i * i));
  let turns = 0;
  let done = false;
  const count = () => {
    turns++;
    if (!done) setImmediate(count);
  };
  const encoded = encodeSamples(
    { data, shape } as unknown as Samples,
    "image/png",
    {} as ModelDescription,
    32,
  );
  setImmediate(count);
  const bytes = await encoded;
  done = true;
  expect(turns).toBeGreaterThan(5);
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");
});

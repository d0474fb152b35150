import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
// The compiled package: a worker's entry is a file that node can run.
import { Engine, type SpawnOptions } from "../../dist/index.js";
import { temporaryFolder } from "../denoiser/support.js";

const url = new URL("../fixtures/denoisers/faulty.mjs", import.meta.url);
const path = fileURLToPath(url);

describe("a model's module", () => {
  it.each<[string, string | URL]>([
    ["a URL", url],
    ["a URL as text", url.href],
    ["an absolute path", path],
    ["a path from the working directory", `./${relative(process.cwd(), path)}`],
  ])("is found by %s", async (_, module) => {
    for (const isolation of ["thread", "process"] as const) {
      const engine = await Engine.spawn({ model: { module }, isolation });
      expect(engine.model.shape).toEqual([2, 2, 2]);
      await engine.close();
    }
  });

  it("is refused by its name where it makes no denoiser", async () => {
    const folder = await temporaryFolder();
    const file = (name: string, text: string) => {
      writeFileSync(`${folder}/${name}`, text);
      return `${folder}/${name}`;
    };
    const throws = file("throws.mjs", 'export default () => { throw new Error("no weights"); };');
    const nothing = file(
      "nothing.mjs",
      "export default async () => ({ shape: [1] });\nexport const make = 3;",
    );
    const cases: [SpawnOptions["model"], RegExp][] = [
      [{ module: throws }, /"default" failed \(no weights\)/],
      [{ module: nothing }, /"default" made no denoiser: /],
      [{ module: nothing, export: "make" }, /expected a function that returns a denoiser as export "make"/],
      [{ module: `${folder}/absent.mjs` }, /cannot be loaded .*absent\.mjs/],
    ];
    for (const [model, message] of cases) {
      for (const isolation of ["thread", "process"] as const) {
        await expect(Engine.spawn({ model, isolation })).rejects.toMatchObject({
          ...{ code: "INVALID_MODEL", where: expect.stringMatching(/\.mjs$/) },
          message: expect.stringMatching(message),
        });
      }
    }
  });
});

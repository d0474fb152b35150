// A read-only file system, as Node tells of it: there is none to be had in a test.

import { expect, test, vi } from "vitest";
import { Store } from "../../lib/evaluate/store.js";

const failure = (code: string) => Object.assign(new Error(code), { code });

vi.mock("node:fs/promises", async (original) => ({
  ...(await original<object>()),
  mkdir: async (_path: string, options?: { recursive?: boolean }) => {
    throw failure(options?.recursive ? "ENOENT" : "EROFS");
  },
}));

test("a folder on a read-only file system is said to be on one", async () => {
  await expect(Store.open("/nowhere/at/all")).rejects.toMatchObject({
    code: "WRITE_FAILED",
    message: expect.stringContaining("read-only"),
  });
});

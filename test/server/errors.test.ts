import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type ErrorCode, QuenchError } from "../../lib/errors.js";
import { errorAnswer } from "../../lib/server/errors.js";

const page = readFileSync(new URL("../../docs/engine.md", import.meta.url), "utf8");
const [, table] = page.split("| Status | When | Code |\n| --- | --- | --- |\n");
const rows = [...table!.matchAll(/^\| (\d+) \| .* \| (.*) \|$/gm)].map(
  ([, status, codes]) =>
    [Number(status), [...codes!.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => code!)] as const,
);
const notOurs = /^(FST_.*|NOT_FOUND|NOT_ACCEPTABLE|INTERNAL)$/;

test("docs/engine.md gives the statuses of our codes", () => {
  const said = rows.flatMap(([status, codes]) =>
    codes.filter((code) => !notOurs.test(code)).map((code) => [code, status] as const),
  );
  expect(said.length).toBeGreaterThan(10);
  for (const [code, status] of said)
    expect([code, errorAnswer(new QuenchError(code as ErrorCode, "")).status]).toEqual([code, status]);
});

test("an error that nobody foresaw is a 500 that says nothing of it", () => {
  expect(errorAnswer(new TypeError("secret"))).toEqual({
    status: 500,
    body: { error: { code: "INTERNAL", message: "the request failed" } },
  });
});

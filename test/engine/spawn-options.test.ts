import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import { threadsFor, withSpawnDefaults } from "../../lib/engine/service/spawn-options.js";

describe("threads inside a model call", () => {
  it.each([
    [1, 1, 1],
    [1, 8, 8],
    [2, 8, 4],
    [3, 8, 2],
    [8, 8, 1],
    [9, 8, 1],
  ])("%i sessions on %i processors: %i each", (sessions, processors, threads) => {
    expect(threadsFor(sessions, processors)).toBe(threads);
  });

  it("are the caller's where given, and shared by the sessions where not", () => {
    expect(withSpawnDefaults({ model: "digits", sessions: 2, threads: 3 }).threads).toBe(3);
    expect(withSpawnDefaults({ model: "digits", sessions: 2 }).threads).toBe(threadsFor(2));
    expect(withSpawnDefaults({ model: "digits" }).threads).toBe(availableParallelism());
    expect(() => withSpawnDefaults({ model: "digits", threads: 0 })).toThrow(/^threads/);
    expect(() => withSpawnDefaults({ model: "digits", sessions: 0 })).toThrow(/^sessions/);
  });
});

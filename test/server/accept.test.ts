import { expect, test } from "vitest";
import { preferredType } from "../../lib/server/accept.js";

const [json, png, npy, events] = [
  "application/json",
  "image/png",
  "application/x-npy",
  "text/event-stream",
] as const;
const offered = [json, png, npy, events];

test.each([
  // What a client does not say.
  [undefined, json],
  ["", json],
  ["*/*", json],
  // Weights.
  ["application/json;q=0.1, image/png;q=0.9", png],
  ["text/html;q=1, image/png;q=0.5", png],
  ["application/json;q=0.5, text/event-stream;q=0.4", json],
  ["application/x-npy;q=0.001, */*;q=0", npy],
  ["application/json; Q = 0.2 , image/png ; q=0.3", png],
  // A weight of 0 is a refusal, also against a wider range.
  ["application/json;q=0", undefined],
  ["application/json;q=0.000, */*", png],
  ["text/event-stream;q=0, application/json", json],
  ["image/*, image/png;q=0", undefined],
  ["application/*;q=0, */*;q=0.1", png],
  // The more precise range is what is meant.
  ["*/*, image/png", png],
  ["application/*, application/x-npy", npy],
  ["text/event-stream, */*", events],
  ["text/*", events],
  ["image/*", png],
  // Of equals, the one that is named first.
  ["image/png, application/json", png],
  ["text/event-stream, application/json", events],
  ["application/json, text/event-stream", json],
  // Upper case, and other parameters.
  ["Text/Event-Stream", events],
  ["IMAGE/PNG", png],
  ["application/json;charset=utf-8;q=0.4, image/png;q=0.5", png],
  // Not these.
  ["text/html", undefined],
  ["application/text/event-stream-like", undefined],
  ["text/event-streams", undefined],
  ["*/png", undefined],
  ["*", undefined],
  ["application/json;q=2, image/png;q=high", undefined],
  [",;,", undefined],
] as const)("Accept: %s is answered with %s", (accept, type) => {
  expect(preferredType(accept, offered)).toBe(type);
});

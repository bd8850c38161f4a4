import { after, before, test } from "node:test";
import { meetFullDisk, type Road, STAGES, walkRoad } from "./stage-by-stage.js";
import type { Operation } from "./watch-writes.js";

type Found = { operation: Operation; index: number };

let road: Road;
before(async () => {
  road = await walkRoad();
});
after(() => road.close());

/** The first, a middle and the last write, and the middle one of each other kind. */
function spread(operations: Found[]): Found[] {
  const kinds = new Set(operations.map(({ operation }) => operation.kind));
  const chosen = [...kinds].flatMap((kind) => {
    const found = operations.filter(({ operation }) => operation.kind === kind);
    const middle = found[found.length >> 1]!;
    return kind === "write" ? [found[0]!, middle, found.at(-1)!] : [middle];
  });
  return [...new Set(chosen)];
}

for (const stage of STAGES) {
  test(`${stage}: a disk that is full at the first, a middle or the last write, or at an open, sync, close or rename`, () =>
    meetFullDisk(road, stage, spread));
}

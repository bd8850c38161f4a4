import { after, before, test } from "node:test";
import { meetFullDisk, type Road, walkRoad } from "./stage-by-stage.js";

let road: Road;
before(async () => {
  road = await walkRoad("dialogue");
});
after(() => road.close());

// A share of what `npm run soak` does with every stage.
for (const stage of ["import", "dialogue"] as const) {
  test(`${stage}: a disk that is full at its second write, or at its last rename but one`, () =>
    meetFullDisk(road, stage, (operations) => {
      const of = (kind: string) => operations.filter(({ operation }) => operation.kind === kind);
      return [of("write").at(1)!, of("rename").at(-2)!];
    }));
}

import type { Detector } from "../detector.js";
import { imagineName } from "./imagine-name.js";

/** Names of people, word by word: they are found by a list, not by their form. */
export const name: Pick<Detector, "kind" | "key" | "imagine"> = {
  kind: "name",
  key: (found) => found.toLowerCase(),
  imagine: imagineName,
};

import { test } from "node:test";
import { killAgainAndAgain } from "./killed-training.js";

for (const seed of ["a", "b"]) {
  test(`killed ten times at random, a training ends with the same adapter, byte for byte (seed ${seed})`, () =>
    killAgainAndAgain(seed, 10));
}

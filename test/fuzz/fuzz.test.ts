import { test } from "node:test";
import { fuzz } from "./fuzz.js";

// A share of the 10,000 of `npm run soak`, with another seed.
test("450 damaged files: each is read or refused with one clear error", () => fuzz("quick", 450));

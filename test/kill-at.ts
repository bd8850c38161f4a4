import { appendFileSync } from "node:fs";
import { watchWrites } from "./watch-writes.js";

// Loaded before the program: it is killed at the operation of this number below a folder; -1 only counts them, one line
// each in a file.
const { KOUWEN_TEST_FOLDER: folder, KOUWEN_TEST_KILL: at, KOUWEN_TEST_COUNT: list } = process.env;
watchWrites(folder!, ({ kind, path }, index) => {
  if (list) appendFileSync(list, `${kind} ${path.slice(folder!.length)}\n`);
  return index === Number(at) ? "killed" : "none";
});

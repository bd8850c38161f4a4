import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

// Loaded before the program: every write to a file of the given name in the given folder fails as on a full disk.
const full = process.env["KOUWEN_TEST_FULL"]!;
const name = process.env["KOUWEN_TEST_FULL_NAME"]!;
const open = promises.open;
promises.open = async (path, ...rest) => {
  const handle = await open(path, ...rest);
  const place = String(path);
  if (place.includes(full) && place.includes(name)) {
    handle.write = () =>
      Promise.reject(Object.assign(new Error("no space left on device"), { code: "ENOSPC" }));
  }
  return handle;
};
syncBuiltinESMExports();

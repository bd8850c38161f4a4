import { parentPort, workerData } from "node:worker_threads";
import koffi from "koffi";
import type { DecodeStep } from "./decode-thread.js";
import { BATCH } from "./structs.js";

// Calls `llama_decode` for the thread that started this one, in the order in which it is asked.
const library = koffi.load((workerData as { path: string }).path);
const decode = library.func("llama_decode", "int32", ["void*", koffi.struct(BATCH)]) as unknown as (
  context: DecodeStep["context"],
  batch: DecodeStep["batch"],
) => number;

parentPort!.on("message", ({ context, batch }: DecodeStep) => {
  parentPort!.postMessage(decode(context, batch), []);
});

import type { AdapterState, Trainer, TrainerPlan, TrainerSession } from "../../train/trainer.js";
import { Thread } from "./thread.js";

/** The embedded trainer: onnxruntime on this machine's processor, in a thread of its own. */
export function createTrainer(): Trainer {
  return {
    open: async (base, options, run = {}) => {
      run.signal?.throwIfAborted();
      const thread = new Thread(new URL("./worker.js", import.meta.url));
      // Reading the base may take long, and nothing of it is worth keeping.
      const abort = () => void thread.close();
      run.signal?.addEventListener("abort", abort);
      try {
        const plan = (await thread.call("open", { base, options }, run.onProgress)) as TrainerPlan;
        return session(thread, plan);
      } catch (error) {
        await thread.close();
        run.signal?.throwIfAborted();
        throw error;
      } finally {
        run.signal?.removeEventListener("abort", abort);
      }
    },
  };
}

function session(thread: Thread, plan: TrainerPlan): TrainerSession {
  return {
    plan,
    gather: (run) => thread.call("gather", run) as Promise<number>,
    measure: (run) => thread.call("measure", run) as Promise<number>,
    step: (settings) => thread.call("step", settings) as Promise<number>,
    read: () => thread.call("read") as Promise<AdapterState>,
    write: async (state) => void (await thread.call("write", state)),
    close: async () => {
      try {
        await thread.call("close");
      } finally {
        await thread.close();
      }
    },
  };
}

import { InferenceSession, Tensor } from "onnxruntime-node";

/** Arrays under the names of a graph's inputs or outputs, with their shapes. */
export type Arrays = Record<string, Tensor>;

/** A graph that is ready to run. It writes into arrays that the caller owns, so that nothing is copied. */
export type OrtSession = {
  run(inputs: Arrays, outputs: Arrays): Promise<void>;
  close(): Promise<void>;
};

/** Loads a graph. Its threads are as many as the machine has cores. */
export async function createOrtSession(model: Uint8Array): Promise<OrtSession> {
  const session = await InferenceSession.create(model, {
    // Plans for one size of a run do not fit the next, and cost 0.5 GB of workspace.
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra: {
      session: {
        set_denormal_as_zero: "1",
        // Idle threads of one session otherwise spin for so long that they take the cores from the next one, and from
        // other programs: 158 instead of 105 ms for a layer both ways on an idle machine, 571 instead of 315 on a busy one.
        intra_op: { spin_duration_us: "50" },
      },
    },
  });
  return {
    run: async (inputs, outputs) => void (await session.run(inputs, outputs)),
    close: () => session.release(),
  };
}

/** @param bits of float16 values */
export function float16Tensor(bits: Uint16Array, shape: readonly number[]): Tensor {
  return new Tensor("float16", bits, shape);
}

export function int8Tensor(values: Int8Array, shape: readonly number[]): Tensor {
  return new Tensor("int8", values, shape);
}

/**
 * Makes onnxruntime hold float16 as Uint16Array everywhere.
 *
 * It looks once, at its first tensor, whether JavaScript has Float16Array (from Node 24 on), and would then hand that to
 * its native part, which reads it as empty (1.30.0).
 */
function holdFloat16AsBits(): void {
  const globals = globalThis as { Float16Array?: unknown };
  const own = globals.Float16Array;
  if (own === undefined) return;
  globals.Float16Array = undefined;
  float32Tensor(new Float32Array(1), [1]).dispose();
  globals.Float16Array = own;
}
holdFloat16AsBits();

export function float32Tensor(values: Float32Array, shape: readonly number[]): Tensor {
  return new Tensor("float32", values, shape);
}

export function int64Tensor(values: ArrayLike<number>, shape: readonly number[]): Tensor {
  return new Tensor("int64", BigInt64Array.from(values as number[], BigInt), shape);
}

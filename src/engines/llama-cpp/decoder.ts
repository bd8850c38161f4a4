import type { LlamaLibrary, Pointer } from "./library.js";
import type { Decoder, Row } from "./scheduler.js";
import type { ThreadCount } from "./thread-count.js";

/**
 * A context of llama.cpp as a decoder of at most `maxRows` rows at once.
 *
 * @param threads undefined leaves them as the context was made
 */
export function createDecoder(
  library: LlamaLibrary,
  context: Pointer,
  vocabularySize: number,
  maxRows: number,
  threads: ThreadCount | undefined,
): Decoder & { free: () => void } {
  const memory = library.memory(context);
  const batch = library.batchInit(maxRows, 0, 1);
  const int32 = (pointer: unknown, length: number) =>
    new Int32Array(library.view(pointer as Pointer, 4 * length));
  const tokens = int32(batch.token, maxRows);
  const positions = int32(batch.pos, maxRows);
  const sequenceCounts = int32(batch.n_seq_id, maxRows);
  const outputs = new Int8Array(library.view(batch.logits as Pointer, maxRows));
  const sequencePointers = new BigUint64Array(library.view(batch.seq_id as Pointer, 8 * maxRows));
  const sequences = Array.from(sequencePointers, (pointer) => int32(pointer, 1));
  return {
    decode: async (rows: readonly Row[]) => {
      rows.forEach(({ token, position, sequence, output }, index) => {
        tokens[index] = token;
        positions[index] = position;
        sequenceCounts[index] = 1;
        sequences[index]![0] = sequence;
        outputs[index] = output ? 1 : 0;
      });
      const count = threads?.at(performance.now());
      if (count !== undefined) library.setThreads(context, count, count);
      const code = await library.decode({ context, batch: { ...batch, n_tokens: rows.length } });
      threads?.rest(performance.now());
      if (code !== 0) throw new Error(`internal: llama_decode returned ${code} for ${rows.length} tokens`);
    },
    logits: (index) => {
      const pointer = library.logits(context, index);
      if (pointer === null) throw new Error(`internal: llama.cpp has no logits for row ${index}`);
      return new Float32Array(library.view(pointer, 4 * vocabularySize));
    },
    forget: (sequence, from) => {
      library.memoryRemove(memory, sequence, from, -1);
    },
    free: () => library.batchFree(batch),
  };
}

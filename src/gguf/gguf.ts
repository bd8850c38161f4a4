import { basename } from "node:path";
import { checkTensors, isRedundantTensor } from "../formats/check-tensors.js";
import { Unsupported } from "../errors.js";
import { type TensorPlace, toFloat16Bytes } from "../formats/float16-bytes.js";
import { interleaveHeadRows } from "../formats/gguf/head-rows.js";
import { type ModelTensor, modelTensors } from "../formats/gguf/layout.js";
import { modelMetadata } from "../formats/gguf/model-metadata.js";
import { ROPE_FREQS, ropeFreqs } from "../formats/gguf/rope-freqs.js";
import { writeGguf } from "../formats/gguf/write.js";
import { readModelConfig } from "../formats/model-config.js";
import { elementCount, fromFloat32, isPlain, PLAIN_BYTES, toFloat32 } from "../formats/plain.js";
import { readAhead } from "../formats/read-ahead.js";
import { rowBatches } from "../formats/rows.js";
import { openModelTensors } from "../formats/safetensors/read.js";
import type { ChatTemplate } from "../formats/template/chat-template.js";
import type { PlainType, Rows, TensorInfo } from "../formats/tensors.js";
import { tokenizerMetadata } from "../formats/tokenizer/to-gguf.js";
import { readTokenizerFiles } from "../formats/tokenizer/tokenizer.js";
import type { Run } from "../progress.js";

const STAGE = "gguf";

export type GgufOptions = {
  /** The model's name, for people who look into the file. */
  name: string;
  /** The layout of a conversation, which the file carries as Jinja. */
  template: ChatTemplate;
};

/** Values read at a time: what is read, converted and written stays in a processor's cache. */
const BATCH_VALUES = 1 << 18;

/** A tensor to be written, and how its source is read. */
type Planned = ModelTensor & {
  source: string;
  type: "F16" | "F32";
  stored: PlainType;
  batches: { rows: Rows; bytes: number }[];
};

/**
 * Writes a Hugging Face model folder as one F16 GGUF file: matrices as float16, vectors as float32, with the tokenizer
 * and our chat template inside. Memory stays at a few batches of rows, whatever the model's size.
 *
 * @throws {Unsupported} another architecture, an unknown tensor, or a value beyond the range of float16
 * @throws {MalformedInput} the folder's files are broken or do not belong together
 * @throws {LimitExceeded} the disk is full; nothing is left behind
 */
export async function gguf(
  paths: { model: string; gguf: string },
  options: GgufOptions,
  run: Run = {},
): Promise<{ tensors: number; parameters: number }> {
  const config = await readModelConfig(paths.model, STAGE);
  const tokenizer = await readTokenizerFiles(paths.model, STAGE);
  const source = await openModelTensors(paths.model, STAGE);
  try {
    const expected = modelTensors(config);
    const file = basename(paths.model);
    checkTensors(source.tensors, expected, file, STAGE, (name) =>
      isRedundantTensor(name, config.tiedEmbeddings),
    );
    const parameters = expected.reduce((sum, { shape }) => sum + elementCount(shape), 0);
    const metadata = new Map([
      ...modelMetadata(config, options.name, parameters),
      ...tokenizerMetadata(tokenizer, options.template, config, STAGE),
    ]);
    // The converter's order, which is that of the bytes in the source too; vectors stay exact, they cost next to nothing.
    const stored = new Map([...source.tensors.keys()].map((name, place) => [name, place]));
    const inOrder = expected.toSorted((a, b) => stored.get(a.name)! - stored.get(b.name)!);
    const tensors = inOrder.map((tensor): Planned => {
      const type = tensor.shape.length === 1 ? "F32" : "F16";
      const stored = plainType(source.tensors.get(tensor.name)!, file);
      const multiple = tensor.interleaved ? config.headSize : 1;
      const rowBytes = elementCount(tensor.shape.slice(1)) * PLAIN_BYTES[stored];
      const batches = [...rowBatches(tensor.shape, multiple, BATCH_VALUES)].map((rows) => ({
        rows,
        bytes: rows.count * rowBytes,
      }));
      return { ...tensor, name: tensor.ggufName, source: tensor.name, type, stored, batches };
    });
    // Has no name in the folder: there its values follow from the configuration.
    const added = config.ropeScaling
      ? [{ name: ROPE_FREQS, shape: [config.headSize / 2], type: "F32" as const, source: null }]
      : [];
    const total = added.length + tensors.length;
    const memoryBytes = Math.max(...tensors.flatMap(({ batches }) => batches.map(({ bytes }) => bytes)));
    const reading = readAhead(
      tensors.flatMap(({ source: name, batches }) => batches.map(({ rows }) => ({ name, rows }))),
      memoryBytes,
      ({ name, rows }, memory) => source.readBytes(name, rows, memory),
    );
    let done = 0;
    try {
      await writeGguf(paths.gguf, STAGE, metadata, [...added, ...tensors], (tensor) => {
        run.signal?.throwIfAborted();
        run.onProgress?.({ stage: STAGE, done, total, unit: "tensors" });
        done += 1;
        if (tensor.source === null) return fromFloat32(ropeFreqs(config), tensor.type);
        return convert(reading, tensor, config.headSize, { stage: STAGE, file, tensor: tensor.source });
      });
    } finally {
      await reading.return(undefined);
    }
    run.onProgress?.({ stage: STAGE, done, total, unit: "tensors" });
    return { tensors: total, parameters };
  } finally {
    await source.close();
  }
}

/** A tensor's bytes as llama.cpp wants them, batch by batch. */
async function* convert(
  reading: AsyncIterator<Uint8Array, undefined>,
  tensor: Planned,
  headSize: number,
  place: TensorPlace,
): AsyncIterable<Uint8Array> {
  const { type, stored, interleaved, batches } = tensor;
  for (const { rows } of batches) {
    const { value: read } = await reading.next();
    if (!read) throw new Error("internal: fewer batches read than planned");
    const bytes =
      type === "F16" ? toFloat16Bytes(read, stored, place) : fromFloat32(toFloat32(read, stored), type);
    yield interleaved ? interleaveHeadRows(bytes, headSize, bytes.byteLength / rows.count) : bytes;
  }
}

function plainType({ name, type }: TensorInfo, file: string): PlainType {
  if (isPlain(type)) return type;
  throw new Unsupported(
    `${STAGE} ${file}: tensor "${name}" has the type ${type} (F32, F16 and BF16 are read). Choose a 16-bit model.`,
    { stage: STAGE, path: file },
  );
}

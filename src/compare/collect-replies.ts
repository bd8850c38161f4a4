import { Unavailable } from "../errors.js";
import type { LoadedModel, ModelHost, Sampling } from "../engines/ports.js";
import type { Run } from "../progress.js";
import type { Codec } from "./codec.js";
import { longestSequence, type EncodedPrompt } from "./encoded-prompt.js";
import type { ReplyStore, StoredReply } from "./reply-store.js";
import type { CompareSettings } from "./settings.js";
import { sideBySide } from "./side-by-side.js";

/**
 * Lets one model reply at every prompt that the store does not hold yet, and read the real reply there. The
 * model is loaded only if something is missing, and closed before this returns.
 *
 * @param onReply called after each reply
 */
export async function collectReplies(
  ggufPath: string,
  prompts: readonly EncodedPrompt[],
  store: ReplyStore,
  codec: Codec,
  settings: CompareSettings,
  host: ModelHost,
  run: Run & { onReply: () => void },
): Promise<void> {
  const missing = prompts.filter(({ id }) => !store.replies.has(id));
  if (missing.length === 0) return;
  const contextTokens = longestSequence(missing, settings.maxTokens);
  const sequences = Math.min(settings.sequences, missing.length);
  const model = await host.load(ggufPath, { contextTokens, sequences }, signalOnly(run));
  try {
    await sideBySide(missing, sequences, async (prompt) => {
      run.signal?.throwIfAborted();
      await store.add(await replyAt(prompt, model, codec, settings, run));
      run.onReply();
    });
  } finally {
    await model.close();
  }
}

async function replyAt(
  prompt: EncodedPrompt,
  model: LoadedModel,
  codec: Codec,
  settings: CompareSettings,
  run: Run,
): Promise<StoredReply> {
  const { temperature, topP, repeatPenalty, maxTokens } = settings;
  const sampling: Sampling = { temperature, topP, repeatPenalty, maxTokens, seed: prompt.seed };
  const { ids, ended } = await model.generate(prompt.promptIds, codec.stopIds, sampling, signalOnly(run));
  run.signal?.throwIfAborted();
  const logProbabilities = await model.score(prompt.promptIds, prompt.replyIds, signalOnly(run));
  run.signal?.throwIfAborted();
  const nats = -logProbabilities.reduce((sum, value) => sum + value, 0);
  if (!Number.isFinite(nats)) {
    throw new Unavailable(
      `compare model: its probabilities are ${nats}, no numbers. Convert the model again with kouwen gguf.`,
      { stage: "compare" },
    );
  }
  return { promptId: prompt.id, text: codec.decode(ids), cut: ended === "length", nats };
}

/** The engine's own progress would mix with ours. */
function signalOnly({ signal }: Run): Run {
  return signal ? { signal } : {};
}

import { basename, extname } from "node:path";
import { openGgufModel } from "../../formats/gguf/open-model.js";
import { elementCount } from "../../formats/plain.js";
import { codecOfGguf } from "../../formats/template/codec.js";
import { encodePrompt, stopIds } from "../../formats/template/encode.js";
import type { Run } from "../../progress.js";
import type { Llm, ServingHost } from "../ports.js";

/** Answers drawn side by side; more would not be faster on a processor. */
const SEQUENCES = 4;
/** Room for rules, fragment and answer; a longer fragment is not asked about. */
const CONTEXT_TOKENS = 4096;
/** With less room than this no answer comes to its end. */
const LEAST_ROOM = 64;
/** Smaller models seldom write what a person would have said. */
const SMALL_PARAMETERS = 3e9;
const TOP_P = 0.95;

/**
 * A GGUF in this process as a language model: nothing leaves the machine. An answer that is to follow a schema is held
 * to it token by token, and goes on until it does, whatever `maxTokens` says.
 *
 * @param stage the stage word, for errors
 * @throws {MalformedInput} the file is broken
 * @throws {Unsupported} another architecture, or a vocabulary without a chat template that we know
 */
export async function openLocalLlm(
  host: ServingHost,
  path: string,
  stage: string,
  run: Run = {},
): Promise<Llm> {
  const { file, config, tensors } = await openGgufModel(path, stage);
  await file.close();
  const { tokenizer, template } = codecOfGguf(file.metadata, stage, file.name);
  const parameters = tensors.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  if (parameters < SMALL_PARAMETERS) {
    const millions = (parameters / 1e6).toFixed(parameters < 1e7 ? 1 : 0);
    run.say?.(
      `${stage} ${file.name}: ${millions} million parameters. What models under 3 billion write is valid, but seldom good; look at the result before you train on it.`,
    );
  }
  const contextTokens = Math.min(config.contextTokens, CONTEXT_TOKENS);
  const model = await host.load(path, { contextTokens, sequences: SEQUENCES }, run);
  const stops = stopIds(tokenizer, template);
  return {
    host: null,
    model: basename(path, extname(path)),
    sentBytes: 0,
    answer: async ({ system, user, temperature, maxTokens, seed, schema }, signal) => {
      const turns = [{ role: "user" as const, text: user, weight: 0 }];
      const prompt = encodePrompt(tokenizer, template, { system, turns });
      const room = contextTokens - prompt.length;
      if (room < LEAST_ROOM) return { failed: "refused" };
      const { ids, ended } = await model.generate(
        prompt,
        stops,
        {
          temperature,
          topP: TOP_P,
          repeatPenalty: 1,
          seed,
          ...(schema
            ? { grammar: await host.jsonGrammar(schema), maxTokens: room }
            : { maxTokens: Math.min(maxTokens, room) }),
        },
        signal ? { signal } : {},
      );
      signal?.throwIfAborted();
      return {
        text: tokenizer.decode(ids),
        whole: ended === "end",
        promptTokens: prompt.length,
        answerTokens: ids.length,
      };
    },
    close: () => model.close(),
  };
}

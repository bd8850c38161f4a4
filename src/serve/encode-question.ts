import { LimitExceeded, MalformedInput } from "../errors.js";
import type { Codec } from "../formats/template/codec.js";
import { asItBegins, encodePiece, renderPrompt } from "../formats/template/encode.js";
import { fitPrompt } from "../formats/template/fit-prompt.js";
import { toConversation } from "./conversation.js";
import type { Lease } from "./model-pool.js";
import type { Question } from "./question.js";
import { THINK_CLOSE, THINK_OPEN } from "./thoughts.js";

/**
 * The ids of a question, at most `limit` of them: of a conversation that is too long the oldest turns are left out.
 *
 * @throws {LimitExceeded} it does not fit all the same
 * @throws {MalformedInput} ids that are not the model's
 */
export function encodeQuestion(
  { model, codec, served }: Pick<Lease, "model" | "codec" | "served">,
  question: Question,
  limit: number,
  think: boolean | undefined,
): number[] {
  const ids = ((): number[] => {
    if ("text" in question) {
      return asItBegins(codec.tokenizer, codec.template, model.tokenize(question.text, true));
    }
    const messages = [...served.messages, ...question.messages];
    if ("context" in question) {
      checkIds(question.context, codec.tokenizer.vocabularySize);
      // A conversation that goes on was told all it is told, and begins with no mark of its own.
      const { turns, begun } = toConversation(question.messages, null);
      const { begin, assistant } = codec.template;
      const pieces = renderPrompt(codec.template, { system: null, turns: turns.map(unweighted) });
      const end = codec.tokenizer.specialId(assistant.after[0]!.text);
      const closing = question.context.includes(end, -assistant.after.length) ? [] : assistant.after;
      return [
        ...question.context,
        ...[...closing, ...pieces.slice(begin.length)].flatMap((piece) =>
          encodePiece(codec.tokenizer, piece),
        ),
        ...codec.tokenizer.encode(begun),
      ];
    }
    const { begun, ...history } = toConversation(messages, served.system);
    const rest = [...quiet(codec, served.tuned, think), ...codec.tokenizer.encode(begun)];
    return [...fitPrompt(codec, history, limit - rest.length, "serve"), ...rest];
  })();
  if (ids.length === 0) return [codec.tokenizer.bosId ?? codec.tokenizer.eosId ?? 0];
  if (ids.length <= limit) return ids;
  throw new LimitExceeded(
    `serve prompt: ${ids.length} tokens (at most ${limit} beside the answer). Send less, or raise num_ctx.`,
    { stage: "serve" },
  );
}

/** A thought that is over before it began: what keeps a stock model that thinks aloud from doing so. */
function quiet({ tokenizer }: Codec, tuned: boolean, think: boolean | undefined): number[] {
  if (tuned || think !== false || !tokenizer.hasSpecial(THINK_OPEN)) return [];
  const gap = tokenizer.encode("\n\n");
  return [tokenizer.specialId(THINK_OPEN), ...gap, tokenizer.specialId(THINK_CLOSE), ...gap];
}

function checkIds(ids: readonly number[], limit: number): void {
  const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= limit);
  if (wrong === undefined) return;
  const message = `serve context: ${wrong} is no token of this model (0 to ${limit - 1}). Send what an answer gave.`;
  throw new MalformedInput(message, { stage: "serve" });
}

function unweighted<Turn extends object>(turn: Turn): Turn & { weight: number } {
  return { ...turn, weight: 0 };
}

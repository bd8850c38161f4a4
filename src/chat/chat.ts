import { randomInt } from "node:crypto";
import type { LoadedModel } from "../engines/ports.js";
import type { Run } from "../progress.js";
import { bubbles } from "./bubbles.js";
import type { Codec } from "../formats/template/codec.js";
import type { History } from "../formats/template/fit-prompt.js";
import { replyTo } from "./reply.js";
import type { ChatSettings } from "./settings.js";

/** A conversation with a model, which remembers what was said. One reply at a time. */
export type Chat = {
  /**
   * Says something, and gives the reply bubble by bubble. What was given out before an abort is remembered as the
   * reply; after an error what was said is forgotten.
   *
   * @throws {LimitExceeded} the text is too long for the model's context
   */
  say(text: string, run?: Run): AsyncGenerator<string, void>;
  /** Forgets everything. */
  reset(): void;
  /** What was said, oldest first. */
  readonly turns: History["turns"];
};

const SEEDS = 2 ** 31;

/** Opens a conversation with a model. */
export function chat(model: LoadedModel, codec: Codec, settings: ChatSettings): Chat {
  const { system, seed, ...rest } = settings;
  let turns: History["turns"] = [];
  return {
    get turns() {
      return turns;
    },
    reset: () => {
      turns = [];
    },
    say: async function* (text, run = {}) {
      const before = turns;
      const said = withUser(before, text);
      const given: string[] = [];
      const sampling = { ...rest, seed: seed === -1 ? randomInt(SEEDS) : (seed + said.length) % SEEDS };
      turns = said;
      try {
        const history = { system: system === "" ? null : system, turns: said };
        for await (const bubble of bubbles(replyTo(model, codec, history, sampling, run))) {
          given.push(bubble);
          turns = [...said, { role: "assistant", text: given.join("\n") }];
          yield bubble;
        }
      } catch (error) {
        if (!run.signal?.aborted) turns = before;
        throw error;
      }
    },
  };
}

/** A second message before any reply joins the first, as in a dialogue. */
function withUser(turns: History["turns"], text: string): History["turns"] {
  const last = turns.at(-1);
  if (last?.role !== "user") return [...turns, { role: "user", text }];
  return [...turns.slice(0, -1), { role: "user", text: `${last.text}\n${text}` }];
}

import { MalformedInput } from "../errors.js";
import type { Run } from "../progress.js";
import { BATCH_PRICE, costText, type Tokens, usedOf } from "./cost.js";
import type { Estimate } from "./estimate.js";
import type { AugmentSettings } from "./settings.js";

/**
 * Asks the person before the first words leave this machine, with what would go where.
 *
 * @throws {MalformedInput} the answer is no, or nobody is there to answer
 */
export async function askToSend(
  host: string,
  { dialogues, bytes, ...tokens }: Estimate,
  run: Run,
  prices?: Pick<AugmentSettings, "batch" | "priceIn" | "priceOut">,
): Promise<void> {
  const [kilobytes, both] = [Math.ceil(bytes / 1000), tokens.promptTokens + tokens.answerTokens];
  const what = `Send ${dialogues} dialogues (${kilobytes} kB, about ${both} tokens there and back${prices ? priceText(tokens, prices) : ""}) to ${host}?`;
  const answer = await run.ask?.({
    what,
    candidates: [
      { answer: "no", evidence: "nothing is sent" },
      {
        answer: "yes",
        evidence: "private data in them is replaced by stand-ins unless you switched that off",
      },
    ],
  });
  if (answer === "yes") return;
  const next = answer === "no" ? "Choose --llm ollama or nobody" : `Allow it with --send-to ${host} or --yes`;
  throw new MalformedInput(`augment ${host}: nothing was sent, for nobody allowed it. ${next}.`, {
    stage: "augment",
  });
}

/** What it costs, in words to go on with: the cost where prices are told, and how batches count. */
export function priceText(
  tokens: Tokens,
  prices: Pick<AugmentSettings, "batch" | "priceIn" | "priceOut">,
): string {
  const batch = prices.batch ? `, in batches at ${100 * BATCH_PRICE} % of the price` : "";
  return `${batch}${costText(usedOf(tokens, prices.batch), prices)}`;
}

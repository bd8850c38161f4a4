import { MalformedInput } from "../errors.js";
import type { AugmentSettings } from "./settings.js";

/** What questions took, and what answers took. */
export type Tokens = { promptTokens: number; answerTokens: number };

/** Tokens, and how many of them went in batches. */
export type Used = Tokens & { batched: Tokens };

/**
 * The price of a token in a batch, of its price otherwise.
 *
 * @source the price lists of OpenAI's Batch API and of DashScope's batch calls: half
 */
export const BATCH_PRICE = 0.5;

type Prices = Pick<AugmentSettings, "priceIn" | "priceOut">;

/** What tokens cost, in the currency of the prices; 0 where no price is told. */
export function costOf({ batched, ...tokens }: Used, { priceIn, priceOut }: Prices): number {
  const priced = ({ promptTokens, answerTokens }: Tokens): number =>
    (promptTokens * priceIn + answerTokens * priceOut) / 1e6;
  return priced(tokens) - (1 - BATCH_PRICE) * priced(batched);
}

/** A cost as it goes on in a line for people, a comma first; empty where no price is told. */
export function costText(used: Used, prices: Prices): string {
  if (prices.priceIn === 0 && prices.priceOut === 0) return "";
  return `, cost ${costOf(used, prices).toFixed(4)}`;
}

type Budget = Pick<AugmentSettings, "budgetTokens" | "budgetCost"> & Prices;

/** Whether a limit is reached, so that nothing more is asked. */
export function isUsedUp(used: Used, { budgetTokens, budgetCost, ...prices }: Budget): boolean {
  const both = used.promptTokens + used.answerTokens;
  return (budgetTokens > 0 && both >= budgetTokens) || (budgetCost > 0 && costOf(used, prices) >= budgetCost);
}

/** Whether so much would be more than a limit allows. */
export function isPassed(used: Used, { budgetTokens, budgetCost, ...prices }: Budget): boolean {
  const both = used.promptTokens + used.answerTokens;
  return (budgetTokens > 0 && both > budgetTokens) || (budgetCost > 0 && costOf(used, prices) > budgetCost);
}

/** What tokens are where all of them go in batches, or none. */
export function usedOf({ promptTokens, answerTokens }: Tokens, batch: boolean): Used {
  const batched = batch ? { promptTokens, answerTokens } : { promptTokens: 0, answerTokens: 0 };
  return { promptTokens, answerTokens, batched };
}

/**
 * @throws {MalformedInput} a limit in money, but no price that it could be held with
 */
export function checkBudget({
  budgetCost,
  priceIn,
  priceOut,
}: Pick<AugmentSettings, "budgetCost"> & Prices): void {
  if (budgetCost === 0 || priceIn > 0 || priceOut > 0) return;
  throw new MalformedInput(
    "augment --budget-cost: no price is told, so that it could not be held. Add --price-in and --price-out.",
    { stage: "augment" },
  );
}

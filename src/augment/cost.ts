import { MalformedInput } from "../errors.js";
import type { AugmentSettings } from "./settings.js";

/** What questions took, and what answers took. */
export type Tokens = { promptTokens: number; answerTokens: number };

type Prices = Pick<AugmentSettings, "priceIn" | "priceOut">;

/** What tokens cost, in the currency of the prices; 0 where no price is told. */
export function costOf({ promptTokens, answerTokens }: Tokens, { priceIn, priceOut }: Prices): number {
  return (promptTokens * priceIn + answerTokens * priceOut) / 1e6;
}

/** A cost as it goes on in a line for people, a comma first; empty where no price is told. */
export function costText(tokens: Tokens, prices: Prices): string {
  if (prices.priceIn === 0 && prices.priceOut === 0) return "";
  return `, cost ${costOf(tokens, prices).toFixed(4)}`;
}

/** Whether a limit is reached, so that nothing more is asked. */
export function isUsedUp(
  tokens: Tokens,
  settings: Pick<AugmentSettings, "budgetTokens" | "budgetCost"> & Prices,
): boolean {
  const { budgetTokens, budgetCost } = settings;
  const both = tokens.promptTokens + tokens.answerTokens;
  return (
    (budgetTokens > 0 && both >= budgetTokens) || (budgetCost > 0 && costOf(tokens, settings) >= budgetCost)
  );
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

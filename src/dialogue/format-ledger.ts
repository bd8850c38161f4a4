import type { LedgerSums, LedgerSummary, RuleSummary } from "./summarise-ledger.js";

/** The summary for the terminal: the rules, each with its sentence and ids, then the sums. */
export function formatLedger({ rules, sums }: LedgerSummary): string {
  return [...rules.map(formatRule), formatSums(sums)].join("\n\n");
}

function formatRule({ rule, changed, messages, dialogues, examples, why, restore }: RuleSummary): string {
  const rows = rule === "frequent-reply" ? "replies" : "dialogues";
  const many = `${messages} ${messages === 1 ? "message" : "messages"}${dialogues === null ? "" : ` (${dialogues} ${rows})`}`;
  return [
    `${rule}: ${many} ${changed ? "changed" : "left out"}`,
    `  why      ${why}`,
    `  back     ${restore}`,
    `  such as  ${examples.join(" ")}`,
  ].join("\n");
}

/** `14 read = 10 used + 2 left out + 2 merged at import`; what is zero is left out, except what was used. */
function formatSums({ messages, used, removed, imported }: LedgerSums): string {
  const parts: [number, string][] = [
    [removed, "left out"],
    [imported?.merged ?? 0, "merged at import"],
    [imported?.notSampled ?? 0, "not in the sample"],
    [imported?.forgotten ?? 0, "forgotten"],
  ];
  const more = parts.filter(([count]) => count > 0).map(([count, what]) => ` + ${count} ${what}`);
  const whole = imported ? `${imported.read} read` : `${messages} imported`;
  return `${whole} = ${used} used${more.join("")}`;
}

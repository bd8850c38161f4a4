import type { Draft } from "../src/import/sources/source.js";

/**
 * Messages as a test can show them, one text each, such as `me 阿泽 text: 快了`; the first word says whether the owner
 * wrote it: `me`, `--`, or `??` where the format does not tell.
 */
export function said(messages: readonly Draft[]): string[] {
  return messages.map(({ owner, sender, kind, text }) => {
    const who = owner === null ? "??" : owner ? "me" : "--";
    return `${who} ${sender} ${kind}: ${text}`;
  });
}

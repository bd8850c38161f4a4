/** What becomes of private data: another of its form, a placeholder, the message left out, or nothing. */
export const POLICIES = ["stand-in", "mask", "drop", "off"] as const;

export type Policy = (typeof POLICIES)[number];

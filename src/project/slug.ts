import { createHash } from "node:crypto";

/**
 * A name as a folder or model name: lower-case ASCII letters, digits and dashes.
 *
 * A name without any, such as a Chinese one, becomes `person-` and 6 hex digits of its SHA-256.
 */
export function slug(name: string): string {
  const last = name.split(/[/\\]/).findLast((part) => part !== "") ?? "";
  const ascii = last
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return ascii || `person-${createHash("sha256").update(last).digest("hex").slice(0, 6)}`;
}

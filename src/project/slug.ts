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
  return ascii || `person-${digits(last)}`;
}

/** A slug; where it belongs to another name already, with 6 hex digits of this name's SHA-256 after it. */
export function slugBeside(plain: string, name: string, isTaken: (slug: string) => boolean): string {
  return isTaken(plain) ? `${plain}-${digits(name)}` : plain;
}

function digits(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 6);
}

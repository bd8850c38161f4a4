import { basename } from "node:path";
import { slug } from "./slug.js";

/** From such a beginning clients guess that a model uses tools or sees pictures. */
const GUESSED = /^(qwen|llama|deepseek|mistral|gemma|phi|gpt|llava|smollm)/;

/**
 * What a person's models are called, in ASCII: `aze` for `aze-f16` and `aze-q4`. By their name, or else by the
 * project's folder.
 */
export function modelSlug(owner: string | null, project: string): string {
  const ofFolder = slug(basename(project));
  const ofOwner = owner === null ? "" : slug(owner);
  // A name without ASCII letters would be a number; the folder may have been named by hand.
  const chosen = ofOwner === "" || ofOwner.startsWith("person-") ? ofFolder : ofOwner;
  return GUESSED.test(chosen) ? `kouwen-${chosen}` : chosen;
}

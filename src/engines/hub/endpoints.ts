import { MalformedInput } from "../../errors.js";
import type { Endpoint } from "./patient-fetch.js";

const HUGGING_FACE = "https://huggingface.co";
/** Serves the same files where Hugging Face cannot be reached. */
const MIRROR = "https://hf-mirror.com";

/**
 * The hubs to ask, in order, by the environment variables of Hugging Face's own tools: `HF_ENDPOINT` takes the place of
 * both, `HF_TOKEN` goes to Hugging Face or to that endpoint and never to the mirror, `HF_HUB_OFFLINE` leaves none.
 *
 * @throws {MalformedInput} `HF_ENDPOINT` is not an http address
 */
export function hubEndpoints(env: NodeJS.ProcessEnv): Endpoint[] {
  if (isOffline(env)) return [];
  const token = env["HF_TOKEN"]?.trim();
  const chosen = env["HF_ENDPOINT"]?.trim().replace(/\/+$/, "");
  if (!chosen) return [{ url: HUGGING_FACE, token }, { url: MIRROR }];
  if (!/^https?:\/\//.test(chosen) || !URL.canParse(chosen)) {
    throw new MalformedInput(
      `base HF_ENDPOINT: not an http address. Set it to one such as ${MIRROR}, or leave it out.`,
      { stage: "base" },
    );
  }
  return [{ url: chosen, token }];
}

/** Whether the person wants no hub to be asked. */
export function isOffline(env: NodeJS.ProcessEnv): boolean {
  return ["1", "ON", "YES", "TRUE"].includes(env["HF_HUB_OFFLINE"]?.toUpperCase() ?? "");
}

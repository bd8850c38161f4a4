import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MalformedInput } from "../../errors.js";
import type { Endpoint } from "./patient-fetch.js";
import { expandUser, userFolder } from "./user-folder.js";

const HUGGING_FACE = "https://huggingface.co";
/** Serves the same files where Hugging Face cannot be reached. */
const MIRROR = "https://hf-mirror.com";
const MODELSCOPE = "https://modelscope.cn";

/** The hubs by the names that `KOUWEN_HUBS` takes, in the order in which they are asked unless it is set. */
export const HUBS = ["huggingface", "hf-mirror", "modelscope"] as const;

/**
 * The hubs to ask, in order: those of `KOUWEN_HUBS` (names of `HUBS` between commas), or all. The variables of the hubs'
 * own tools hold: `HF_ENDPOINT` takes the place of Hugging Face, and of all hubs unless `KOUWEN_HUBS` is set;
 * `MODELSCOPE_DOMAIN` takes the place of ModelScope; `HF_HUB_OFFLINE` leaves none. Tokens go to the hub that gave them
 * out, never to the mirror.
 *
 * @throws {MalformedInput} `HF_ENDPOINT` or `MODELSCOPE_DOMAIN` is not an http address, or `KOUWEN_HUBS` names another hub
 */
export function hubEndpoints(env: NodeJS.ProcessEnv): Endpoint[] {
  if (isOffline(env)) return [];
  const chosen = env["HF_ENDPOINT"]?.trim();
  const wanted = env["KOUWEN_HUBS"]?.trim();
  const names = wanted ? wanted.split(",").map((name) => name.trim()) : chosen ? ["huggingface"] : HUBS;
  return names.map((name): Endpoint => {
    switch (name) {
      case "huggingface":
        return {
          kind: name,
          url: address(chosen || HUGGING_FACE, "HF_ENDPOINT"),
          token: huggingFaceToken(env),
        };
      case "hf-mirror":
        return { kind: "huggingface", url: MIRROR };
      case "modelscope": {
        const domain = env["MODELSCOPE_DOMAIN"]?.trim() || MODELSCOPE;
        const url = address(domain.includes("://") ? domain : `https://${domain}`, "MODELSCOPE_DOMAIN");
        return { kind: name, url, token: env["MODELSCOPE_API_TOKEN"]?.trim() || undefined };
      }
      default:
        throw new MalformedInput(
          `base KOUWEN_HUBS: "${name.slice(0, 40)}" is not ${HUBS.join(", ")}. Name these, with commas between.`,
          { stage: "base" },
        );
    }
  });
}

/** Whether the person wants no hub to be asked. */
export function isOffline(env: NodeJS.ProcessEnv): boolean {
  return isSet(env, "HF_HUB_OFFLINE");
}

/** Whether a switch of Hugging Face's tools is on. */
export function isSet(env: NodeJS.ProcessEnv, name: string): boolean {
  return ["1", "ON", "YES", "TRUE"].includes(env[name]?.toUpperCase() ?? "");
}

/** Where Hugging Face's own tools keep what they keep: `HF_HOME`, or its place in the user's cache. */
export function huggingFaceHome(env: NodeJS.ProcessEnv): string {
  const caches = env["XDG_CACHE_HOME"] || join(userFolder(env), ".cache");
  return env["HF_HOME"] ? expandUser(env["HF_HOME"], env) : join(caches, "huggingface");
}

/** The token of the variables, else of the file in which a login leaves it. */
function huggingFaceToken(env: NodeJS.ProcessEnv): string | undefined {
  const given = env["HF_TOKEN"]?.trim() || env["HUGGING_FACE_HUB_TOKEN"]?.trim();
  if (given) return given;
  try {
    const chosen = env["HF_TOKEN_PATH"];
    const path = chosen ? expandUser(chosen, env) : join(huggingFaceHome(env), "token");
    return readFileSync(path, "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}

function address(text: string, variable: string): string {
  const url = text.replace(/\/+$/, "");
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return url;
  const example = variable === "HF_ENDPOINT" ? MIRROR : MODELSCOPE;
  throw new MalformedInput(
    `base ${variable}: not an http address. Set it to one such as ${example}, or leave it out.`,
    { stage: "base" },
  );
}

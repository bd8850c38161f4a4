import { findEnvironment } from "../engines/llama-factory/environment.js";
import { LOCAL, resolveEndpoint } from "../engines/llm-api/endpoints.js";
import { MalformedInput } from "../errors.js";
import { augmentSettings } from "../augment/settings.js";
import { trainStageSettings } from "../train/engine-settings.js";
import { factoryPlace } from "./engines.js";

/** Settings by stage. */
type Settings = Record<string, Record<string, unknown>>;

/** Settings that go together under a name, as if each had been given with `--set`. */
export type Recipe = { base: string; settings: Settings; next: string };

/** The recipes; what else a call says has the last word. */
const RECIPES: Readonly<Record<string, Recipe>> = {
  // As this was done by hand before: an API completes and edits, LLaMA-Factory trains, Ollama answers.
  classic: {
    base: "deepseek-r1:1.5b",
    settings: {
      augment: { llm: "dashscope", mode: "rewrite" },
      train: { engine: "llamafactory", preset: "recommended" },
    },
    next: "kouwen serve --ollama",
  },
};

/**
 * The recipe of a name.
 *
 * @throws {MalformedInput} there is none
 */
export function recipeNamed(name: string): Recipe {
  if (Object.hasOwn(RECIPES, name)) return RECIPES[name]!;
  const known = Object.keys(RECIPES).join(", ");
  throw new MalformedInput(`run --recipe: there is no recipe "${name.slice(0, 40)}" (known: ${known}).`, {
    stage: "run",
  });
}

/** A recipe's settings under those of a call, key by key. */
export function mixSettings(under: Settings, over: Settings): Settings {
  const stages = new Set([...Object.keys(under), ...Object.keys(over)]);
  return Object.fromEntries([...stages].map((stage) => [stage, { ...under[stage], ...over[stage] }]));
}

/**
 * Sees that what a recipe's stages need is there, before anything long is begun.
 *
 * @throws {Unavailable} LLaMA-Factory is not installed, or the variable with a service's key is not set
 * @throws {MalformedInput} a service's address or model is missing
 */
export async function requireIngredients(settings: Settings): Promise<void> {
  // What these say is checked by the stages; here they only have their defaults filled in.
  const augment = augmentSettings.safeParse(settings["augment"] ?? {});
  const train = trainStageSettings.safeParse(settings["train"] ?? {});
  if (augment.data && augment.data.llm !== "" && augment.data.llm !== LOCAL) {
    resolveEndpoint(augment.data, process.env, "augment");
  }
  if (train.data?.engine === "llamafactory") {
    const { plug, home, env } = factoryPlace();
    await findEnvironment(plug, home, env);
  }
}

import type { ServedModel } from "../../serve/served-model.js";
import type { ModelFacts } from "./model-facts.js";

/** What a model can do, by Ollama's names. One that was tuned never thinks aloud, whatever its vocabulary has. */
export function capabilities({ tuned }: ServedModel, { hasThinkTags }: ModelFacts): string[] {
  return ["completion", ...(hasThinkTags && !tuned ? ["thinking"] : [])];
}
